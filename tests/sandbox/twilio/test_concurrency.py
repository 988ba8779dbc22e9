"""Many at once: guesses, sends and repeated requests are counted exactly."""

from __future__ import annotations

import base64
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import requests
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.sandbox.twilio.conftest import ACCOUNT, ANN, SERVICE, TOKEN, Sandbox
from waypost.sandbox.twilio.models import Attempt, Verification

SEND = "To=%2B15017122661&Channel=sms"
MANY = 50


def at_once(
    sandbox: Sandbox, path: str, bodies: list[str], **headers: str
) -> list[requests.Response]:
    """POST every body from its own thread, ten at a time."""
    url = f"{sandbox.url}/v2/Services/{SERVICE}/{path}"
    given = {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close", **headers}

    def post(body: str) -> requests.Response:
        return requests.post(url, body, headers=given, auth=(ACCOUNT, TOKEN), timeout=30)

    with ThreadPoolExecutor(10) as pool:
        return list(pool.map(post, bodies))


def check_body(code: str) -> str:
    """A check of Ann's code."""
    return f"To=%2B15017122661&Code={code}"


def test_fifty_parallel_wrong_guesses_evaluate_five(sandbox: Sandbox) -> None:
    sandbox.send()

    answers = at_once(sandbox, "VerificationCheck", [check_body(sandbox.wrong_code())] * MANY)

    assert Counter(answer.status_code for answer in answers) == {200: 5, 429: 45}
    assert Verification.objects.get().checks == 5


def test_fifty_parallel_right_guesses_approve_once(sandbox: Sandbox) -> None:
    sandbox.send()

    answers = at_once(sandbox, "VerificationCheck", [check_body(sandbox.code())] * MANY)

    approved = [answer for answer in answers if answer.json().get("status") == "approved"]
    assert len(approved) == 1
    assert Counter(answer.status_code for answer in answers) == {200: 1, 404: 49}


def test_right_guess_among_parallel_ones_does_not_beat_the_limit(sandbox: Sandbox) -> None:
    sandbox.send()
    wrong, right = check_body(sandbox.wrong_code()), check_body(sandbox.code())

    answers = at_once(sandbox, "VerificationCheck", [wrong] * 30 + [right] + [wrong] * 19)

    evaluated = [answer for answer in answers if answer.status_code == 200]
    assert len(evaluated) <= 5
    assert Verification.objects.get().checks <= 5


def test_parallel_sends_make_one_verification_and_five_texts(sandbox: Sandbox) -> None:
    answers = at_once(sandbox, "Verifications", [SEND] * 20)

    assert Counter(answer.status_code for answer in answers) == {201: 5, 429: 15}
    assert len({answer.json()["sid"] for answer in answers if answer.status_code == 201}) == 1
    assert Verification.objects.get().sends == 5
    assert len(sandbox.texts()) == Attempt.objects.count() == 5


def test_parallel_requests_under_one_key_send_once(sandbox: Sandbox) -> None:
    headers = {"Idempotency-Key": "one"}

    answers = at_once(sandbox, "Verifications", [SEND] * 10, **headers)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(sandbox.texts()) == 1


def test_replay_neither_sends_nor_counts(sandbox: Sandbox) -> None:
    first = sandbox.post("Verifications", SEND, Idempotency_Key="k1")
    second = sandbox.post("Verifications", SEND, Idempotency_Key="k1")

    assert second.json() == first.json()
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Verification.objects.get().sends == 1
    assert [text["idempotency_key"] for text in sandbox.texts(ANN)] == ["k1"]


def test_replayed_approval_is_approved_again(sandbox: Sandbox) -> None:
    sandbox.send()
    body = check_body(sandbox.code())

    answers = [sandbox.post("VerificationCheck", body, Idempotency_Key="k") for _ in range(2)]

    assert [answer.json()["status"] for answer in answers] == ["approved", "approved"]


def test_same_key_with_another_body_is_refused(sandbox: Sandbox) -> None:
    sandbox.post("Verifications", SEND, Idempotency_Key="k1")

    refused = sandbox.post("Verifications", f"{SEND}&Locale=de", Idempotency_Key="k1")

    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


def test_429_is_not_kept_and_a_400_is(sandbox: Sandbox) -> None:
    to_once = "To=%2B15005551429&Channel=sms"
    busy = [sandbox.post("Verifications", to_once, Idempotency_Key="busy") for _ in range(2)]
    bad = [sandbox.post("Verifications", "To=1", Idempotency_Key="bad") for _ in range(2)]

    assert [answer.status_code for answer in busy] == [429, 201]
    assert "Idempotency-Replayed" in bad[1].headers


def test_key_is_free_again_after_a_day(sandbox: Sandbox) -> None:
    first = sandbox.post("Verifications", SEND, Idempotency_Key="k1")
    sandbox.pass_time(24 * 3600 + 1)

    later = sandbox.post("Verifications", SEND, Idempotency_Key="k1")

    assert later.json()["sid"] != first.json()["sid"]


def test_start_takes_few_queries(
    sandbox: Sandbox, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    basic = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    browser = Client(headers={"Authorization": f"Basic {basic}"})
    path = f"/v2/Services/{SERVICE}/Verifications"

    with django_assert_max_num_queries(4 + 2):  # four, and the transaction's two
        browser.post(path, SEND, content_type="application/x-www-form-urlencoded")
