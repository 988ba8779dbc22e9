"""What the world must do for an instance to go on, read off its state.

The open steps are the truth about open work: effects are never queued beside the state but follow
from it, so that nothing can be lost between the two. The store keeps one `open_step` row for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from waypost.engine.definition import Workflow
from waypost.engine.instance import Instance, Status


@dataclass(frozen=True, slots=True)
class AwaitPerson:
    """A person must complete the step, or mend it when it failed."""

    step: str
    visit: int
    assignee: str
    is_failed: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class SendRequest:
    """The worker must send the step's request once `due_at` has come."""

    step: str
    visit: int
    due_at: datetime


Effect: TypeAlias = AwaitPerson | SendRequest


def open_effects(workflow: Workflow, instance: Instance) -> tuple[Effect, ...]:
    """Everything that is open now, in step order; nothing once the instance has ended."""
    if instance.status != "running":
        return ()
    found = (_effect(workflow, instance, key) for key in workflow.step_by_key)
    return tuple(effect for effect in found if effect is not None)


def _effect(workflow: Workflow, instance: Instance, key: str) -> Effect | None:
    run = instance.run(key)
    if run.activated_at is None or run.status not in (Status.ACTIVE, Status.FAILED):
        return None
    step = workflow.step_by_key[key]
    if run.status is Status.FAILED:
        return AwaitPerson(key, run.visit, "tech_lead", True, run.activated_at)
    if step.waits_for == "call":
        return SendRequest(key, run.visit, run.due_at or run.activated_at)
    return AwaitPerson(key, run.visit, step.assignee, False, run.activated_at)
