"""Accounts, members, teams and the link that lets the owner in."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.people.makers import a_colleague, an_account, an_admin
from waypost.engine.errors import Refusal
from waypost.people.actions import (
    add_member,
    add_to_team,
    change_role,
    create_account,
    ensure_team,
    first_member,
)
from waypost.people.actor import Actor
from waypost.people.keys import create_api_key, verify_api_key
from waypost.people.models import Account, Member
from waypost.people.queries import (
    list_members,
    list_teams,
    member_actor,
    members_by_email,
    names_of,
    owner_actor,
)
from waypost.people.welcome import redeem_welcome, welcome_link

pytestmark = pytest.mark.django_db


def token_of(link: str) -> str:
    assert link.startswith(f"{settings.PUBLIC_URL}/welcome/")
    return link.rstrip("/").rpartition("/")[2]


def test_a_member_acts_with_their_teams() -> None:
    admin = an_admin()
    team = ensure_team(admin, "Verification")

    add_to_team(admin, team.pk, admin.principal_id or 0)

    actor = member_actor(Account.objects.get(email="owner@acme.example"), "page")
    assert actor is not None
    assert actor.principal_ids == {admin.principal_id, team.pk}


def test_a_light_user_is_known_as_one_on_pages_and_by_key() -> None:
    admin = an_admin()
    colleague = a_colleague(admin)
    change_role(admin, colleague.principal_id or 0, Member.Role.LIGHT)
    made = create_api_key(admin, "Light", colleague.principal_id or 0)
    assert not isinstance(made, Refusal)

    on_page = member_actor(Account.objects.get(email="colleague@acme.example"), "page")
    by_key = verify_api_key(made[1])

    assert not colleague.is_light
    assert on_page is not None
    assert on_page.is_light
    assert isinstance(by_key, Actor)
    assert by_key.is_light


def test_an_account_without_a_workspace_is_nobody() -> None:
    assert member_actor(an_account("lone@acme.example"), "page") is None


def test_an_inactive_account_is_nobody() -> None:
    admin = an_admin()
    Account.objects.update(is_active=False)

    account = Account.objects.get()

    assert member_actor(account, "page", admin.workspace_id) is None
    assert owner_actor("cli") is None


def test_an_e_mail_address_has_one_account_whatever_its_case() -> None:
    an_account("ann@acme.example")

    refusal = create_account("ANN@acme.example")

    assert isinstance(refusal, Refusal)
    assert refusal.code == "account_exists"


def test_only_the_first_member_needs_no_admin() -> None:
    admin = an_admin()

    with pytest.raises(ValueError, match="add_member"):
        first_member(admin.workspace_id, an_account("second@acme.example"), "Sam")


def test_a_colleague_may_not_let_people_in() -> None:
    colleague = a_colleague(an_admin())

    refusal = add_member(colleague, an_account("new@acme.example"), "New")

    assert isinstance(refusal, Refusal)
    assert refusal.code == "not_permitted"


def test_the_last_admin_stays_one() -> None:
    admin = an_admin()

    refusal = change_role(admin, admin.principal_id or 0, Member.Role.COLLEAGUE)

    assert isinstance(refusal, Refusal)
    assert refusal.code == "last_admin"


def test_a_team_of_another_workspace_is_unknown() -> None:
    team = ensure_team(an_admin("one"), "Verification")
    stranger = an_admin("two")

    refusal = add_to_team(stranger, team.pk, stranger.principal_id or 0)

    assert isinstance(refusal, Refusal)
    assert refusal.code == "unknown_team"
    assert list_teams(stranger) == []


def test_people_are_found_by_name_and_address() -> None:
    admin = an_admin()
    colleague = a_colleague(admin)

    assert [member.principal.name for member in list_members(admin)] == [
        "Carl Colleague",
        "Olivia Owner",
    ]
    assert members_by_email(admin.workspace_id, ["Colleague@ACME.example", "no@where.example"]) == {
        "colleague@acme.example": colleague.principal_id
    }
    assert names_of(admin.workspace_id, [admin.principal_id or 0]) == {
        admin.principal_id: "Olivia Owner"
    }


def test_a_welcome_link_signs_the_owner_in_once() -> None:
    an_admin()
    token = token_of(welcome_link())

    first, second = redeem_welcome(token), redeem_welcome(token)

    assert isinstance(first, Account)
    assert first.email == "owner@acme.example"
    assert isinstance(second, Refusal)
    assert second.code == "welcome_link_used_up"


def test_of_two_links_only_one_works() -> None:
    an_admin()
    tokens = [token_of(welcome_link()), token_of(welcome_link())]
    redeem_welcome(tokens[0])

    assert isinstance(redeem_welcome(tokens[1]), Refusal)
    assert isinstance(redeem_welcome(token_of(welcome_link())), Account)


@pytest.mark.parametrize("token", ["", "x", "WzEsIiJd:1abc:def", "\0"])
def test_an_invented_welcome_link_is_refused(token: str) -> None:
    an_admin()

    assert isinstance(redeem_welcome(token), Refusal)


def test_without_an_admin_there_is_no_welcome_link() -> None:
    assert welcome_link() == ""
