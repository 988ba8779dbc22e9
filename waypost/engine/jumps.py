"""Where a routing sends the workflow: back to an earlier step, or forward over some.

Branches beside, in a parallel around the steps, go on. A container whose condition is not decided,
or said no to everything within, decides anew when a jump leads into it.
"""

from __future__ import annotations

from waypost.engine import events
from waypost.engine.conditions import condition_holds, container_status
from waypost.engine.instance import Status
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import containers_of, runs_before, steps_from
from waypost.engine.turn import Turn


def return_to(turn: Turn, target: str, *, is_automatic: bool) -> None:
    """Set back the target and every later step, the returning one included."""
    later = steps_from(turn.workflow, _skipped_around(turn, target) or target)
    begun = tuple(one.key for one in later if turn.run(one.key).status is not Status.NOT_STARTED)
    turn.emit(events.StepsReset(target=target, steps=begun, is_automatic=is_automatic))


def skip_forward(turn: Turn, step: AnyStep, target: str) -> None:
    """Skip what lies between and has not begun; what is open there goes on."""
    workflow = turn.workflow
    end = _closed_around(turn, step, target) or target
    for between in workflow.plain_steps_by_key[""]:
        key, run = between.key, turn.run(between.key)
        lies_between = runs_before(workflow, step.key, key) and runs_before(workflow, key, end)
        if lies_between and run.status is Status.NOT_STARTED:
            turn.emit(events.StepSkipped(step=key, visit=run.visit + 1, because="routing"))


def _skipped_around(turn: Turn, target: str) -> str:
    """The outermost container around the target that was skipped whole; empty without one."""
    around = [one.key for one in containers_of(turn.workflow, target)]
    skipped = [key for key in around if _status(turn, key) is Status.SKIPPED]
    return skipped[-1] if skipped else ""


def _closed_around(turn: Turn, step: AnyStep, target: str) -> str:
    """The outermost container on the way in that has not begun and whose condition does not hold:
    the walk skips it. Empty without one.
    """
    left = containers_of(turn.workflow, step.key)
    entered = [one for one in containers_of(turn.workflow, target) if one not in left]
    closed = [
        one.key
        for one in entered
        if _status(turn, one.key) is Status.NOT_STARTED
        and not condition_holds(one.condition, turn.workflow, turn.instance, turn.now)
    ]
    return closed[-1] if closed else ""


def _status(turn: Turn, container: str) -> Status:
    return container_status(turn.workflow, turn.instance, container)
