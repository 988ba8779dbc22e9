"""Wrong passwords are counted by the visitor's address, which nobody can choose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from waypost.people.actions import create_account
from waypost.people.models import Account

pytestmark = pytest.mark.django_db

PASSWORD, WRONG = "correct horse battery", "wrong"


@pytest.fixture
def account() -> Iterator[Account]:
    """Somebody with a password, and nothing counted yet."""
    cache.clear()
    made = create_account("owner@example.org", PASSWORD)
    assert isinstance(made, Account)
    yield made
    cache.clear()


def tried(forwarded: str, email: str = "", password: str = WRONG) -> bool:
    """Whether this signs in, coming through a proxy with this X-Forwarded-For."""
    answer = Client().post(
        "/sign-in/", {"login": email, "password": password}, headers={"X-Forwarded-For": forwarded}
    )
    return answer.status_code == 302


def test_a_made_up_address_does_not_start_the_count_anew(account: Account) -> None:
    for number in range(12):
        tried(f"10.0.0.{number}", f"guess-{number}@example.org")

    assert not tried("10.0.1.1", account.email, PASSWORD)


def test_behind_a_proxy_each_visitor_is_counted_alone(account: Account, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(12):
        tried("192.0.2.1", f"guess-{number}@example.org")

    assert not tried("198.51.100.9, 192.0.2.1", account.email, PASSWORD)
    assert tried("192.0.2.1, 198.51.100.9", account.email, PASSWORD)
