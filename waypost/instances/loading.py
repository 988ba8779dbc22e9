"""Reading an instance for a decision: one query brings the state, its version, the people around
it, the caller's visit, a kept answer, and the database's clock, so that machines need not agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from waypost.engine.definition import Workflow
from waypost.engine.errors import UnknownFormat
from waypost.engine.instance import FORMAT, READER
from waypost.engine.instance import Instance as State
from waypost.instances.answers import KEPT_COLUMNS, PLAIN_CALL, ApiCall, Kept, read_kept
from waypost.instances.detail import InstanceDetail, InstanceRow
from waypost.instances.sight import IN_OPENED_FOLDER, IS_PRIVATE
from waypost.instances.sql import Parameter, Row, Statement, array
from waypost.people.actor import Actor
from waypost.people.permissions import Circle, is_one_of
from waypost.workflows.queries import load_version

#: The columns of InstanceRow, in its order, from `instance i` and `workflow w`.
ROW_COLUMNS = f"""i.id, i.uid, i.workspace_id, i.workflow_id, i.version_id, i.name, i.status,
  i.priority, i.tags::text, i.step_assignments::text, i.progress, i.stage,
  {IS_PRIVATE}, i.starter_id, i.lead_id, w.lead_id, w.tech_lead_id, i.start_kind,
  i.deadline_at, i.started_at, i.updated_at, i.completed_at, i.aborted_at, i.parent_id,
  i.parent_step_id, i.parent_visit, i.depth"""
ROW_WIDTH = 27
_PLAIN_WIDTH = ROW_WIDTH + 6
LARGEST_ID = 2**63 - 1

_KEPT = """
LEFT JOIN idempotency k
  ON k.workspace_id = i.workspace_id AND k.caller = :caller::text AND k.key = :key::text
LEFT JOIN LATERAL (
  SELECT p.parent_id, p.parent_step_id, p.parent_visit, EXISTS (
    SELECT FROM open_step o JOIN step_identity si ON si.id = o.step_id
    WHERE o.instance_id = p.id AND si.key = :origin_step AND o.visit = :origin_visit::int
      AND o.kind = 'call') AS is_open
  FROM instance p WHERE p.uid = :origin_uid::uuid AND p.workspace_id = i.workspace_id
) c ON true"""


def _load_sql(columns: str, joined: str) -> str:
    return f"""
SELECT {ROW_COLUMNS}, s.version, s.format, s.state::text, s.last_hash, clock_timestamp(),
  (SELECT json_object_agg(o.step_id, o.assignee_id) FROM open_step o
    WHERE o.instance_id = i.id AND o.kind = 'person')::text{columns}
FROM instance i
JOIN instance_state s ON s.instance_id = i.id
JOIN workflow w ON w.id = i.workflow_id{joined}
WHERE i.id = :instance_id::bigint AND i.deleted_at IS NULL
  AND (:workspace_id::bigint IS NULL OR i.workspace_id = :workspace_id::bigint)"""  # noqa: S608


_PLAIN = Statement(_load_sql("", ""))
# Asked only where the call says whose visit it comes from, or under which key: every table of a
# statement costs a lock, read or not.
_CALLED = Statement(
    _load_sql(
        f",\n  {KEPT_COLUMNS},\n  c.is_open, c.parent_id, c.parent_step_id, c.parent_visit", _KEPT
    )
)
_LINKS = Statement("""
SELECT l.step_id, l.generation, l.expires_at FROM step_link l
WHERE l.instance_id = :instance_id::bigint""")
_INVOLVED = Statement(f"""
SELECT 1 WHERE EXISTS (
  SELECT FROM event e
  WHERE e.instance_id = :instance_id::bigint AND e.actor_id = :viewer_id::bigint)
