"""Events as rows: what is kept, what can be erased, and the chain of hashes over both."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from waypost.engine.definition import Workflow
from waypost.engine.events import Event
from waypost.engine.instance import Instance
from waypost.engine.json_value import JSON
from waypost.instances.sql import json_text

#: Number of the stored form; a second one will need what lifts this one on load.
FORMAT = 1
#: What the hash of an instance's first event follows.
FIRST_HASH = hashlib.sha256(b"waypost history 1").digest()
_SALT = "salt"


@dataclass(frozen=True, slots=True)
class EventLine:
    """One row of `event`, but for the columns that all events of a change share.

    `personal` holds the erasable attributes and the salt of their digest: erased together, they
    leave a digest that nobody can guess them from.
    """

    seq: int
    kind: str
    step_id: int | None
    visit: int | None
    duration_ms: int | None
    payload: str
    personal: str | None
    personal_digest: bytes | None
    hash: bytes


@dataclass(frozen=True, slots=True)
class Before:
    """The instance, the number of its last event and the hash of it."""

    state: Instance
    version: int
    last_hash: bytes


def event_lines(
    workflow: Workflow, before: Before, events: Iterable[Event], at: datetime
) -> list[EventLine]:
    """The rows of these events, each chained to the one before."""
    lines: list[EventLine] = []
    last_hash = before.last_hash
    for seq, event in enumerate(events, before.version + 1):
        payload, personal = _split(event)
        digest = None if personal is None else hashlib.sha256(personal.encode()).digest()
        last_hash = next_hash(last_hash, payload, digest)
        key: str | None = getattr(event, "step", None)
        lines.append(
            EventLine(
                seq=seq,
                kind=event.__struct_config__.tag,  # type: ignore[arg-type]
                step_id=None if key is None else workflow.step_by_key[key].id,
                visit=getattr(event, "visit", None),
                duration_ms=None if key is None else _duration(before.state, key, at),
                payload=payload,
                personal=personal,
                personal_digest=digest,
                hash=last_hash,
            )
        )
    return lines


def next_hash(last_hash: bytes, payload: str, personal_digest: bytes | None) -> bytes:
    """The hash of an event: the one before, its payload, and the digest of its personal part."""
    return hashlib.sha256(last_hash + payload.encode() + (personal_digest or b"")).digest()


def read_event(payload: str, personal: str | None) -> Event:
    """The event of a row; erased attributes come back empty."""
    attributes: dict[str, JSON] = msgspec.json.decode(payload)
    if personal is not None:
        attributes |= msgspec.json.decode(personal)
    attributes.pop(_SALT, None)
    event: Event = msgspec.convert(attributes, Event)
    return event


def canonical(text: str) -> str:
    """JSON as it was hashed, from the text the database gives back."""
    return json_text(msgspec.json.decode(text))


def _split(event: Event) -> tuple[str, str | None]:
    attributes: dict[str, JSON] = msgspec.to_builtins(event)
    personal = {name: attributes.pop(name) for name in event.personal if name in attributes}
    if not personal:
        return json_text(attributes), None
    return json_text(attributes), json_text(personal | {_SALT: secrets.token_hex(8)})


def _duration(state: Instance, key: str, at: datetime) -> int | None:
    since = state.run(key).activated_at
    return None if since is None else round((at - since).total_seconds() * 1000)
