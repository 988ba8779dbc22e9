"""One instance and what belongs to it, for pages and the API; a constant number of queries each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from waypost.engine.errors import Refusal
from waypost.engine.events import Event
from waypost.engine.json_value import JSON
from waypost.instances.changing import NOT_FOUND
from waypost.instances.detail import InstanceDetail, InstanceRow
from waypost.instances.history import read_event
from waypost.instances.loading import ROW_COLUMNS, Loaded, load, read_row, read_state, wanted_by
from waypost.instances.sight import SIGHT, sight_parameters
from waypost.instances.sql import Row, Statement, array
from waypost.people.actor import Actor
from waypost.people.permissions import may_view, may_view_exchanges
from waypost.workflows.queries import load_version

_EVENTS = Statement("""
SELECT e.seq, e.at, e.payload::text, e.personal::text, e.step_id, e.visit, e.actor_id,
  COALESCE(p.name, ''), e.origin
FROM event e LEFT JOIN principal p ON p.id = e.actor_id
WHERE e.instance_id = :instance_id::bigint AND e.workspace_id = :workspace_id::bigint
ORDER BY e.seq""")

_EXCHANGES = Statement("""
SELECT x.id, x.at, x.step_id, x.visit, x.attempt, x.is_late, x.method, x.url, x.answered_by,
  x.status, x.failure, x.duration_ms, x.request::text, x.response::text
FROM exchange x
WHERE x.instance_id = :instance_id::bigint AND x.workspace_id = :workspace_id::bigint
ORDER BY x.id""")

_CHILDREN = Statement(f"""
SELECT {ROW_COLUMNS}
FROM instance i JOIN workflow w ON w.id = i.workflow_id
WHERE i.parent_id = :parent_id::bigint AND i.workspace_id = :workspace_id::bigint
  AND i.deleted_at IS NULL AND {SIGHT}
ORDER BY i.id""")  # noqa: S608

_STATES = Statement("""
SELECT s.instance_id, s.version, s.format, s.state::text FROM instance_state s
WHERE s.instance_id = ANY (:ids::bigint[])""")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEvent:
    """One line of the history. `actor_name` is "" where nobody did it."""

    seq: int
    at: datetime
    event: Event
    step_id: int | None
    visit: int | None
    actor_id: int | None
    actor_name: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedExchange:
    """One try of a call, redacted. `request` and `response` hold headers and body as stored."""

    id: int
    at: datetime
    step_id: int
    visit: int
    attempt: int
    is_late: bool
    method: str
    url: str
    answered_by: str
    status: int | None
    failure: str
    duration_ms: int
    request: dict[str, JSON]
    response: dict[str, JSON] | None


@dataclass(frozen=True, slots=True)
class InstanceLog:
    """History, oldest first. `exchanges` is None for those who may not read them."""

    events: tuple[LoggedEvent, ...]
    exchanges: tuple[LoggedExchange, ...] | None


def load_instance(actor: Actor, instance_id: int) -> InstanceDetail | Refusal:
    """An instance whole, if the actor may see it."""
    loaded = _seen(actor, instance_id)
    return loaded if isinstance(loaded, Refusal) else loaded.detail


def details_of(rows: Sequence[InstanceRow]) -> tuple[InstanceDetail, ...]:
    """The instances of a list whole, in its order; the list has checked who may see them."""
    found = {row[0]: row[1:] for row in _STATES.rows(ids=array(row.id for row in rows))}
    return tuple(
        InstanceDetail(row, load_version(row.version_id), read_state(state, form), version)
        for row in rows
        for version, form, state in (found[row.id],)
    )


def instance_log(actor: Actor, instance_id: int) -> InstanceLog | Refusal:
    """What happened to an instance, and every call it made."""
    loaded = _seen(actor, instance_id)
    if isinstance(loaded, Refusal):
        return loaded
    place = {"instance_id": instance_id, "workspace_id": actor.workspace_id}
    events = tuple(_event(row) for row in _EVENTS.rows(**place))
    if not may_view_exchanges(actor, loaded.circle(actor)):
        return InstanceLog(events, None)
    return InstanceLog(events, tuple(_exchange(row) for row in _EXCHANGES.rows(**place)))


def children(actor: Actor, instance_id: int) -> tuple[InstanceRow, ...]:
    """The instances that this one's calls created and that the actor may see, oldest first."""
    rows = _CHILDREN.rows(parent_id=instance_id, **sight_parameters(actor))
    return tuple(read_row(row) for row in rows)


def _seen(actor: Actor, instance_id: int) -> Loaded | Refusal:
    loaded = load(wanted_by(actor, instance_id))
    if loaded is None or not may_view(actor, loaded.circle(actor)):
        return NOT_FOUND
    return loaded


def _event(row: Row) -> LoggedEvent:
    seq, at, payload, personal, step_id, visit, actor_id, actor_name, origin = row
    return LoggedEvent(
        seq=seq,
        at=at,
        event=read_event(payload, personal),
        step_id=step_id,
        visit=visit,
        actor_id=actor_id,
        actor_name=actor_name,
        origin=origin,
    )


def _exchange(row: Row) -> LoggedExchange:
    request, response = row[12:]
    return LoggedExchange(
        id=row[0],
        at=row[1],
        step_id=row[2],
        visit=row[3],
        attempt=row[4],
        is_late=row[5],
        method=row[6],
        url=row[7],
        answered_by=row[8],
        status=row[9],
        failure=row[10],
        duration_ms=row[11],
        request=msgspec.json.decode(request),
        response=None if response is None else msgspec.json.decode(response),
    )
