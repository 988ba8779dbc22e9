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
from waypost.engine.step_types import AnyStep


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


@dataclass(frozen=True, slots=True)
class WakeAt:
    """The worker must fire the timer of a scheduled step once `due_at` has come."""

    step: str
    visit: int
    due_at: datetime


Effect: TypeAlias = AwaitPerson | SendRequest | WakeAt


def open_effects(workflow: Workflow, instance: Instance) -> tuple[Effect, ...]:
    """Everything that is open now, in step order; nothing once the instance has ended."""
    if instance.status != "running":
        return ()
    found = (_effect(instance, step) for step in workflow.plain_steps_by_key[""])
    return tuple(effect for effect in found if effect is not None)


def _effect(instance: Instance, step: AnyStep) -> Effect | None:
    key, run = step.key, instance.run(step.key)
    if run.status is Status.SCHEDULED and run.due_at is not None:
        return WakeAt(key, run.visit, run.due_at)
    if run.activated_at is None or run.status not in (Status.ACTIVE, Status.FAILED):
        return None
    if run.status is Status.FAILED:
        return AwaitPerson(key, run.visit, "tech_lead", True, run.activated_at)
    if step.waits_for == "call":
        return SendRequest(key, run.visit, run.due_at or run.activated_at)
    return AwaitPerson(key, run.visit, step.assignee, False, run.activated_at)