OR (NOT :is_light::boolean AND EXISTS (
  SELECT FROM instance i JOIN workflow w ON w.id = i.workflow_id
  WHERE i.id = :instance_id::bigint AND {IN_OPENED_FOLDER}))""")  # noqa: S608
# A statement of its own: a load that waited for the lock would see the state as it is then, but the
# open steps and the kept answer as they were before the wait.
_LOCK = Statement("""
SELECT FROM instance_state WHERE instance_id = :instance_id::bigint FOR UPDATE""")

_CIRCLES = Statement(f"""
SELECT i.id, {IS_PRIVATE}, i.starter_id, i.lead_id, w.lead_id, w.tech_lead_id,
  EXISTS (SELECT FROM open_step o
    WHERE o.instance_id = i.id AND o.assignee_id = ANY (:principals::bigint[])),
  {IN_OPENED_FOLDER}
FROM instance i JOIN workflow w ON w.id = i.workflow_id
WHERE i.id = ANY (:ids::bigint[]) AND i.workspace_id = :workspace_id::bigint
  AND i.deleted_at IS NULL""")  # noqa: S608


@dataclass(frozen=True, slots=True)
class CallerVisit:
    """The visit that a call to ourselves came from, and the visit that created its instance."""

    is_open: bool
    parent_id: int | None
    parent_step_id: int | None
    parent_visit: int | None


@dataclass(frozen=True, slots=True)
class LinkRule:
    """What is stored about a step's public link; most have nothing stored."""

    generation: int = 0
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """An instance as it was at `now`. `assignees` go by step id."""

    row: InstanceRow
    workflow: Workflow
    state: State
    version: int
    last_hash: bytes
    now: datetime
    assignees: dict[int, int | None]
    was_involved: bool
    kept: Kept | None
    caller: CallerVisit | None

    @property
    def detail(self) -> InstanceDetail:
        """What pages and the API read of it."""
        return InstanceDetail(self.row, self.workflow, self.state, self.version)

    def circle(self, actor: Actor) -> Circle:
        """The people around it, as permissions ask for them."""
        row = self.row
        return Circle(
            workflow_lead_id=row.workflow_lead_id,
            tech_lead_id=row.tech_lead_id,
            instance_lead_id=row.lead_id,
            starter_id=row.starter_id,
            is_private=row.is_private,
            is_involved=self.was_involved or is_one_of(actor, *self.assignees.values()),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which instance is asked for, by whom, and how the call came."""

    instance_id: int
    workspace_id: int | None = None
    viewer_id: int | None = None
    is_light: bool = False
    principal_ids: frozenset[int] = frozenset()
    caller: str = ""
    call: ApiCall = PLAIN_CALL


def wanted_by(actor: Actor, instance_id: int, call: ApiCall = PLAIN_CALL) -> Wanted:
    """The instance as this actor asks for it."""
    return Wanted(
        instance_id,
        actor.workspace_id,
        actor.principal_id,
        actor.is_light,
        actor.principal_ids,
        actor.caller,
        call,
    )


def lock(instance_id: int) -> None:
    """Let nobody else change the instance until the transaction around this ends."""
    _LOCK.rows(instance_id=instance_id)


def load(wanted: Wanted) -> Loaded | None:
    """The instance now; None when there is none."""
    if not 0 < wanted.instance_id <= LARGEST_ID:
        return None
    place: dict[str, Parameter] = {
        "instance_id": wanted.instance_id,
        "workspace_id": wanted.workspace_id,
    }
    is_called = wanted.call != PLAIN_CALL
    row = _CALLED.row(**place, **_call_parameters(wanted)) if is_called else _PLAIN.row(**place)
    return None if row is None else _loaded(wanted, row)


def _call_parameters(wanted: Wanted) -> dict[str, Parameter]:
    origin, idempotent = wanted.call.origin, wanted.call.idempotent
    return {
        "caller": wanted.caller,
        "key": None if idempotent is None else idempotent.key,
        "origin_uid": None if origin is None else str(origin.uid),
        "origin_step": None if origin is None else origin.step,
        "origin_visit": None if origin is None else origin.visit,
    }


def circles_of(actor: Actor, instance_ids: Iterable[int]) -> dict[int, Circle]:
    """The people around several instances of the actor's workspace, by id."""
    rows = _CIRCLES.rows(
        ids=array(one for one in instance_ids if 0 < one <= LARGEST_ID),
        principals=array(actor.principal_ids),
        workspace_id=actor.workspace_id,
    )
    return {
        row[0]: Circle(
            is_private=row[1],
            starter_id=row[2],
            instance_lead_id=row[3],
            workflow_lead_id=row[4],
            tech_lead_id=row[5],
            is_involved=row[6] or (row[7] and not actor.is_light),
        )
        for row in rows
    }


def read_row(columns: Row) -> InstanceRow:
    """The columns of ROW_COLUMNS as a value."""
    (id_, uid, workspace_id, workflow_id, version_id, name, status, priority, tags, assignments) = (
        columns[:10]
    )
    chosen: dict[str, int] = msgspec.json.decode(assignments)
    return InstanceRow(
        id=id_,
        uid=uid if isinstance(uid, UUID) else UUID(uid),
        workspace_id=workspace_id,
        workflow_id=workflow_id,
        version_id=version_id,
        name=name,
        status=status,
        priority=priority,
        tags=tuple(msgspec.json.decode(tags)),
        step_assignments={int(step_id): principal for step_id, principal in chosen.items()},
        progress=columns[10],
        stage=columns[11],
        is_private=columns[12],
        starter_id=columns[13],
        lead_id=columns[14],
        workflow_lead_id=columns[15],
        tech_lead_id=columns[16],
        start_kind=columns[17],
        deadline_at=columns[18],
        started_at=columns[19],
        updated_at=columns[20],
        completed_at=columns[21],
        aborted_at=columns[22],
        parent_id=columns[23],
        parent_step_id=columns[24],
        parent_visit=columns[25],
        depth=columns[26],
    )


def read_state(text: str, form: int) -> State:
    """A stored state; raises UnknownFormat for one that a newer release wrote."""
    if form > FORMAT:
        raise UnknownFormat(
            f"This state has format {form}, and this release knows {FORMAT}. "
            "Update this process to the newer release."
        )
    return READER.decode(text)


def links_of(instance_id: int) -> dict[int, LinkRule]:
    """What is stored about an instance's links, by step id."""
    rows = _LINKS.rows(instance_id=instance_id)
    return {step_id: LinkRule(generation, expires_at) for step_id, generation, expires_at in rows}


def read_links(text: str | None) -> dict[int, LinkRule]:
    """What is stored about an instance's links, by step id."""
    if text is None:
        return {}
    found = msgspec.json.decode(text, type=dict[int, tuple[int, datetime | None]])
    return {step_id: LinkRule(*rule) for step_id, rule in found.items()}


def _loaded(wanted: Wanted, columns: Row) -> Loaded:
    version, form, state, last_hash, now, assignees = columns[ROW_WIDTH:_PLAIN_WIDTH]
    row = read_row(columns)
    kept, caller = columns[_PLAIN_WIDTH : _PLAIN_WIDTH + 4], columns[_PLAIN_WIDTH + 4 :]
    return Loaded(
        row=row,
        workflow=load_version(row.version_id),
        state=read_state(state, form),
        version=version,
        last_hash=bytes(last_hash),
        now=now,
        assignees=_by_step(assignees),
        was_involved=_was_involved(wanted, row),
        kept=read_kept(kept) if kept else None,
        caller=CallerVisit(*caller) if caller and caller[0] is not None else None,
    )


def _was_involved(wanted: Wanted, row: InstanceRow) -> bool:
    """Whether the viewer did something in it, or may open the private folder of its workflow: asked
    only where it decides what they may see.
    """
    if wanted.viewer_id is None or not (wanted.is_light or row.is_private):
        return False
    found = _INVOLVED.row(
        instance_id=row.id,
        viewer_id=wanted.viewer_id,
        is_light=str(wanted.is_light),
        principals=array(wanted.principal_ids),
    )
    return found is not None


def _by_step(text: str | None) -> dict[int, int | None]:
    return {} if text is None else msgspec.json.decode(text, type=dict[int, int | None])
