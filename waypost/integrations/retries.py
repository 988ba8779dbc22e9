"""What an answer, or none, means for trying again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import assert_never

from waypost.integrations.door import Door
from waypost.integrations.failures import OutboundFailure
from waypost.integrations.http import Reply

TRANSIENT_STATUSES = frozenset({502, 503, 504})
# A gateway's word for "no answer from behind me": the call may have had its effect all the same.
_HIDING_STATUSES = frozenset({502, 504})
# Our own API says so when the step to be completed has not been reached yet.
NOT_YET = "step_not_active"


class Verdict(Enum):
    """What to do with the outcome of one attempt."""

    FINAL = "final"  # an answer, or a failure that trying again does not mend
    RETRY = "retry"  # try again, whatever the step's own retry policy says
    LOST = "lost"  # it may have had its effect: a person decides, it is never guessed


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: what came back, and whether the same request may be sent twice."""

    outcome: Reply | OutboundFailure
    may_resend: bool


def judge(attempt: Attempt, door: Door) -> Verdict:
    """Decide between final, again and lost; 429 and every other answer are final."""
    match attempt.outcome:
        case Reply() as reply:
            if not is_transient(reply, door):
                return Verdict.FINAL
            may_repeat = attempt.may_resend or reply.status not in _HIDING_STATUSES
            return Verdict.RETRY if may_repeat else Verdict.LOST
        case OutboundFailure() as failure:
            if failure.was_sent and not attempt.may_resend:
                return Verdict.LOST
            return Verdict.RETRY if failure.is_transient else Verdict.FINAL
        case never:
            assert_never(never)


def is_transient(reply: Reply, door: Door) -> bool:
    """Whether this answer is tried again for every step: 502, 503, 504, our own "not yet"."""
    if reply.status in TRANSIENT_STATUSES:
        return True
    return reply.status == 400 and door.is_own(reply.answered_by) and _error_code(reply) == NOT_YET


def retry_after_seconds(reply: Reply, now: datetime) -> float | None:
    """How long the server asks us to wait (RFC 9110, 10.2.3); None if it does not say."""
    written = reply.header("Retry-After")
    if written is None:
        return None
    if written.strip().isdecimal():
        return float(written.strip()[:9])
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _error_code(reply: Reply) -> str | None:
    try:
        answer = json.loads(reply.body)
    except ValueError:
        return None
    code = answer.get("code") if isinstance(answer, dict) else None
    return code if isinstance(code, str) else None
