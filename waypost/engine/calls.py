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
#: A `Retry-After` beyond this is cut: no other system may put a step to sleep for good.
LONGEST_ASKED_SECONDS = 24 * 3600.0


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
    transient = _transient_delay(turn, run, command)
    named = _policy_delay(step, run, command) if transient is None else None
    if transient is not None:
        _postpone(turn, run, command, transient)
    elif named is not None:
        _postpone(turn, run, command, named, is_by_policy=True)
    else:
        _give_up(turn, command, is_skipped=step.on_failure == "skip")
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


def _transient_delay(turn: Turn, run: StepRun, command: TakeReply) -> timedelta | None:
    """How long to wait after a failure that passes by itself; None when that has lasted too long.

    The last try is made when the ten minutes end, however long the other side would have us wait.
    """
    tried_for = turn.now - run.tried_at if run.tried_at else timedelta()
    if not command.is_transient or tried_for >= KEEP_TRYING:
        return None
    longest = min(LONGEST_DELAY_SECONDS, 2.0 ** min(run.attempts, 5))
    return min(_seconds(max(command.jitter * longest, _asked(command))), KEEP_TRYING - tried_for)


def _policy_delay(step: HttpRequest, run: StepRun, command: TakeReply) -> timedelta | None:
    """How long the step's own retry policy waits; None when it gives no other try."""
    is_named = command.status in step.retry.statuses
    if not is_named or run.policy_tries >= step.retry.times:
        return None
    is_asked = command.retry_after_seconds is not None
    return _seconds(_asked(command) if is_asked else step.retry.delay_seconds)


def _asked(command: TakeReply) -> float:
    return command.retry_after_seconds or 0.0


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=min(number, LONGEST_ASKED_SECONDS))


def _postpone(
    turn: Turn, run: StepRun, command: TakeReply, delay: timedelta, *, is_by_policy: bool = False
) -> None:
    turn.emit(
        events.CallPostponed(
            step=command.step,
            visit=run.visit,
            attempts=run.attempts + 1,
            due_at=turn.now + delay,
            is_by_policy=is_by_policy,
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
