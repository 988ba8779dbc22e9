"""Calls: what an answer, or none, means for the step that asked.

Transient failures are tried again for ten minutes, one second doubling to thirty with full jitter,
whatever the step says; after that, and for every other bad answer, the step's retry policy and its
*On failure* decide.
"""

from __future__ import annotations

from datetime import timedelta

from waypost.engine import events
from waypost.engine.commands import FailStep, TakeReply
from waypost.engine.errors import Refusal
from waypost.engine.instance import Status, StepRun
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.turn import Turn

KEEP_TRYING = timedelta(minutes=10)
LONGEST_DELAY_SECONDS = 30.0


def take_reply(turn: Turn, command: TakeReply) -> Refusal | None:
    """Complete, postpone, pass or fail the step by the outcome of one try."""
    step = turn.workflow.step_by_key.get(command.step)
    run = turn.run(command.step)
    if not isinstance(step, HttpRequest) or not _waits(run, command.visit):
        return _late(command.step)
    if not command.reason:
        turn.emit(
            events.CallAnswered(
                step=step.key,
                visit=run.visit,
                status=command.status or 0,
                variables=command.variables,
            )
        )
        return None
    delay = _delay_before_next_try(turn, step, run, command)
    if delay is None:
        _give_up(turn, command, is_skipped=step.on_failure == "skip")
    else:
        _postpone(turn, run, command, delay)
    return None


def fail_call(turn: Turn, command: FailStep) -> Refusal | None:
    """Leave the step to the tech lead, whatever its settings say."""
    run = turn.run(command.step)
    if not _waits(run, command.visit):
        return _late(command.step)
    turn.emit(
        events.CallFailed(
            step=command.step, visit=run.visit, is_skipped=False, reason=command.reason
        )
    )
    return None


def restart_step(turn: Turn, key: str) -> Refusal | None:
    """Send a failed step on another round."""
    run = turn.run(key)
    if run.status is not Status.FAILED:
        return Refusal("step_not_failed", "Only a failed step can be restarted.")
    turn.emit(events.StepRestarted(step=key, visit=run.visit + 1))
    return None


def _waits(run: StepRun, visit: int) -> bool:
    return run.status is Status.ACTIVE and run.visit == visit


def _late(key: str) -> Refusal:
    return Refusal("late", f"Step {key} does not wait for this answer any more; it is only logged.")


def _delay_before_next_try(
    turn: Turn, step: HttpRequest, run: StepRun, command: TakeReply
) -> timedelta | None:
    """How long to wait, or None when there is no next try."""
    asked = command.retry_after_seconds
    tried_for = turn.now - run.tried_at if run.tried_at else timedelta()
    if command.is_transient and tried_for < KEEP_TRYING:
        longest = min(LONGEST_DELAY_SECONDS, 2.0**run.attempts)
        return timedelta(seconds=max(command.jitter * longest, asked or 0.0))
    is_named = command.status in step.retry.statuses
    if is_named and run.attempts < step.retry.times:
        return timedelta(seconds=step.retry.delay_seconds if asked is None else asked)
    return None


def _postpone(turn: Turn, run: StepRun, command: TakeReply, delay: timedelta) -> None:
    turn.emit(
        events.CallPostponed(
            step=command.step,
            visit=run.visit,
            attempts=run.attempts + 1,
            due_at=turn.now + delay,
            reason=command.reason,
            status=command.status,
        )
    )


def _give_up(turn: Turn, command: TakeReply, *, is_skipped: bool) -> None:
    turn.emit(
        events.CallFailed(
            step=command.step,
            visit=command.visit,
            is_skipped=is_skipped,
            reason=command.reason,
            status=command.status,
            variables=command.variables,
        )
    )
