"""What can be done to instances. Each change is one statement; every action returns a refusal as a
value.

Another workspace's id, and one that the actor may not see, is `not_found`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from waypost.engine.commands import (
    Command,
    Rename,
    RestartStep,
    SkipStep,
    Stop,
)
from waypost.engine.errors import Refusal
from waypost.engine.forms import completion_by_ids
from waypost.engine.instance import By, Status
from waypost.engine.json_value import JSON, clean_text
from waypost.engine.naming import LONGEST_NAME
from waypost.engine.step_types import AnyStep
from waypost.instances import starting
from waypost.instances.answers import PLAIN_CALL, ApiCall, Replayed
from waypost.instances.changing import NOT_FOUND, Done, Plan, change
from waypost.instances.links import linked_step, read_token
from waypost.instances.loading import Loaded, Wanted, circles_of, load, wanted_by
from waypost.instances.sql import Statement, array, json_text
from waypost.instances.starting import NewInstance, tidy_tags
from waypost.people.actor import Actor
from waypost.people.permissions import (
    Circle,
    may_complete,
    may_delete,
    may_edit,
    may_skip,
    may_stop,
    may_view,
)

__all__ = [
    "Changes",
    "Done",
    "NewInstance",
    "complete_step",
    "complete_step_by_link",
    "delete_instances",
    "restart_step",
    "skip_step",
    "start_instance",
    "stop_instances",
    "update_instance",
]

Permission = Callable[[Actor, Circle], bool]

NOT_PERMITTED = Refusal(
    "not_permitted",
    "Only the assignee, the workflow lead or an admin may do this. Ask one of them.",
)

# Somebody with a link only; the workspace is the instance's.
_STRANGER = Actor(0, None, False, "link")

_UPDATE = Statement("""
WITH u AS (
  UPDATE instance
  SET deadline_at = CASE WHEN :clears_deadline::boolean THEN NULL
      ELSE COALESCE(:deadline_at::timestamptz, deadline_at) END,
    priority = COALESCE(:priority, priority), tags = COALESCE(:tags::jsonb, tags),
    updated_at = clock_timestamp()
  WHERE id = :instance_id::bigint AND deleted_at IS NULL
  RETURNING id, workspace_id
), dropped AS (
  DELETE FROM instance_tag t USING u
  WHERE t.workspace_id = u.workspace_id AND t.instance_id = u.id
    AND NOT t.tag = ANY (:tag_list::text[])
)
INSERT INTO instance_tag (workspace_id, tag, instance_id)
SELECT u.workspace_id, t.tag, u.id FROM u, unnest(:tag_list::text[]) AS t(tag)
ON CONFLICT DO NOTHING""")

_DELETE = Statement("""
UPDATE instance SET deleted_at = clock_timestamp()
WHERE id = :instance_id::bigint AND deleted_at IS NULL""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an update may change; None leaves as it is, and `clears_deadline` takes it away."""

    name: str | None = None
    deadline_at: datetime | None = None
    clears_deadline: bool = False
    priority: str | None = None
    tags: tuple[str, ...] | None = None


def start_instance(
    actor: Actor, workflow_id: int, new: NewInstance, call: ApiCall = PLAIN_CALL
) -> Done | Replayed | Refusal:
    """Start the published version of a workflow."""
    return starting.start_instance(actor, workflow_id, new, call)


def complete_step(
    actor: Actor,
    instance_id: int,
    step_id: int,
    values: Mapping[int, JSON],
    *,
    visit: int | None = None,
    call: ApiCall = PLAIN_CALL,
) -> Done | Replayed | Refusal:
    """End an active step. `values` maps field ids to input objects as posted.

    `visit` is the round that a page showed; None means the current one.
    """

    def plan(loaded: Loaded) -> Command | Refusal:
        step = _step(actor, loaded, step_id)
        if isinstance(step, Refusal):
            return step
        if not may_complete(actor, loaded.circle(actor), loaded.assignees.get(step_id)):
            return NOT_PERMITTED
        if call.origin is not None and _is_superseded(loaded):
            return Refusal(
                "superseded",
                "The step that makes this call, or the one that started its instance, was reset "
                "meanwhile: this answer is stale and changes nothing.",
            )
        return completion_by_ids(step, values, visit, _by(loaded, call))

    return change(actor, wanted_by(actor, instance_id, call), plan)


def complete_step_by_link(token: str, values: Mapping[int, JSON], visit: int) -> Done | Refusal:
    """End the step behind a public link, for somebody without an account."""
    target = read_token(token)
    if target is None:
        return NOT_FOUND

    def plan(loaded: Loaded) -> Command | Refusal:
        linked = linked_step(target, loaded)
        if isinstance(linked, Refusal):
            return linked
        if linked.state == "gone":
            return Refusal("link_gone", "This link has ended. There is nothing left to do here.")
        return completion_by_ids(linked.step, values, visit, "person")

    return _final(change(_STRANGER, Wanted(target.instance_id), plan))


def restart_step(actor: Actor, instance_id: int, step_id: int) -> Done | Refusal:
    """Send a failed call on another round, with a new idempotency key."""
    plan = _mending(actor, step_id, RestartStep)
    return _final(change(actor, wanted_by(actor, instance_id), plan))


def skip_step(actor: Actor, instance_id: int, step_id: int) -> Done | Refusal:
    """Pass an open step."""
    plan = _mending(actor, step_id, SkipStep)
    return _final(change(actor, wanted_by(actor, instance_id), plan))


def stop_instances(actor: Actor, instance_ids: Sequence[int]) -> tuple[int, ...] | Refusal:
    """Abort these: all of them or none. Ended ones stay as they are."""
    ids = tuple(dict.fromkeys(instance_ids))
    refusal = _refuse_any(actor, ids, may_stop)
    if refusal is not None:
        return refusal
    for instance_id in ids:
        _stop(actor, instance_id)
    return ids


def delete_instances(actor: Actor, instance_ids: Sequence[int]) -> tuple[int, ...] | Refusal:
    """Stop these and take them out of sight: all of them or none."""
    ids = tuple(dict.fromkeys(instance_ids))
    refusal = _refuse_any(actor, ids, may_delete)
    if refusal is not None:
        return refusal
    for instance_id in ids:
        _stop(actor, instance_id)
        _DELETE.rows(instance_id=instance_id)
    return ids


def update_instance(actor: Actor, instance_id: int, changes: Changes) -> Done | Refusal:
    """Change name, deadline, priority or tags."""
    loaded = load(wanted_by(actor, instance_id))
    if loaded is None or not may_view(actor, loaded.circle(actor)):
        return NOT_FOUND
    refusal = _refuse_update(actor, loaded, changes)
    if refusal is not None:
        return refusal
    name = None if changes.name is None else clean_text(changes.name).strip()
    if name is not None and name != loaded.row.name:
        renamed = _final(change(actor, wanted_by(actor, instance_id), lambda _: Rename(name)))
        if isinstance(renamed, Refusal):
            return renamed
    _update(instance_id, changes)
    after = load(wanted_by(actor, instance_id))
    return NOT_FOUND if after is None else Done(after.detail)


def _step(actor: Actor, loaded: Loaded, step_id: int) -> AnyStep | Refusal:
    """The step, for those who may see the instance."""
    if not may_view(actor, loaded.circle(actor)):
        return NOT_FOUND
    step = loaded.workflow.step_by_id.get(step_id)
    if step is not None:
        return step
    return Refusal(
        "unknown_step",
        f"This instance has no step {step_id}. Read it for the ids in process_snapshot.steps.",
    )


def _by(loaded: Loaded, call: ApiCall) -> By:
    if call.origin is None:
        return "person"
    return "call" if call.origin.uid == loaded.row.uid else "other_instance"


def _is_superseded(loaded: Loaded) -> bool:
    """Whether the caller's visit is over, or the visit that created its instance was reset."""
    caller = loaded.caller
    if caller is None or not caller.is_open:
        return True
    step = loaded.workflow.step_by_id.get(caller.parent_step_id or 0)
    if caller.parent_id != loaded.row.id or step is None:
        return False
    run = loaded.state.run(step.key)
    return run.visit != caller.parent_visit or run.status is Status.NOT_STARTED


