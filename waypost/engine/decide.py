"""(workflow, instance, command, now) -> events and the new state, or a refusal. Pure: may be asked
again at will.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from waypost.engine import events
from waypost.engine.calls import fail_call, restart_step, take_reply
from waypost.engine.commands import (
    Command,
    CompleteStep,
    FailStep,
    FireTimer,
    Rename,
    RestartStep,
    SkipStep,
    Start,
    Stop,
    TakeReply,
)
from waypost.engine.completion import complete_step
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.events import Event
from waypost.engine.instance import OPEN, Instance, Status
from waypost.engine.turn import Turn
from waypost.engine.url_parameters import kept_parameters
from waypost.engine.walk import activate, walk


@dataclass(frozen=True, slots=True)
class Decision:
    """What happened, in order, and the instance after it."""

    instance: Instance
    events: tuple[Event, ...]


def decide(
    workflow: Workflow, instance: Instance, command: Command, now: datetime
) -> Decision | Refusal:
    """Carry out a command. What the world must do next follows from the state:
    `effects.open_effects`.
    """
    turn = Turn(workflow, instance, now)
    refusal = _refuse_when_over(instance, command) or _carry_out(turn, command)
    if refusal is not None:
        return refusal
    walk(turn)
    return Decision(turn.instance, tuple(turn.events))


def _refuse_when_over(instance: Instance, command: Command) -> Refusal | None:
    """A finished instance never moves; only its steps can still say that they are completed."""
    if isinstance(command, Start):
        return _refuse_second_start(instance)
    if instance.status == "running" or isinstance(command, CompleteStep):
        return None
    return Refusal(
        "instance_not_running",
        f"This instance is {instance.status}: it cannot change any more. Start a new one.",
    )


def _refuse_second_start(instance: Instance) -> Refusal | None:
    if instance.status == "new":
        return None
    return Refusal("already_started", "This instance has started already.")


def _carry_out(turn: Turn, command: Command) -> Refusal | None:
    match command:
        case Start():
            _start(turn, command)
        case Rename(name=name):
            turn.emit(events.InstanceRenamed(name=name))
        case Stop(reason=reason):
            turn.emit(events.InstanceAborted(reason=reason))
        case CompleteStep():
            return complete_step(turn, command)
        case TakeReply():
            return take_reply(turn, command)
        case FailStep():
            return fail_call(turn, command)
        case FireTimer():
            return _fire_timer(turn, command)
        case RestartStep(step=key):
            return restart_step(turn, key)
        case SkipStep(step=key):
            return _skip_step(turn, key)
        case _:
            assert_never(command)
    return None


def _start(turn: Turn, command: Start) -> None:
    turn.emit(
        events.InstanceStarted(
            name=command.name,
            time_zone=command.time_zone,
            url_parameters=kept_parameters(turn.workflow, command.url_parameters),
        )
    )


def _fire_timer(turn: Turn, command: FireTimer) -> Refusal | None:
    run = turn.run(command.step)
    if run.status is not Status.SCHEDULED or run.visit != command.visit or run.due_at is None:
        return Refusal("late", f"Step {command.step} does not wait for this timer any more.")
    if run.due_at > turn.now:
        return Refusal("early", f"Step {command.step} starts later. The timer fires then.")
    activate(turn, turn.workflow.step_by_key[command.step], run.visit)
    return None


def _skip_step(turn: Turn, key: str) -> Refusal | None:
    run = turn.run(key)
    if run.status not in OPEN:
        return Refusal("step_not_active", "Only a step that is open can be skipped.")
    turn.emit(events.StepSkipped(step=key, visit=run.visit, because="person"))
    return None
