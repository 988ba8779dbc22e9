"""What is tried again, what is final, and what nobody may guess."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.integrations.sites import a_door
from waypost.integrations.failures import (
    AddressRefused,
    AnswerLost,
    NoConnection,
    OutboundFailure,
    ResponseTooLarge,
    TimedOut,
)
from waypost.integrations.http import Reply
from waypost.integrations.retries import Attempt, Verdict, is_transient, judge, retry_after_seconds

OWN = "https://waypost.example"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NOT_YET = b'{"code": "step_not_active", "message": "Wait."}'


def a_reply(status: int, body: bytes = b"", *, by: str = OWN, retry_after: str = "") -> Reply:
    headers = (("retry-after", retry_after),) if retry_after else ()
    return Reply(status, headers, body, 1, by)


def sent(failure: OutboundFailure) -> OutboundFailure:
    failure.was_sent = True
    return failure


@pytest.mark.parametrize(
    ("outcome", "resendable", "else_"),
    [
        (a_reply(200), Verdict.FINAL, Verdict.FINAL),
        (a_reply(404), Verdict.FINAL, Verdict.FINAL),
        (a_reply(429, retry_after="1"), Verdict.FINAL, Verdict.FINAL),
        (a_reply(500), Verdict.FINAL, Verdict.FINAL),
        (a_reply(502), Verdict.RETRY, Verdict.LOST),
        (a_reply(503), Verdict.RETRY, Verdict.RETRY),
        (a_reply(504), Verdict.RETRY, Verdict.LOST),
        (a_reply(400, NOT_YET), Verdict.RETRY, Verdict.RETRY),
        (NoConnection("x"), Verdict.RETRY, Verdict.RETRY),
        (TimedOut("x"), Verdict.RETRY, Verdict.RETRY),
        (sent(TimedOut("x")), Verdict.RETRY, Verdict.LOST),
        (sent(AnswerLost("x")), Verdict.RETRY, Verdict.LOST),
        (AddressRefused("x"), Verdict.FINAL, Verdict.FINAL),
        (sent(ResponseTooLarge("x")), Verdict.FINAL, Verdict.LOST),
    ],
)
def test_outcome_is_final_again_or_lost(
    outcome: Reply | OutboundFailure, resendable: Verdict, else_: Verdict
) -> None:
    assert judge(Attempt(outcome, may_resend=True), a_door(OWN)) == resendable
    assert judge(Attempt(outcome, may_resend=False), a_door(OWN)) == else_


@pytest.mark.parametrize(
    "reply",
    [
        a_reply(400, NOT_YET, by="https://other.example"),
        a_reply(409, NOT_YET),
        a_reply(400, b'{"code": "superseded"}'),
        a_reply(400, b'{"code": 60200}'),
        a_reply(400, b"[1]"),
        a_reply(400, b"\xff"),
    ],
)
def test_not_yet_is_our_own_word_only(reply: Reply) -> None:
    assert not is_transient(reply, a_door(OWN))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("", None),
        ("7", 7.0),
        (" 0 ", 0.0),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 12:00:30 -0000", 30.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("9" * 400, 999999999.0),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(written: str, seconds: float | None) -> None:
    assert retry_after_seconds(a_reply(429, retry_after=written), NOW) == seconds
