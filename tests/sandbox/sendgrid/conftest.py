"""An account of the sandbox, and the unmodified SDK pointed at it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django.live_server_helper import LiveServer
from sendgrid import SendGridAPIClient

from waypost.sandbox.keys import sha256_hex
from waypost.sandbox.models import Account
from waypost.sandbox.seed import add_key
from waypost.sandbox.sendgrid.shapes import Json

SEED_TEMPLATE = "d-1aa0b4cd59214c18924a28c96ed78f7f"


@dataclass(frozen=True, slots=True)
class SendGridAccount:
    """An account with its bearer key, and a client that speaks as it."""

    sid: str
    key: str
    client: Client

    def ask(
        self, method: str, path: str, body: Json = None, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        """Send a request with the key and a JSON body."""
        raw = b"" if body is None else json.dumps(body).encode()
        given = {"Authorization": f"Bearer {self.key}", **(headers or {})}
        response = self.client.generic(method, path, raw, "application/json", headers=given)
        assert isinstance(response, HttpResponse)
        return response

    def send(self, body: Json, **headers: str) -> HttpResponse:
        """`POST /v3/mail/send`; header names come with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", "/v3/mail/send", body, named)


def new_account(client: Client) -> SendGridAccount:
    """A fresh account with a key."""
    sid, key = f"AC{secrets.token_hex(16)}", f"SG.{secrets.token_urlsafe(32)}"
    account = Account.objects.create(sid=sid, auth_token_sha256=sha256_hex("token"))
    add_key(account, f"SG{secrets.token_hex(16)}", key)
    return SendGridAccount(sid, key, client)


@pytest.fixture
def account(db: None, client: Client) -> SendGridAccount:
    """An account, asked in process."""
    return new_account(client)


@pytest.fixture
def sdk(live_server: LiveServer, client: Client) -> SendGridAPIClient:
    """The vendor's own SDK, speaking over HTTP."""
    return SendGridAPIClient(new_account(client).key, host=live_server.url)


def a_mail(**changes: Json) -> dict[str, Json]:
    """A mail that is accepted, with changes; None takes a field away."""
    mail: dict[str, Json] = {
        "personalizations": [{"to": [{"email": "ann@example.org", "name": "Ann"}]}],
        "from": {"email": "service@example.com", "name": "Service"},
        "subject": "Hello",
        "content": [{"type": "text/html", "value": "<b>Hello</b>"}],
    }
    return {key: value for key, value in {**mail, **changes}.items() if value is not None}
