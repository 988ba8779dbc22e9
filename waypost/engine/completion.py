"""Completing a form or instruction, and what its routing says."""

from __future__ import annotations

from typing import assert_never

from waypost.engine import events
from waypost.engine.commands import CompleteStep
from waypost.engine.errors import Refusal
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.forms import parse_values, visible_fields
from waypost.engine.instance import ENDED, Status, StepRun
from waypost.engine.json_value import JSON
from waypost.engine.jumps import return_to, skip_forward
from waypost.engine.step_types import AnyStep
from waypost.engine.turn import Turn

#: Returns made by calls alone, one after the other, before a step fails because it loops by itself.
MOST_AUTOMATIC_RETURNS = 50


def complete_step(turn: Turn, command: CompleteStep) -> Refusal | None:
    """End an active step with these values and go where its routing points."""
    step = turn.workflow.step_by_key.get(command.step)
    if step is None:
        return Refusal(
            "unknown_step", "This workflow has no such step. Read the instance for its ids."
        )
    refusal = _refuse_completion(turn, step, command)
    if refusal is not None:
        return refusal
    fields = visible_fields(step, turn.workflow, turn.instance, turn.now)
    values = parse_values(step, command.values, fields)
    if isinstance(values, Refusal):
        return values
    _finish(turn, step, values, command, _chosen_button(fields, values))
    return None


def _refuse_completion(turn: Turn, step: AnyStep, command: CompleteStep) -> Refusal | None:
    run = turn.run(step.key)
    if step.holds:
        return Refusal(
            "step_is_automatic", f"{step.name} holds other steps. Complete those; it follows them."
        )
    if step.waits_for != "person":
        return Refusal(
            "step_is_automatic", f"{step.name} completes by itself; there is nothing to fill in."
        )
    if run.status in ENDED:
        return Refusal("step_already_completed", f"{step.name} is already finished ({run.status}).")
    if turn.instance.status != "running":
        return Refusal(
            "instance_not_running",
            f"This instance is {turn.instance.status}: nothing can be completed.",
        )
    if command.visit is not None and command.visit != run.visit:
        return Refusal(
            "step_reopened", f"{step.name} was reopened. Look at it again before completing it."
        )
    return _refuse_status(step, run)


def _refuse_status(step: AnyStep, run: StepRun) -> Refusal | None:
    if run.status is Status.ACTIVE:
        return None
    if run.status is Status.FAILED:
        return Refusal("step_failed", f"{step.name} failed: {run.failure} Restart or skip it.")
    if run.status is Status.SCHEDULED:
        return Refusal("step_not_active", f"{step.name} starts at {run.due_at}. Try again then.")
    return Refusal(
        "step_not_active", f"{step.name} is not reached yet. Try again when its turn has come."
    )


def _chosen_button(fields: tuple[AnyField, ...], values: dict[str, JSON]) -> Button | None:
    for field in fields:
        if isinstance(field, Routing) and field.key in values:
            return field.chosen(values[field.key])
    return None


def _finish(
    turn: Turn,
    step: AnyStep,
    values: dict[str, JSON],
    command: CompleteStep,
    button: Button | None,
) -> None:
    visit = turn.run(step.key).visit
    if button is not None and button.action == "decline":
        turn.emit(events.StepDeclined(step=step.key, visit=visit, by=command.by, values=values))
        turn.emit(events.InstanceAborted(reason=f"declined at {step.key}"))
        return
    is_automatic = command.by != "person"
    if button is not None and button.action == "return" and _loops(turn, is_automatic):
        reason = "It loops by itself: it returned fifty times without a person."
        turn.emit(events.StepFailed(step=step.key, visit=visit, reason=reason))
        return
    turn.emit(events.StepCompleted(step=step.key, visit=visit, by=command.by, values=values))
    if button is not None:
        _go(turn, step, button, is_automatic=is_automatic)


def _loops(turn: Turn, is_automatic: bool) -> bool:
    return is_automatic and turn.instance.automatic_returns >= MOST_AUTOMATIC_RETURNS


def _go(turn: Turn, step: AnyStep, button: Button, *, is_automatic: bool) -> None:
    match button.action:
        case "return":
            return_to(turn, button.target, is_automatic=is_automatic)
        case "skip_forward":
            skip_forward(turn, step, button.target)
        case "complete" | "decline":
            pass
        case _:
            assert_never(button.action)
