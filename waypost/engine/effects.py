"""What the world must do for an instance to go on, read off its state.

The open steps are the truth about open work: effects are never queued beside the state but follow
from it, so that nothing can be lost between the two. The store keeps one `open_step` row for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from waypost.engine.definition import Workflow
from waypost.engine.instance import OPEN, Instance, Status, StepRun
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
    steps = workflow.plain_steps_by_key[""]
    opened = ((step, run) for step in steps if (run := instance.run(step.key)).status in OPEN)
    found = (_effect(step, run) for step, run in opened)
    return tuple(effect for effect in found if effect is not None)


def _effect(step: AnyStep, run: StepRun) -> Effect | None:
    """What an open step asks for; one that says no time was written by no release of ours."""
    if run.status is Status.SCHEDULED:
        return None if run.due_at is None else WakeAt(step.key, run.visit, run.due_at)
    if run.activated_at is None:
        return None
    if run.status is Status.FAILED:
        return AwaitPerson(step.key, run.visit, "tech_lead", True, run.activated_at)
    if step.waits_for == "call":
        return SendRequest(step.key, run.visit, run.due_at or run.activated_at)
    return AwaitPerson(step.key, run.visit, step.assignee, False, run.activated_at)