def _mending(actor: Actor, step_id: int, make: type[RestartStep] | type[SkipStep]) -> Plan:
    def plan(loaded: Loaded) -> Command | Refusal:
        step = _step(actor, loaded, step_id)
        if isinstance(step, Refusal):
            return step
        circle = loaded.circle(actor)
        return make(step.key) if may_skip(actor, circle) else NOT_PERMITTED

    return plan


def _final(outcome: Done | Replayed | Refusal) -> Done | Refusal:
    """Calls without a key are never replayed."""
    if isinstance(outcome, Replayed):
        raise TypeError("An answer was replayed to a call that brought no key.")
    return outcome


def _refuse_any(actor: Actor, ids: tuple[int, ...], may: Permission) -> Refusal | None:
    circles = circles_of(actor, ids)
    unseen = [one for one in ids if one not in circles or not may_view(actor, circles[one])]
    if unseen:
        listed = ", ".join(map(str, unseen))
        message = f"There is no instance {listed} that you may see. Nothing changed."
        return Refusal("not_found", message)
    denied = [one for one in ids if not may(actor, circles[one])]
    if denied:
        listed = ", ".join(map(str, denied))
        return Refusal(
            "not_permitted",
            f"Instance {listed} is not yours to end. Nothing changed; ask its workflow lead.",
        )
    return None


def _stop(actor: Actor, instance_id: int) -> None:
    """Abort it if it still runs; the engine refuses what has ended, which is as good."""
    change(actor, wanted_by(actor, instance_id), lambda _: Stop("stopped"))


def _refuse_update(actor: Actor, loaded: Loaded, changes: Changes) -> Refusal | None:
    if not may_edit(actor, loaded.circle(actor)):
        return NOT_PERMITTED
    faults = []
    name = changes.name
    if name is not None and not 0 < len(clean_text(name).strip()) <= LONGEST_NAME:
        faults.append(("name", f"Give a name of 1 to {LONGEST_NAME} letters."))
    if changes.priority not in (None, "", "V", "H"):
        faults.append(("priority", "Choose V (very high) or H (high), or leave it out."))
    if not faults:
        return None
    return Refusal("invalid_value", " ".join(message for _, message in faults), tuple(faults))


def _update(instance_id: int, changes: Changes) -> None:
    """Write what changes and nothing else: the rest may be changing elsewhere."""
    tags = None if changes.tags is None else tidy_tags(changes.tags)
    _UPDATE.rows(
        instance_id=instance_id,
        deadline_at=changes.deadline_at,
        clears_deadline=str(changes.clears_deadline and changes.deadline_at is None),
        priority=changes.priority,
        tags=None if tags is None else json_text(tags),
        tag_list=None if tags is None else array(tags),
    )
