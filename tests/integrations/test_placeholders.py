"""Secrets and links enter a request at the last moment, and nobody can pose as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.integrations.sites import a_door
from waypost.engine.json_value import clean_text
from waypost.engine.references import link_placeholder
from waypost.integrations.credentials import NewCredential, create_credential
from waypost.integrations.failures import CredentialRefused, RequestRefused
from waypost.integrations.http import Request
from waypost.integrations.kinds import Kind
from waypost.integrations.models import Credential
from waypost.integrations.placeholders import (
    Filling,
    fill_secrets,
    secret_placeholder,
    with_credential,
)
from waypost.workspace.models import Workspace

TOKEN = "12.Zm9vYmFyYmF6-_x"
TWILIO = "https://verify.twilio.com"
URL = f"{TWILIO}/v2/Services"


def a_filling(*credentials: Credential) -> Filling:
    by_name = {credential.name: credential for credential in credentials}
    return Filling(by_name, {"verify-yourself": TOKEN})


@pytest.fixture
def twilio_credential(db: None) -> Credential:
    workspace_id = Workspace.objects.create(slug="acme", name="Acme").pk
    new = NewCredential("Twilio é", Kind.BASIC, "t0ken", "AC1", (TWILIO,))
    stored = create_credential(workspace_id, new)
    assert isinstance(stored, Credential)
    return stored


def test_credential_replaces_the_steps_own_header(twilio_credential: Credential) -> None:
    request = Request("POST", URL, (("authorization", "Basic literal"), ("X-A", "1")))

    rendered = with_credential(request, twilio_credential)
    filled = fill_secrets(rendered, a_filling(twilio_credential), a_door())

    assert "t0ken" not in repr(rendered)
    assert filled.request.headers == (("X-A", "1"), ("Authorization", "Basic QUMxOnQwa2Vu"))
    assert filled.secrets == {"t0ken", "QUMxOnQwa2Vu"}


def test_credential_goes_where_the_map_really_leads(twilio_credential: Credential) -> None:
    request = with_credential(Request("GET", "https://printed.example/"), twilio_credential)
    door = a_door(origin_map={"https://printed.example": TWILIO})

    assert fill_secrets(request, a_filling(twilio_credential), door).secrets
    with pytest.raises(CredentialRefused, match=r"only to https://verify\.twilio\.com"):
        fill_secrets(request, a_filling(twilio_credential), a_door())


def test_missing_credential_is_named() -> None:
    stand_in = secret_placeholder("Gone")

    with pytest.raises(CredentialRefused, match="“Gone”"):
        fill_secrets(Request("GET", URL, (("X-Key", stand_in),)), a_filling(), a_door())


def test_secret_stays_out_of_url_and_body(twilio_credential: Credential) -> None:
    stand_in = secret_placeholder(twilio_credential.name)
    request = Request("POST", f"{URL}?key={stand_in}", (), stand_in.encode())

    filled = fill_secrets(request, a_filling(twilio_credential), a_door())

    assert filled.request == request
    assert filled.secrets == frozenset()


def test_link_is_filled_in_everywhere() -> None:
    link = "https://waypost.example/s/" + link_placeholder("verify-yourself")
    request = Request("POST", f"{URL}?to={link}", (("X-Link", link),), f'["{link}"]'.encode())

    filled = fill_secrets(request, a_filling(), a_door()).request

    whole = f"https://waypost.example/s/{TOKEN}"
    assert filled.url == f"{URL}?to={whole}"
    assert filled.headers == (("X-Link", whole),)
    assert filled.body == f'["{whole}"]'.encode()


def test_link_of_no_step_is_refused() -> None:
    body = link_placeholder("nowhere").encode()

    with pytest.raises(RequestRefused, match="“nowhere” has no public link"):
        fill_secrets(Request("POST", URL, (), body), a_filling(), a_door())


def test_typed_value_cannot_pose_as_a_placeholder(twilio_credential: Credential) -> None:
    typed = secret_placeholder(twilio_credential.name) + link_placeholder("verify-yourself")
    request = Request("POST", URL, (("X-Typed", clean_text(typed)),), clean_text(typed).encode())

    filled = fill_secrets(request, a_filling(twilio_credential), a_door())

    assert filled.request == request
    assert filled.secrets == frozenset()


@given(st.binary())
def test_body_without_placeholders_is_sent_to_the_byte(body: bytes) -> None:
    filled = fill_secrets(Request("POST", URL, (), body), a_filling(), a_door())

    assert filled.request.body == body
