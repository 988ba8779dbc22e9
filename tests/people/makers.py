"""People with defaults, for tests of any room."""

from __future__ import annotations

from waypost.engine.errors import Refusal
from waypost.people.actions import add_member, create_account, first_member
from waypost.people.actor import Actor
from waypost.people.models import Account
from waypost.people.queries import member_actor
from waypost.workspace.models import Workspace


def an_account(email: str) -> Account:
    """An account without a password."""
    account = create_account(email)
    assert not isinstance(account, Refusal)
    return account


def an_admin(slug: str = "acme") -> Actor:
    """The owner of a new workspace, on a page."""
    workspace = Workspace.objects.create(slug=slug, name=slug.title())
    account = an_account(f"owner@{slug}.example")
    first_member(workspace.pk, account, "Olivia Owner")
    actor = member_actor(account, "page")
    assert actor is not None
    return actor


def a_colleague(admin: Actor, email: str = "colleague@acme.example") -> Actor:
    """A colleague in the admin's workspace, on a page."""
    account = an_account(email)
    assert not isinstance(add_member(admin, account, "Carl Colleague"), Refusal)
    actor = member_actor(account, "page")
    assert actor is not None
    return actor
