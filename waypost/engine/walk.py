"""The walk: from the first step on, start or skip whatever has its turn, to a fixed point.

A step has its turn when nothing before it holds it up: blocking steps do until they have ended, and
a container does while a blocking step within does. Members of a parallel all have their turn at
once, and hold up what comes after it whether they are blocking or not. Each condition is evaluated
once a visit; containers have no state of their own and have begun when something within has. One
more walk changes nothing.
"""

from __future__ import annotations

from waypost.engine import events
from waypost.engine.conditions import condition_holds
from waypost.engine.instance import ENDED, Status
from waypost.engine.step_types import AnyStep
from waypost.engine.timing import deadline_of, start_of
from waypost.engine.turn import Turn


def walk(turn: Turn) -> None:
    """Start every step that has its turn, and complete the instance when all have ended."""
    if turn.instance.status != "running":
        return
    is_passed = _in_sequence(turn, turn.workflow.members_by_key[""])
    if is_passed and _all_are(turn, "", ENDED):
        turn.emit(events.InstanceCompleted())


def activate(turn: Turn, step: AnyStep, visit: int) -> None:
    """Let the step begin now, with its deadline."""
    deadline_at = deadline_of(step, turn.workflow, turn.instance, turn.now)
    turn.emit(events.StepActivated(step=step.key, visit=visit, deadline_at=deadline_at))


def _in_sequence(turn: Turn, members: tuple[AnyStep, ...]) -> bool:
    """Give each its turn until one holds up the rest; whether none does."""
    return all(_take_turn(turn, step) or not step.is_blocking for step in members)


def _at_once(turn: Turn, members: tuple[AnyStep, ...]) -> bool:
    """Give all their turn; whether none holds up what comes after them."""
    passed = [_take_turn(turn, step) for step in members]
    return all(passed)


def _take_turn(turn: Turn, step: AnyStep) -> bool:
    """Begin the step unless it has begun; whether the walk may go on behind it."""
    if step.holds:
        return _enter(turn, step)
    run = turn.instance.run(step.key)
    if run.status is not Status.NOT_STARTED:
        return run.status in ENDED
    _begin(turn, step, run.visit + 1)
    return turn.run(step.key).status in ENDED


def _enter(turn: Turn, container: AnyStep) -> bool:
    has_not_begun = _all_are(turn, container.key, _NOT_BEGUN)
    if has_not_begun and not _condition_holds(turn, container):
        _skip_all(turn, container)
    members = turn.workflow.members_by_key.get(container.key, ())
    go_through = _at_once if container.holds == "parallel" else _in_sequence
    return go_through(turn, members)


def _begin(turn: Turn, step: AnyStep, visit: int) -> None:
    if not _condition_holds(turn, step):
        turn.emit(events.StepSkipped(step=step.key, visit=visit, because="condition"))
        return
    due_at = start_of(step, turn.workflow, turn.instance, turn.now)
    if due_at is not None and due_at > turn.now:
        turn.emit(events.StepScheduled(step=step.key, visit=visit, due_at=due_at))
    else:
        activate(turn, step, visit)


def _skip_all(turn: Turn, container: AnyStep) -> None:
    for step in turn.workflow.plain_steps_by_key[container.key]:
        visit = turn.run(step.key).visit + 1
        turn.emit(events.StepSkipped(step=step.key, visit=visit, because="condition"))


def _condition_holds(turn: Turn, step: AnyStep) -> bool:
    return condition_holds(step.condition, turn.workflow, turn.instance, turn.now)


def _all_are(turn: Turn, container: str, statuses: frozenset[Status]) -> bool:
    """Whether all steps within, however deep, stand at one of these."""
    run = turn.instance.run
    steps = turn.workflow.plain_steps_by_key[container]
    return all(run(step.key).status in statuses for step in steps)


_NOT_BEGUN = frozenset({Status.NOT_STARTED})
