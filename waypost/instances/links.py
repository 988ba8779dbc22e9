"""Public links of steps for people without an account: derived, never stored.

A token is base64url of instance id, step id and 18 bytes of HMAC-SHA256 over the instance's uid,
the step and its link's generation. A `step_link` row exists only to revoke a link (its generation
rises) or to let it expire. The newest link key makes tokens; every key of the ring accepts them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.conf import settings

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.instance import ENDED, Status
from waypost.engine.step_types import AnyStep
from waypost.instances.detail import InstanceDetail
from waypost.instances.loading import LinkRule, Loaded, Wanted, links_of, load

_PURPOSE = b"waypost step link 1\0"
_MAC_BYTES = 18
_NOTHING = LinkRule()
_UNKNOWN = Refusal(
    "not_found",
    "This link leads nowhere. Open it exactly as it was sent to you, or ask for a new one.",
)


@dataclass(frozen=True, slots=True)
class LinkedStep:
    """What stands behind a link.

    `early`: not reached yet, or it starts later; `active`: to be filled in; `done`: completed, what
    was sent may be shown; `gone`: the instance has ended, or the link was revoked or expired.
    """

    state: Literal["early", "active", "done", "gone"]
    instance: InstanceDetail
    step: AnyStep
    visit: int


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Where a token claims to lead."""

    instance_id: int
    step_id: int
    mac: bytes


def step_from_link(token: str) -> LinkedStep | Refusal:
    """The step a link leads to; `not_found` for anything that is no valid link. Changes nothing."""
    target = read_token(token)
    loaded = None if target is None else load(Wanted(target.instance_id))
    if target is None or loaded is None:
        return _UNKNOWN
    return linked_step(target, loaded)


def linked_step(target: LinkTarget, loaded: Loaded) -> LinkedStep | Refusal:
    """The step behind a token, on the instance it names."""
    step = loaded.workflow.step_by_id.get(target.step_id)
    rule = links_of(loaded.row.id).get(target.step_id, _NOTHING)
    if step is None or not step.is_external or not _is_genuine(target, loaded.row.uid, rule):
        return _UNKNOWN
    run = loaded.state.run(step.key)
    is_expired = rule.expires_at is not None and rule.expires_at <= loaded.now
    if is_expired or loaded.row.status != "running":
        return LinkedStep("gone", loaded.detail, step, run.visit)
    if run.status in ENDED:
        return LinkedStep("done", loaded.detail, step, run.visit)
    state: Literal["early", "active"] = "active" if run.status is Status.ACTIVE else "early"
    return LinkedStep(state, loaded.detail, step, run.visit)


def link_path(instance: InstanceDetail, step: AnyStep, generation: int = 0) -> str:
    """The path of a step's public page, `/s/<token>`."""
    return f"/s/{make_token(instance.row.uid, instance.id, step.id, generation)}"


def link_base() -> str:
    """What stands before the token in a public link."""
    return f"{settings.PUBLIC_URL}/s/"


def tokens_by_step(
    uid: UUID, instance_id: int, workflow: Workflow, links: Mapping[int, LinkRule]
) -> dict[str, str]:
    """The tokens of every step for external people, by step key."""
    return {
        step.key: make_token(uid, instance_id, step.id, links.get(step.id, _NOTHING).generation)
        for step in workflow.steps
        if step.is_external
    }


def make_token(uid: UUID, instance_id: int, step_id: int, generation: int) -> str:
    """The secret part of a link, made with the newest key."""
    mac = _mac(settings.LINK_KEYS[0], uid, step_id, generation)
    return _encoded(_number(instance_id) + _number(step_id) + mac)


def read_token(token: str) -> LinkTarget | None:
    """Where a token claims to lead; None when it is none."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        instance_id, rest = _read_number(raw)
        step_id, mac = _read_number(rest)
    except (binascii.Error, ValueError):
        return None
    if len(mac) != _MAC_BYTES or _encoded(raw) != token:
        return None
    return LinkTarget(instance_id, step_id, mac)


def _is_genuine(target: LinkTarget, uid: UUID, rule: LinkRule) -> bool:
    macs = [_mac(key, uid, target.step_id, rule.generation) for key in settings.LINK_KEYS]
    return any([hmac.compare_digest(target.mac, mac) for mac in macs])


def _mac(key: str, uid: UUID, step_id: int, generation: int) -> bytes:
    message = _PURPOSE + uid.bytes + f"{step_id}:{generation}".encode()
    return hmac.new(key.encode(), message, hashlib.sha256).digest()[:_MAC_BYTES]


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _number(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the high bit says that more follow (LEB128)."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def _read_number(raw: bytes) -> tuple[int, bytes]:
    """The number at the start, and the rest; raises ValueError."""
    number = 0
    for place, byte in enumerate(raw[:9]):
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return number, raw[place + 1 :]
    raise ValueError("no number at the start")
