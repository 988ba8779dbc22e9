"""Starting an instance: the first change, with the row, its place in the family and its name."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError

from waypost.engine.commands import Start
from waypost.engine.decide import Decision, decide
from waypost.engine.errors import EngineError, Refusal
from waypost.engine.instance import NEW
from waypost.engine.json_value import clean_text
from waypost.engine.naming import instance_name
from waypost.engine.references import Context
from waypost.instances.answers import (
    KEPT_COLUMNS,
    ApiCall,
    Kept,
    Replayed,
    read_kept,
    replay,
)
from waypost.instances.assignees import assignee_of, assignment_fault
from waypost.instances.changing import Done, kept_answer
from waypost.instances.detail import InstanceDetail, InstanceRow
from waypost.instances.history import FIRST_HASH, Before, event_lines
from waypost.instances.links import link_base
from waypost.instances.loading import LARGEST_ID, Wanted, load
from waypost.instances.open_rows import open_change
from waypost.instances.pressure import is_busy
from waypost.instances.sql import Row, Statement
from waypost.instances.store import FirstRow, Writing, ended_at, progress, write_start
from waypost.people.actor import Actor
from waypost.people.permissions import may_start
from waypost.workflows.queries import load_version
from waypost.workflows.sight import may_open_folder_of

#: How many ancestors by creation an instance may have (architecture.md, "Calls to ourselves").
DEEPEST = 20

_GROUND = Statement(f"""
SELECT w.published_version_id, w.is_private, w.lead_id, w.tech_lead_id, w.archived_at, ws.time_zone,
  clock_timestamp(), nextval(pg_get_serial_sequence('instance', 'id')),
  p.id, p.depth,
  (SELECT si.id FROM step_identity si
    WHERE si.workflow_id = p.workflow_id AND si.key = :origin_step),
  {KEPT_COLUMNS},
  w.is_in_private_folder, w.are_instances_private
FROM workflow w
JOIN workspace ws ON ws.id = w.workspace_id
LEFT JOIN instance p ON p.uid = :origin_uid::uuid AND p.workspace_id = w.workspace_id
LEFT JOIN idempotency k
  ON k.workspace_id = w.workspace_id AND k.caller = :caller::text AND k.key = :key::text
WHERE w.id = :workflow_id::bigint AND w.workspace_id = :workspace_id::bigint
  AND w.deleted_at IS NULL""")  # noqa: S608

_TWIN = Statement("""
SELECT i.id FROM instance i
WHERE i.workspace_id = :workspace_id::bigint AND i.deleted_at IS NULL
  AND ((i.parent_id = :parent_id::bigint AND i.parent_step_id = :parent_step_id::bigint
      AND i.parent_visit = :parent_visit::int AND i.parent_item = 0)
    OR (i.start_kind = :start_kind AND i.start_key = :start_key))
ORDER BY i.id LIMIT 1""")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInstance:
    """What a start may bring. `name` must be empty where the workflow names its instances.

    `priority` is "V", "H" or ""; `step_assignments` maps step ids to principal ids; a `start_key`
    is started once for each `start_kind`. URL parameters that the workflow does not declare are
    dropped.
    """

    name: str = ""
    deadline_at: datetime | None = None
    priority: str = ""
    tags: tuple[str, ...] = ()
    step_assignments: Mapping[int, int] = field(default_factory=dict)
    start_kind: str = "manual"
    start_key: str | None = None
    url_parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What a start finds: the workflow as it is now, a fresh id, and the caller's visit."""

    version_id: int | None
    is_private: bool
    lead_id: int | None
    tech_lead_id: int | None
    archived_at: datetime | None
    time_zone: str
    now: datetime
    instance_id: int
    parent_id: int | None
    parent_depth: int | None
    parent_step_id: int | None
    parent_visit: int | None
    kept: Kept | None
    hides_instances: bool

    @property
    def depth(self) -> int:
        """How many ancestors the new instance will have."""
        return 0 if self.parent_depth is None else self.parent_depth + 1


