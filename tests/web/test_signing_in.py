"""Password, welcome link, and out again."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

from waypost.people.actions import create_account, first_member
from waypost.people.models import Account
from waypost.people.welcome import welcome_link
from waypost.workspace.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Account:
    """An owner with a password."""
    workspace = Workspace.objects.create(slug="one", name="One")
    account = create_account("owner@example.org", "correct horse battery")
    assert isinstance(account, Account)
    first_member(workspace.pk, account, "Olivia")
    return account


def test_a_password_signs_in_and_leads_back(owner: Account) -> None:
    client = Client()

    answer = client.post(
        "/sign-in/?next=/instances/",
        {"login": owner.email, "password": "correct horse battery", "next": "/instances/"},
    )

    assert answer["Location"] == "/instances/"
    assert client.get("/").status_code == 200


def test_a_wrong_password_keeps_the_address_and_says_so(owner: Account) -> None:
    page = Client().post("/sign-in/", {"login": owner.email, "password": "wrong"}).content

    assert b"You are not signed in yet" in page
    assert b'value="owner@example.org"' in page


def test_looking_at_a_welcome_link_does_not_use_it_up(owner: Account) -> None:
    path = urlsplit(welcome_link(owner)).path

    Client().get(path)
    Client().head(path)
    client = Client()
    answer = client.post(path)

    assert answer["Location"] == "/welcome/"
    assert b"Where to?" in client.get("/welcome/").content


def test_a_welcome_link_works_once(owner: Account) -> None:
    path = urlsplit(welcome_link(owner)).path
    Client().post(path)

    again = Client().post(path)

    assert again.status_code == 410
    assert b"used already" in again.content


def test_signing_out_needs_a_button(owner: Account) -> None:
    client = Client()
    client.force_login(owner, "allauth.account.auth_backends.AuthenticationBackend")

    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")

    assert client.get("/").status_code == 302
