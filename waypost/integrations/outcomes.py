"""What became of one try, as the command for the step that asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waypost.engine.commands import FailStep, TakeReply
from waypost.engine.step_types.http_request import HttpRequest
from waypost.integrations.failures import OutboundFailure
from waypost.integrations.http import Reply
from waypost.integrations.outputs import is_good, picked_variables, reason_of
from waypost.integrations.retries import Verdict, retry_after_seconds

LOST = (
    "The answer to this call was lost after it was sent, and a second sending could do harm. "
    "Look at the other system what became of it, then restart or skip the step."
)


@dataclass(frozen=True, slots=True)
class Settling:
    """When an outcome is judged, and the chance in [0, 1) that spreads retries."""

    verdict: Verdict
    now: datetime
    jitter: float


def outcome_command(
    step: HttpRequest, visit: int, outcome: Reply | OutboundFailure, settling: Settling
) -> TakeReply | FailStep:
    """Take the answer, or what stands in for one; its reason may still hold secrets."""
    is_transient = settling.verdict is Verdict.RETRY
    if settling.verdict is Verdict.LOST:
        return FailStep(step.key, visit, LOST)
    if isinstance(outcome, OutboundFailure):
        return TakeReply(
            step=step.key,
            visit=visit,
            status=None,
            variables={variable.name: "" for variable in step.variables},
            reason=str(outcome),
            is_transient=is_transient,
            jitter=settling.jitter,
        )
    return TakeReply(
        step=step.key,
        visit=visit,
        status=outcome.status,
        variables=picked_variables(step.variables, outcome),
        reason="" if is_good(outcome) else reason_of(outcome),
        is_transient=is_transient,
        retry_after_seconds=retry_after_seconds(outcome, settling.now),
        jitter=settling.jitter,
    )
