"""API keys: shown once, checked at every request, ended at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people.makers import a_colleague, an_admin
from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.people.keys import (
    change_expiry,
    create_api_key,
    list_api_keys,
    recent_actor,
    revoke_api_key,
    verify_api_key,
)
from waypost.people.models import ApiKey, Principal
from waypost.workspace.models import AuditEntry

pytestmark = pytest.mark.django_db


def made_key(actor: Actor, expires_at: datetime | None = None) -> tuple[ApiKey, str]:
    assert actor.principal_id is not None
    made = create_api_key(actor, "Scripts", actor.principal_id, expires_at)
    assert not isinstance(made, Refusal)
    return made


@pytest.mark.parametrize(
    "spelling",
    [
        "Api-Key {}",
        "API Key {}",
        "API-Key {}",
        "api_key   {}",
        "ApiKey {}",
        "Bearer {}",
        "{}",
        " {} ",
    ],
)
def test_every_spelling_of_the_header_is_accepted(spelling: str) -> None:
    admin = an_admin()
    key, text = made_key(admin)

    actor = verify_api_key(spelling.format(text))

    assert isinstance(actor, Actor)
    assert actor.workspace_id == admin.workspace_id
    assert actor.principal_id == admin.principal_id
    assert actor.principal_ids == admin.principal_ids
    assert (actor.is_admin, actor.origin, actor.caller) == (True, "api", f"key:{key.pk}")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "missing_key"),
        ("", "missing_key"),
        ("Api-Key ", "invalid_key"),
        ("Api-Key nothing.here", "invalid_key"),
        ("Basic abc", "invalid_key"),
        ("a.b\0", "invalid_key"),
        ("Api-Key é.ü", "invalid_key"),
        ("." * 9000, "invalid_key"),
    ],
)
def test_a_wrong_header_is_refused_with_what_to_do(header: str | None, code: str) -> None:
    refusal = verify_api_key(header)

    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert "Company > API keys" in refusal.message


def test_a_right_prefix_with_a_wrong_secret_is_refused() -> None:
    _, text = made_key(an_admin())

    refusal = verify_api_key(text[:-1] + ("a" if text[-1] != "a" else "b"))

    assert isinstance(refusal, Refusal)
    assert refusal.code == "invalid_key"


def test_only_a_hash_of_the_secret_is_kept() -> None:
    key, text = made_key(an_admin())

    prefix, _, secret = text.partition(".")

    stored = ApiKey.objects.values_list("prefix", "secret_hash").get(pk=key.pk)
    assert stored[0] == prefix
    assert len(secret) >= 43
    assert secret.encode() not in bytes(stored[1])


def test_checking_a_key_takes_one_query_and_an_update_once_a_minute() -> None:
    key, text = made_key(an_admin())
    with CaptureQueriesContext(connection) as first:
        verify_api_key(text)
    with CaptureQueriesContext(connection) as second:
        verify_api_key(text)

    assert [len(first), len(second)] == [2, 1]
    key.refresh_from_db()
    assert key.last_used_at is not None


def test_an_expired_key_works_again_once_its_expiry_is_moved() -> None:
    admin = an_admin()
    key, text = made_key(admin, datetime.now(UTC) - timedelta(seconds=1))
    before = verify_api_key(text)

    change_expiry(admin, key.pk, None)

    assert isinstance(before, Refusal)
    assert before.code == "expired_key"
    assert isinstance(verify_api_key(text), Actor)


def test_a_revoked_key_ends_at_once() -> None:
    admin = an_admin()
    key, text = made_key(admin)

    assert revoke_api_key(admin, key.pk) is None

    refusal = verify_api_key(text)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "revoked_key"


def test_a_key_of_a_deactivated_user_is_refused() -> None:
    admin = an_admin()
    _, text = made_key(admin)

    Principal.objects.filter(pk=admin.principal_id or 0).update(deactivated_at=datetime.now(UTC))

    refusal = verify_api_key(text)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "inactive_user"


def test_only_an_admin_manages_keys() -> None:
    admin = an_admin()
    key, _ = made_key(admin)
    colleague = a_colleague(admin)

    asked = [
        create_api_key(colleague, "Mine", colleague.principal_id or 0),
        revoke_api_key(colleague, key.pk),
        change_expiry(colleague, key.pk, None),
        list_api_keys(colleague),
    ]

    assert all(isinstance(one, Refusal) and one.code == "not_permitted" for one in asked)


def test_keys_of_another_workspace_are_unknown() -> None:
    key, _ = made_key(an_admin("one"))
    stranger = an_admin("two")

    refusal = revoke_api_key(stranger, key.pk)

    assert isinstance(refusal, Refusal)
    assert refusal.code == "unknown_key"
    assert list_api_keys(stranger) == []


def test_making_and_revoking_a_key_is_audited_without_its_secret() -> None:
    admin = an_admin()
    key, text = made_key(admin)
    revoke_api_key(admin, key.pk)

    entries = AuditEntry.objects.filter(subject_kind="api_key").order_by("seq")

    assert [entry.act for entry in entries] == ["api_key_created", "api_key_revoked"]
    assert text.partition(".")[2] not in str([entry.payload for entry in entries])


def test_a_key_that_was_just_right_is_not_looked_up_again() -> None:
    admin = an_admin()
    _, text = made_key(admin)
    recent_actor(text)

    with CaptureQueriesContext(connection) as again:
        actor = recent_actor(text)

    assert isinstance(actor, Actor)
    assert len(again) == 0


def test_a_key_that_is_revoked_here_is_refused_at_once() -> None:
    admin = an_admin()
    key, text = made_key(admin)
    recent_actor(text)

    revoke_api_key(admin, key.pk)

    assert isinstance(recent_actor(text), Refusal)
