"""The life of a command: load, decide, write; again when somebody else moved first.

No lock is held while Python thinks. Deciding again is safe because `decide` is pure; after two
conflicts the row is locked first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from django.db import IntegrityError, transaction
from msgspec.structs import replace

from waypost.engine.commands import Command
from waypost.engine.decide import Decision, decide
from waypost.engine.errors import EngineError, Refusal
from waypost.instances.answers import ApiCall, Replayed, replay
from waypost.instances.assignees import assignee_of
from waypost.instances.detail import InstanceDetail, InstanceRow
from waypost.instances.history import Before, event_lines
from waypost.instances.loading import Loaded, Wanted, load, lock
from waypost.instances.open_rows import open_change
from waypost.instances.store import KeptAnswer, Writing, ended_at, progress, write_change
from waypost.people.actor import Actor
from waypost.people.permissions import may_view

FREE_TRIES = 2

NOT_FOUND = Refusal(
    "not_found",
    "There is no such instance, or it is not yours to see. Check the id, or ask its workflow lead.",
)
#: What is asked, once the instance is known; or why it may not be.
Plan: TypeAlias = Callable[[Loaded], Command | Refusal]


@dataclass(frozen=True, slots=True)
class Done:
    """The instance after the change."""

    instance: InstanceDetail


def change(actor: Actor, wanted: Wanted, plan: Plan) -> Done | Replayed | Refusal:
    """Carry the planned command out on the instance as it is when the change is written."""
    for _ in range(FREE_TRIES):
        outcome = _try(actor, wanted, plan)
        if outcome is not None:
            return outcome
    with transaction.atomic():
        lock(wanted.instance_id)
        outcome = _try(actor, wanted, plan, is_locked=True)
    if outcome is None:
        raise EngineError("An instance changed although its row was locked.")
    return outcome


def apply(loaded: Loaded, decision: Decision, actor: Actor, call: ApiCall) -> Done | None:
    """Write a decision; None when somebody else moved first."""
    detail = _after(loaded, decision)
    opened = open_change(loaded.workflow, loaded.state, decision.instance)
    before = Before(loaded.state, loaded.version, loaded.last_hash)
    writing = Writing(
        instance_id=loaded.row.id,
        workflow=loaded.workflow,
        workflow_id=loaded.row.workflow_id,
        version_id=loaded.row.version_id,
        state=decision.instance,
        now=loaded.now,
        lines=event_lines(loaded.workflow, before, decision.events, loaded.now),
        opened=opened,
        assignees=tuple(
            assignee_of(loaded.row, row.step_id, row.assignee) for row in opened.opened
        ),
        actor_id=actor.principal_id,
        origin=actor.origin,
        kept=kept_answer(actor, call, detail),
    )
    return Done(detail) if write_change(writing, loaded.version) else None


def kept_answer(actor: Actor, call: ApiCall, detail: InstanceDetail) -> KeptAnswer | None:
    """The answer to keep with the change, when the call brought a key."""
    request = call.idempotent
    if request is None:
        return None
    return KeptAnswer(
        caller=actor.caller,
        key=request.key,
        body_sha256=request.body_sha256,
        status=request.status,
        answer=request.render(detail),
    )


def _try(
    actor: Actor, wanted: Wanted, plan: Plan, *, is_locked: bool = False
) -> Done | Replayed | Refusal | None:
    loaded = load(wanted)
    if loaded is None or not _is_visible(actor, loaded):
        return NOT_FOUND
    request = wanted.call.idempotent
    answered = None if request is None else replay(actor, request, loaded.kept)
    if answered is not None:
        return answered
    command = plan(loaded)
    if isinstance(command, Refusal):
        return command
    decision = decide(loaded.workflow, loaded.state, command, loaded.now)
    if isinstance(decision, Refusal):
        return decision
    if not decision.events:
        return Done(loaded.detail)
    try:
        return apply(loaded, decision, actor, wanted.call)
    except IntegrityError:
        # The same idempotency key came in twice at once: the other answer is there now.
        if is_locked or request is None:
            raise
        return None


def _is_visible(actor: Actor, loaded: Loaded) -> bool:
    is_ours = actor.origin in ("worker", "link")
    return is_ours or may_view(actor, loaded.circle(actor))


def _after(loaded: Loaded, decision: Decision) -> InstanceDetail:
    state = decision.instance
    completed_at, aborted_at = ended_at(state, loaded.now)
    row: InstanceRow = replace(
        loaded.row,
        name=state.name,
        status="running" if state.status == "new" else state.status,
        progress=progress(loaded.workflow, state),
        updated_at=loaded.now,
        completed_at=completed_at,
        aborted_at=aborted_at,
    )
    version = loaded.version + len(decision.events)
    return InstanceDetail(row, loaded.workflow, state, version)
