"""Secrets are kept sealed, go only where they may, and are never readable again."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from django.db import IntegrityError, transaction
from django.test import override_settings

from waypost.engine.errors import Refusal
from waypost.integrations.credentials import (
    NewCredential,
    create_credential,
    credential_from_header,
    credentials_by_name,
    header_for,
    list_credentials,
    replace_secret,
    revoke_credential,
    rotate_credentials,
    secret_texts,
)
from waypost.integrations.failures import CredentialRefused
from waypost.integrations.kinds import Kind
from waypost.integrations.models import Credential
from waypost.workspace.models import Workspace

SENDGRID = "https://api.sendgrid.com"
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace_id() -> int:
    return Workspace.objects.create(slug="acme", name="Acme").pk


def a_credential(
    workspace_id: int,
    kind: Kind = Kind.BEARER,
    shown: str = "",
    *,
    name: str = "Mail",
    secret: str = "SG.s3cret",  # noqa: S107 - nobody's
) -> Credential:
    """A stored credential for SendGrid."""
    stored = create_credential(workspace_id, NewCredential(name, kind, secret, shown, (SENDGRID,)))
    assert isinstance(stored, Credential)
    return stored


@pytest.mark.parametrize(
    ("kind", "shown", "header"),
    [
        (Kind.BASIC, "AC1", ("Authorization", "Basic QUMxOlNHLnMzY3JldA==")),
        (Kind.BEARER, "", ("Authorization", "Bearer SG.s3cret")),
        (Kind.API_KEY, "Api-Key", ("Authorization", "Api-Key SG.s3cret")),
        (Kind.HEADER, "X-Api-Key", ("X-Api-Key", "SG.s3cret")),
    ],
)
def test_each_kind_travels_in_its_header(
    workspace_id: int, kind: Kind, shown: str, header: tuple[str, str]
) -> None:
    a_credential(workspace_id, kind, shown)

    stored = credentials_by_name(workspace_id, ["Mail"])["Mail"]

    assert header_for(stored, [SENDGRID]) == header
    assert "SG.s3cret" in secret_texts(stored)


def test_database_and_list_hold_no_secret(workspace_id: int) -> None:
    stored = a_credential(workspace_id)

    (summary,) = list_credentials(workspace_id)

    row = Credential.objects.filter(pk=stored.pk).values().get()
    assert "s3cret" not in repr(row) + repr(summary) + str(stored)
    assert "s3cret" not in base64.urlsafe_b64decode(row["sealed"]).decode("latin-1")
    assert summary.name == "Mail"
    assert summary.origins == (SENDGRID,)


def test_what_a_person_enters_does_not_print_its_secret() -> None:
    assert "s3cret" not in repr(NewCredential("Mail", Kind.BEARER, "SG.s3cret"))


def test_credential_is_refused_elsewhere_with_the_places_where_it_may_go(workspace_id: int) -> None:
    stored = a_credential(workspace_id)

    for origin in ("https://evil.example", "http://api.sendgrid.com", f"{SENDGRID}:444"):
        with pytest.raises(CredentialRefused, match=SENDGRID) as refusal:
            header_for(stored, [origin])
        assert "s3cret" not in str(refusal.value)


def test_origins_are_kept_in_their_one_spelling(workspace_id: int) -> None:
    new = NewCredential("Mail", Kind.BEARER, "SG.s3cret", "", ("HTTPS://Api.SendGrid.com:443/v3",))

    stored = create_credential(workspace_id, new)

    assert isinstance(stored, Credential)
    assert stored.origins == [SENDGRID]


def test_revoked_credential_is_empty_until_it_gets_a_new_secret(workspace_id: int) -> None:
    stored = a_credential(workspace_id)

    assert revoke_credential(workspace_id, "Mail") is None
    stored.refresh_from_db()
    assert (stored.sealed, stored.is_active) == ("", False)
    assert secret_texts(stored) == frozenset()
    with pytest.raises(CredentialRefused, match="was revoked"):
        header_for(stored, [SENDGRID])

    assert replace_secret(workspace_id, "Mail", "SG.newer") is None
    stored.refresh_from_db()
    assert header_for(stored, [SENDGRID])[1] == "Bearer SG.newer"


def test_name_is_free_in_another_workspace_only(workspace_id: int) -> None:
    other = Workspace.objects.create(slug="other", name="Other").pk
    a_credential(workspace_id)
    a_credential(other)

    again = create_credential(
        workspace_id, NewCredential("Mail", Kind.BEARER, "SG.s3cret", "", (SENDGRID,))
    )

    assert isinstance(again, Refusal)
    assert again.code == "credential_exists"


def test_another_workspaces_credential_does_not_exist(workspace_id: int) -> None:
    other = Workspace.objects.create(slug="other", name="Other").pk
    a_credential(workspace_id)

    assert credentials_by_name(other, ["Mail"]) == {}
    assert list_credentials(other) == []
    for answer in (revoke_credential(other, "Mail"), replace_secret(other, "Mail", "SG.s3cret")):
        assert answer is not None
        assert answer.code == "not_found"


def test_row_copied_to_another_workspace_does_not_open(workspace_id: int) -> None:
    other = Workspace.objects.create(slug="other", name="Other").pk
    stored = a_credential(workspace_id)
    copied = Credential.objects.create(
        workspace_id=other, name="Mine", kind="bearer", sealed=stored.sealed, origins=[SENDGRID]
    )

    with pytest.raises(CredentialRefused, match="another workspace"):
        header_for(copied, [SENDGRID])


def test_rotation_makes_the_old_key_needless(workspace_id: int) -> None:
    with override_settings(CREDENTIAL_KEYS=(OLD,)):
        stored = a_credential(workspace_id)
        revoked = a_credential(workspace_id, name="Gone")
        revoke_credential(workspace_id, revoked.name)

    with override_settings(CREDENTIAL_KEYS=(NEW, OLD)):
        assert header_for(stored, [SENDGRID])[1] == "Bearer SG.s3cret"
        assert rotate_credentials() == 1

    stored.refresh_from_db()
    with override_settings(CREDENTIAL_KEYS=(NEW,)):
        assert header_for(stored, [SENDGRID])[1] == "Bearer SG.s3cret"
    with override_settings(CREDENTIAL_KEYS=(OLD,)), pytest.raises(CredentialRefused) as refusal:
        header_for(stored, [SENDGRID])
    assert "WAYPOST_CREDENTIAL_KEY" in str(refusal.value)


GOOD = NewCredential("Mail", Kind.BEARER, "SG.s3cret", "", (SENDGRID,))


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (replace(GOOD, name=" "), "invalid_name"),
        (replace(GOOD, name="x" * 101), "invalid_name"),
        (replace(GOOD, origins=()), "origins_missing"),
        (replace(GOOD, origins=("api.sendgrid.com",)), "invalid_origin"),
        (replace(GOOD, secret="abc"), "invalid_secret"),
        (replace(GOOD, secret="abcd\r\nX-Evil: 1"), "invalid_secret"),
        (replace(GOOD, secret=" abcd "), "invalid_secret"),
        (replace(GOOD, kind=Kind.BASIC), "invalid_user"),
        (replace(GOOD, kind=Kind.BASIC, shown="a:b"), "invalid_user"),
        (replace(GOOD, kind=Kind.API_KEY), "invalid_prefix"),
        (replace(GOOD, kind=Kind.HEADER, shown="X Key"), "invalid_header"),
        (replace(GOOD, kind=Kind.HEADER, shown="Host"), "invalid_header"),
        (replace(GOOD, kind=Kind.HEADER, shown="Waypost-Origin"), "invalid_header"),
        (replace(GOOD, kind=Kind.HEADER, shown="User-Agent"), "invalid_header"),
        (replace(GOOD, shown="a\nb"), "invalid_shown"),
    ],
)
def test_unusable_credential_is_refused_with_a_reason(
    workspace_id: int, new: NewCredential, code: str
) -> None:
    refusal = create_credential(workspace_id, new)

    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert Credential.objects.count() == 0


@pytest.mark.parametrize(
    "change", [{"origins": []}, {"name": ""}, {"kind": "other"}, {"sealed": ""}]
)
def test_database_holds_the_rules_too(workspace_id: int, change: dict[str, object]) -> None:
    stored = a_credential(workspace_id)

    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.filter(pk=stored.pk).update(**change)


@pytest.mark.parametrize(
    ("name", "value", "kind", "shown", "secret"),
    [
        ("Authorization", "Basic QUMxOnRvOmtlbg==", Kind.BASIC, "AC1", "to:ken"),
        ("Authorization", "Bearer SG.key", Kind.BEARER, "", "SG.key"),
        ("Authorization", "Api-Key NEXT_KEY", Kind.API_KEY, "Api-Key", "NEXT_KEY"),
        ("Authorization", "API Key NEXT_KEY", Kind.API_KEY, "API Key", "NEXT_KEY"),
        ("authorization", "Basic TWILIO_KEY", Kind.API_KEY, "Basic", "TWILIO_KEY"),
        ("Authorization", "secret", Kind.HEADER, "Authorization", "secret"),
        ("X-Api-Key", "secret", Kind.HEADER, "X-Api-Key", "secret"),
    ],
)
def test_pasted_header_becomes_the_credential_that_sends_it_again(
    workspace_id: int, name: str, value: str, kind: Kind, shown: str, secret: str
) -> None:
    new = credential_from_header(name, value, f"{SENDGRID}/v3/mail/send")

    assert (new.kind, new.shown, new.secret) == (kind, shown, secret)
    assert new.origins == (SENDGRID,)
    stored = create_credential(workspace_id, new)
    assert isinstance(stored, Credential)
    assert header_for(stored, [SENDGRID]) == (name.title(), value)
