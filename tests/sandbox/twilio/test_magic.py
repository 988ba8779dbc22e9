"""Magic numbers of the sandbox."""

from __future__ import annotations

import pytest

from tests.sandbox.twilio.conftest import SERVICE, Refusal, Sandbox
from waypost.sandbox.twilio import magic
from waypost.sandbox.twilio.models import MagicHit

PREFIX = "The destination phone number has been temporarily blocked by Twilio"


@pytest.mark.parametrize(
    ("to", "status", "code", "words"),
    [
        ("+15005550001", 400, 60200, "Invalid parameter `To`: +15005550001"),
        ("+15005550003", 403, 60605, "blocked by Verify Geo-Permissions"),
        ("+15005550009", 403, 60205, "SMS is not supported by landline phone number"),
        ("+15005551203", 429, 60203, "Max send attempts reached"),
        ("+15005551212", 429, 60212, "Too many concurrent requests for phone number"),
        ("+15005551223", 400, 60223, "Delivery channel disabled: SMS"),
        ("+15005551410", 403, 60410, "+1500555 prefix is blocked for the SMS channel"),
    ],
)
def test_refusing_number(
    sandbox: Sandbox, refusal: Refusal, to: str, status: int, code: int, words: str
) -> None:
    refused = refusal(sandbox.send, to)

    assert (refused.status, refused.code) == (status, code)
    assert words in refused.msg
    assert sandbox.texts(to) == []
    hit = MagicHit.objects.get()
    assert (hit.to, hit.label) == (to, "magic")


def test_ordinary_number_leaves_no_hit(sandbox: Sandbox) -> None:
    sandbox.send("+15005550006")

    assert sandbox.check(sandbox.code("+15005550006"), to="+15005550006").status == "approved"
    assert not MagicHit.objects.exists()


@pytest.mark.parametrize(
    ("to", "status", "error"),
    [("+15005550002", "undelivered", "30003"), ("+15005550004", "failed", "21610")],
)
def test_text_that_does_not_arrive(sandbox: Sandbox, to: str, status: str, error: str) -> None:
    verification = sandbox.send(to)

    attempts = sandbox.sdk.verify.v2.verification_attempts.list(channel_data_to=to)

    assert verification.status == "pending"
    assert attempts[0].channel_data["message_status"] == status
    assert attempts[0].channel_data["error_code"] == error
    assert sandbox.texts(to) == []


def test_number_whose_checks_are_used_up(sandbox: Sandbox, refusal: Refusal) -> None:
    to = "+15005551202"
    for _ in range(2):
        sandbox.send(to)

        refused = refusal(sandbox.check, sandbox.code(to), to=to)

        assert (refused.status, refused.code) == (429, 60202)


def test_number_that_is_expired_at_once(sandbox: Sandbox, refusal: Refusal) -> None:
    to = "+15005551404"

    assert sandbox.send(to).status == "pending"
    assert refusal(sandbox.check, sandbox.code(to), to=to).code == 20404
    assert sandbox.send(to).status == "pending"


@pytest.mark.parametrize(("to", "code"), [("+15005551429", 20429), ("+15005551503", 20503)])
def test_number_that_fails_once(sandbox: Sandbox, refusal: Refusal, to: str, code: int) -> None:
    for _ in range(2):
        assert refusal(sandbox.send, to).code == code
        assert sandbox.send(to).status == "pending"


def test_number_that_tells_its_code(sandbox: Sandbox) -> None:
    sandbox.send("+15005552345")

    assert sandbox.check("552345", to="+15005552345").status == "approved"


def test_slow_number_is_slow(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("waypost.sandbox.twilio.entry.time.sleep", slept.append)

    sandbox.send("+15005551008")

    assert slept == [8]


def test_service_outside_sandbox_mode_knows_no_magic(sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.switch(is_sandbox="false")

    for to in (*magic.MAGIC, "+15005552345"):
        assert refusal(sandbox.send, to).code == 60200
    assert sandbox.send("+15017122661").service_sid == SERVICE
