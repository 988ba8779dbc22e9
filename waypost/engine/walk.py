"""The walk: from the first step on, activate or skip whatever has its turn, to a fixed point.

A step has its turn when every blocking step before it has ended; a non-blocking one does not hold
up the next. Each condition is evaluated once a visit. One more walk changes nothing.
"""

from __future__ import annotations

from waypost.engine import events
from waypost.engine.conditions import condition_holds
from waypost.engine.instance import ENDED, Status
from waypost.engine.step_types import AnyStep
from waypost.engine.turn import Turn


def walk(turn: Turn) -> None:
    """Start every step that has its turn, and complete the instance when all have ended."""
    if turn.instance.status != "running":
        return
    for step in turn.workflow.steps:
        if turn.run(step.key).status is Status.NOT_STARTED:
            _begin(turn, step)
        if step.is_blocking and turn.run(step.key).status not in ENDED:
            return
    if all(turn.run(step.key).status in ENDED for step in turn.workflow.steps):
        turn.emit(events.InstanceCompleted())


def _begin(turn: Turn, step: AnyStep) -> None:
    visit = turn.run(step.key).visit + 1
    if condition_holds(step.condition, turn.workflow, turn.instance, turn.now):
        turn.emit(events.StepActivated(step=step.key, visit=visit))
    else:
        turn.emit(events.StepSkipped(step=step.key, visit=visit, because="condition"))
