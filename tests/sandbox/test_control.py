"""Control of the sandbox: who may, and what it does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from waypost.sandbox import clock
from waypost.sandbox.keys import control_token
from waypost.sandbox.seed import seed_sandbox
from waypost.sandbox.twilio.models import Service

SERVICE = "VA" + "b" * 32
pytestmark = pytest.mark.django_db


def with_token() -> Client:
    """A caller who holds the admin token."""
    return Client(headers={"Authorization": f"Bearer {control_token()}"})


@pytest.mark.parametrize("path", ["clock", "messages", f"services/{SERVICE}"])
def test_loopback_is_no_pass(path: str) -> None:
    refused = Client(REMOTE_ADDR="127.0.0.1").get(f"/sandbox/{path}")

    assert (refused.status_code, refused.json()["code"]) == (401, "not_an_admin")


def test_wrong_token_is_no_pass() -> None:
    for token in ("wrong", "", "wröng"):
        client = Client(headers={"Authorization": f"Bearer {token}"})
        assert client.post("/sandbox/clock", {"reset": "1"}).status_code == 401


def test_operator_may_choose_the_token(settings: Settings) -> None:
    settings.SANDBOX_CONTROL_TOKEN = "chosen"

    client = Client(headers={"Authorization": "Bearer chosen"})

    assert client.get("/sandbox/clock").status_code == 200


def test_clock_is_advanced_set_and_reset() -> None:
    client = with_token()

    client.post("/sandbox/clock", {"advance_seconds": "90"})
    client.post("/sandbox/clock", {"advance_seconds": 10}, content_type="application/json")
    advanced = (clock.now() - datetime.now(UTC)).total_seconds()
    client.post("/sandbox/clock", {"offset_seconds": "-60"})
    behind = (clock.now() - datetime.now(UTC)).total_seconds()
    told = client.post("/sandbox/clock", {"reset": "1"}).json()

    assert round(advanced) == 100
    assert round(behind) == -60
    assert told["offset_seconds"] == 0


@pytest.mark.parametrize("fields", [{}, {"advance_seconds": "soon"}, {"offset_seconds": "nan"}])
def test_bad_clock_request_says_what_to_send(fields: dict[str, str]) -> None:
    refused = with_token().post("/sandbox/clock", fields)

    assert refused.status_code == 400
    assert "advance_seconds" in refused.json()["message"]


def test_signed_in_admin_needs_a_csrf_token() -> None:
    admin = get_user_model()(is_active=True, is_superuser=True)
    admin.save()
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)

    assert client.get("/sandbox/clock").status_code == 200
    assert client.post("/sandbox/clock", {"reset": "1"}).status_code == 403


def test_signed_in_others_are_refused() -> None:
    person = get_user_model()(is_active=True)
    person.save()
    client = Client()
    client.force_login(person)

    assert client.get("/sandbox/messages").status_code == 401


def test_switches_are_shown_set_and_checked() -> None:
    seed_sandbox("AC" + "a" * 32, "token", SERVICE, "SG.key")
    client = with_token()

    set_ones = client.post(f"/sandbox/services/{SERVICE}", {"denied_countries": "DE, FR"}).json()
    refused = client.post(f"/sandbox/services/{SERVICE}", {"resend_policy": "maybe"})

    assert set_ones["denied_countries"] == ["DE", "FR"]
    assert (refused.status_code, refused.json()["code"]) == (400, "switch_not_set")
    assert client.get(f"/sandbox/services/{'VA' + '0' * 32}").status_code == 404


def test_seeding_twice_changes_nothing() -> None:
    for _ in range(2):
        seed_sandbox("AC" + "a" * 32, "token", SERVICE, "SG.key", "SK" + "c" * 32 + ":secret")

    assert Service.objects.get().sid == SERVICE


def test_messages_of_nobody() -> None:
    answer = with_token().get("/sandbox/messages", {"to": "+15017122661\0"})

    assert answer.json() == {"code": None, "messages": []}
