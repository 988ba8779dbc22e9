"""Secrets and links enter a request at the last moment, and nobody can pose as one."""

from __future__ import annotations

from urllib.parse import quote, quote_plus
from uuid import UUID

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from tests.integrations.sites import a_door
from waypost.integrations.credentials import NewCredential, create_credential
from waypost.integrations.failures import CredentialRefused, RequestRefused
from waypost.integrations.http import Request
from waypost.integrations.models import Credential
from waypost.integrations.models import Kind as CredentialKind
from waypost.integrations.placeholders import (
    Filling,
    Kind,
    fill_secrets,
    placeholder,
    visit_nonce,
    with_credential,
)
from waypost.workspace.models import Workspace

UID = UUID("7f1f3f7e-7b5c-4a33-9c27-3f0f7a0f9d11")
NONCE = visit_nonce(UID, "send-text", 1)
LINK = "https://waypost.example/s/12.abc"
TWILIO = "https://verify.twilio.com"
URL = f"{TWILIO}/v2/Services"


def a_filling(*credentials: Credential) -> Filling:
    by_name = {credential.name: credential for credential in credentials}
    return Filling(NONCE, by_name, {"verify yourself": LINK})


@pytest.fixture
def twilio_credential(db: None) -> Credential:
    workspace_id = Workspace.objects.create(slug="acme", name="Acme").pk
    new = NewCredential("Twilio é", CredentialKind.BASIC, "t0ken", "AC1", (TWILIO,))
    stored = create_credential(workspace_id, new)
    assert isinstance(stored, Credential)
    return stored


def test_credential_replaces_the_steps_own_header(twilio_credential: Credential) -> None:
    request = Request("POST", URL, (("authorization", "Basic literal"), ("X-A", "1")))

    rendered = with_credential(request, twilio_credential, NONCE)
    filled = fill_secrets(rendered, a_filling(twilio_credential), a_door())

    assert "t0ken" not in repr(rendered)
    assert filled.request.headers == (("X-A", "1"), ("Authorization", "Basic QUMxOnQwa2Vu"))
    assert filled.secrets == {"t0ken", "QUMxOnQwa2Vu"}


def test_credential_goes_where_the_map_really_leads(twilio_credential: Credential) -> None:
    request = with_credential(Request("GET", "https://printed.example/"), twilio_credential, NONCE)
    door = a_door(origin_map={"https://printed.example": TWILIO})

    assert fill_secrets(request, a_filling(twilio_credential), door).secrets
    with pytest.raises(CredentialRefused, match=r"only to https://verify\.twilio\.com"):
        fill_secrets(request, a_filling(twilio_credential), a_door())


def test_missing_credential_is_named() -> None:
    stand_in = placeholder(NONCE, Kind.SECRET, "Gone")

    with pytest.raises(CredentialRefused, match="“Gone”"):
        fill_secrets(Request("GET", URL, (("X-Key", stand_in),)), a_filling(), a_door())


def test_secret_stays_out_of_url_and_body(twilio_credential: Credential) -> None:
    stand_in = placeholder(NONCE, Kind.SECRET, twilio_credential.name)
    request = Request("POST", f"{URL}?key={stand_in}", (), stand_in.encode())

    filled = fill_secrets(request, a_filling(twilio_credential), a_door())

    assert filled.request == request
    assert filled.secrets == frozenset()


def test_link_is_filled_in_everywhere() -> None:
    plain = placeholder(NONCE, Kind.LINK, "verify yourself")
    encoded = placeholder(NONCE, Kind.ENCODED_LINK, "verify yourself")
    request = Request("POST", f"{URL}?to={encoded}", (("X-Link", plain),), f'["{plain}"]'.encode())

    filled = fill_secrets(request, a_filling(), a_door()).request

    assert filled.url == f"{URL}?to={quote(LINK, safe='')}"
    assert filled.headers == (("X-Link", LINK),)
    assert filled.body == f'["{LINK}"]'.encode()


def test_link_of_no_step_is_refused() -> None:
    stand_in = placeholder(NONCE, Kind.LINK, "nowhere")

    with pytest.raises(RequestRefused, match="“nowhere” has no public link"):
        fill_secrets(Request("POST", URL, (), stand_in.encode()), a_filling(), a_door())


@pytest.mark.parametrize("kind", Kind)
def test_placeholder_survives_every_formatting(kind: Kind) -> None:
    stand_in = placeholder(NONCE, kind, "Twilio é / ~")

    assert quote(stand_in, safe="") == quote_plus(stand_in) == stand_in
    assert stand_in.isascii()
    assert stand_in.isprintable()
    assert not set(stand_in) & set("\"'\\<>&{} ")


@given(st.binary())
def test_body_without_placeholders_is_sent_to_the_byte(body: bytes) -> None:
    filled = fill_secrets(Request("POST", URL, (), body), a_filling(), a_door())

    assert filled.request.body == body


def test_placeholder_of_another_visit_is_text() -> None:
    for other in ("", "0" * 32, visit_nonce(UID, "send-text", 2), visit_nonce(UID, "other", 1)):
        body = placeholder(other, Kind.LINK, "verify yourself").encode()

        filled = fill_secrets(Request("POST", URL, (), body), a_filling(), a_door())

        assert filled.request.body == body


def test_waiting_request_stays_fillable_when_a_key_is_added() -> None:
    with override_settings(LINK_KEYS=("old",)):
        before = visit_nonce(UID, "send-text", 1)

    with override_settings(LINK_KEYS=("new", "old")):
        assert visit_nonce(UID, "send-text", 1) == before
    with override_settings(LINK_KEYS=("new",)):
        assert visit_nonce(UID, "send-text", 1) != before
