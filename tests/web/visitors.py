"""Browsers without script: signed in as somebody, or as nobody."""

from __future__ import annotations

from django.test import Client

from tests.instances.makers import Place
from waypost.people.actor import Actor
from waypost.people.models import Account

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(actor: Actor) -> Client:
    """The browser of a member."""
    client = Client()
    client.force_login(account_of(actor), BACKEND)
    return client


def account_of(actor: Actor) -> Account:
    """The account of a member."""
    assert actor.principal_id is not None
    return Account.objects.get(member__principal_id=actor.principal_id)


def lead_of(place: Place) -> Client:
    """The browser of the place's lead."""
    return signed_in(place.lead)
