"""The demo opens its own runs to whoever started it, and nothing else."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.instances.makers import a_form, a_place, published, started
from waypost.config.example import load_example
from waypost.instances.listing import InstanceFilter, Listing, list_instances
from waypost.people.queries import owner_actor
from waypost.sandbox.inbox import address_of
from waypost.web.demo.runs import inbox_token

pytestmark = pytest.mark.django_db

ANN = {"name": "Ann", "email": "ann@example.org", "phone": "+1 500 555 0006"}


@pytest.fixture
def visitor() -> Client:
    """Somebody without an account, before a fresh example."""
    load_example()
    client = Client()
    client.post("/demo/start/", ANN)
    return client


def main_id() -> int:
    owner = owner_actor("page")
    assert owner is not None
    runs = list_instances(owner, InstanceFilter(name="Ann"))
    assert isinstance(runs, Listing)
    return runs.rows[0].id


def test_a_visitor_starts_a_verification_and_sees_it(visitor: Client) -> None:
    page = visitor.get("/demo/").content.decode()
    live = visitor.get("/demo/live").content.decode()

    assert "Phone and mailbox of Ann" in page
    assert "Launch OTP SMS Verification" in live


def test_a_phone_that_is_none_starts_nothing() -> None:
    load_example()

    answer = Client().post("/demo/start/", {**ANN, "phone": "none"})

    assert answer.status_code == 422
    assert b"country code" in answer.content
    assert b'value="none"' in answer.content
    assert answer.cookies.get("demo") is None


def test_others_see_the_form_only(visitor: Client) -> None:
    stranger, forger = Client(), Client()
    forger.cookies["demo"] = f"{main_id()}:1:forged"

    for client in (stranger, forger):
        assert b"Start the demo" in client.get("/demo/").content
        assert client.get("/demo/live").status_code == 404


def test_the_demo_opens_no_other_run(visitor: Client) -> None:
    place = a_place()
    other = started(place, published(place, a_form()))
    step_id = other.workflow.steps[0].id

    answer = visitor.post(f"/demo/instances/{other.id}/steps/{step_id}/complete/", {"visit": "1"})

    assert answer.status_code == 404
    assert visitor.get(f"/instances/{other.id}/").status_code == 302


def test_starting_over_leads_back_to_the_form(visitor: Client) -> None:
    visitor.post("/demo/again/")

    assert b"Start the demo" in visitor.get("/demo/").content


def test_the_sandbox_reads_the_tokens_that_the_demo_makes() -> None:
    assert address_of(inbox_token(" +15005550006 ")) == "+15005550006"


def test_the_demo_s_inbox_opens_without_an_account(visitor: Client) -> None:
    token = inbox_token(ANN["email"])

    assert visitor.get("/sandbox/inbox/mail", {"view": token}).status_code == 200