def start_instance(
    actor: Actor, workflow_id: int, new: NewInstance, call: ApiCall
) -> Done | Replayed | Refusal:
    """Start the published version of a workflow."""
    for _ in range(2):
        outcome = _try(actor, workflow_id, new, call)
        if outcome is not None:
            return outcome
    raise EngineError("A start collided with another one that then was not there.")


def tidy_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Each tag once, as the database can keep it."""
    cleaned = (clean_text(tag).strip()[:100] for tag in tags)
    return tuple(tag for tag in dict.fromkeys(cleaned) if tag)


def _try(
    actor: Actor, workflow_id: int, new: NewInstance, call: ApiCall
) -> Done | Replayed | Refusal | None:
    ground = _find_ground(actor, workflow_id, call)
    if isinstance(ground, Refusal):
        return ground
    if call.idempotent is not None:
        answered = replay(actor, call.idempotent, ground.kept)
        if answered is not None:
            return answered
    refusal = _refuse(ground, new, call)
    if refusal is not None or ground.version_id is None:
        return refusal
    workflow = load_version(ground.version_id)
    fault = assignment_fault(actor, workflow, ground.lead_id, new.step_assignments)
    if fault is not None:
        return fault
    context = Context(ground.instance_id, "", link_base())
    name = instance_name(workflow, new.name, context, new.url_parameters)
    if isinstance(name, Refusal):
        return name
    command = Start(name, ground.time_zone, new.url_parameters)
    decision = decide(workflow, NEW, command, ground.now)
    if isinstance(decision, Refusal):
        return decision
    detail = _detail(actor, workflow_id, new, ground, decision)
    try:
        return _write(actor, detail, _first_row(detail, new, ground), decision, call)
    except IntegrityError:
        return _twin(actor, detail.row, new)


def _find_ground(actor: Actor, workflow_id: int, call: ApiCall) -> _Ground | Refusal:
    origin = call.origin
    row = (
        None
        if not 0 < workflow_id <= LARGEST_ID
        else _GROUND.row(
            workflow_id=workflow_id,
            workspace_id=actor.workspace_id,
            origin_uid=None if origin is None else str(origin.uid),
            origin_step=None if origin is None else origin.step,
            caller=actor.caller,
            key=None if call.idempotent is None else call.idempotent.key,
        )
    )
    if row is None or not _may_start(actor, workflow_id, row):
        return Refusal(
            "workflow_not_found",
            "There is no such workflow, or it is not yours to start. Check its id.",
        )
    return _Ground(
        version_id=row[0],
        is_private=row[1],
        lead_id=row[2],
        tech_lead_id=row[3],
        archived_at=row[4],
        time_zone=row[5],
        now=row[6],
        instance_id=row[7],
        parent_id=row[8],
        parent_depth=row[9],
        parent_step_id=row[10],
        parent_visit=None if origin is None or row[8] is None else origin.visit,
        kept=read_kept(row[11:15]),
        hides_instances=row[1] or row[15] or row[16],
    )


def _may_start(actor: Actor, workflow_id: int, row: Row) -> bool:
    is_private, lead_id, is_in_private_folder = row[1], row[2], row[15]
    is_closed = is_private or (is_in_private_folder and not may_open_folder_of(actor, workflow_id))
    return may_start(actor, is_private=is_closed, workflow_lead_id=lead_id)


def _refuse(ground: _Ground, new: NewInstance, call: ApiCall) -> Refusal | None:
    if ground.archived_at is not None:
        return Refusal(
            "workflow_archived",
            "This workflow is archived: running instances go on, new ones do not start. Take it "
            "out of the archive, or start another.",
        )
    if ground.version_id is None:
        return Refusal(
            "not_published", "This workflow has no published version. Publish it, then start it."
        )
    if ground.depth > DEEPEST:
        return Refusal(
            "too_deep",
            f"This instance would have more than {DEEPEST} ancestors: workflows start each other "
            "without end. Mend the step that starts them.",
        )
    if new.priority not in ("", "V", "H"):
        return Refusal(
            "invalid_value",
            "Priority is V (very high), H (high), or left out.",
            (("priority", "Choose V or H, or leave it out."),),
        )
    # A start by one of our own calls goes on: it belongs to work that was accepted before.
    if call.origin is None and is_busy():
        return Refusal("busy", "Waypost is catching up with its work. Try again in a minute.")
    return None


def _detail(
    actor: Actor, workflow_id: int, new: NewInstance, ground: _Ground, decision: Decision
) -> InstanceDetail:
    workflow = load_version(ground.version_id or 0)
    state = decision.instance
    completed_at, aborted_at = ended_at(state, ground.now)
    row = InstanceRow(
        id=ground.instance_id,
        uid=uuid.uuid4(),
        workspace_id=actor.workspace_id,
        workflow_id=workflow_id,
        version_id=ground.version_id or 0,
        name=state.name,
        status="running" if state.status == "new" else state.status,
        priority=new.priority,
        tags=tidy_tags(new.tags),
        step_assignments=dict(new.step_assignments),
        progress=progress(workflow, state),
        stage="",
        is_private=ground.hides_instances,
        starter_id=actor.principal_id,
        lead_id=actor.principal_id,
        workflow_lead_id=ground.lead_id,
        tech_lead_id=ground.tech_lead_id,
        start_kind=new.start_kind,
        deadline_at=new.deadline_at,
        started_at=ground.now,
        updated_at=ground.now,
        completed_at=completed_at,
        aborted_at=aborted_at,
        parent_id=ground.parent_id,
        parent_step_id=ground.parent_step_id,
        parent_visit=ground.parent_visit,
        depth=ground.depth,
    )
    return InstanceDetail(row, workflow, state, len(decision.events))


def _first_row(detail: InstanceDetail, new: NewInstance, ground: _Ground) -> FirstRow:
    row = detail.row
    return FirstRow(
        uid=str(row.uid),
        workspace_id=row.workspace_id,
        priority=row.priority,
        tags=row.tags,
        step_assignments=row.step_assignments,
        is_private=False,
        time_zone=ground.time_zone,
        starter_id=row.starter_id,
        start_kind=row.start_kind,
        start_key=new.start_key,
        deadline_at=row.deadline_at,
        parent_id=row.parent_id,
        parent_step_id=row.parent_step_id,
        parent_visit=row.parent_visit,
        depth=row.depth,
    )


def _write(
    actor: Actor, detail: InstanceDetail, first: FirstRow, decision: Decision, call: ApiCall
) -> Done:
    row, workflow = detail.row, detail.workflow
    opened = open_change(workflow, NEW, decision.instance)
    writing = Writing(
        instance_id=row.id,
        workflow=workflow,
        workflow_id=row.workflow_id,
        version_id=row.version_id,
        state=decision.instance,
        now=row.started_at,
        lines=event_lines(workflow, Before(NEW, 0, FIRST_HASH), decision.events, row.started_at),
        opened=opened,
        assignees=tuple(assignee_of(row, one.step_id, one.assignee) for one in opened.opened),
        actor_id=actor.principal_id,
        origin=actor.origin,
        kept=kept_answer(actor, call, detail),
    )
    write_start(writing, first)
    return Done(detail)


def _twin(actor: Actor, row: InstanceRow, new: NewInstance) -> Done | None:
    """The instance that the same visit or start key has started; None when it was the kept answer
    that collided, which the next try replays.
    """
    found = _TWIN.row(
        workspace_id=actor.workspace_id,
        parent_id=row.parent_id,
        parent_step_id=row.parent_step_id,
        parent_visit=row.parent_visit,
        start_kind=new.start_kind,
        start_key=new.start_key,
    )
    loaded = None if found is None else load(Wanted(found[0]))
    return None if loaded is None else Done(loaded.detail)
