"""The unmodified Twilio SDK over real HTTP, every answer held to the published contract."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TypeAlias
from urllib.parse import urlsplit

import pytest
import requests
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.live_server_helper import LiveServer
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from twilio.rest.verify.v2.service.verification import VerificationInstance
from twilio.rest.verify.v2.service.verification_check import VerificationCheckInstance

from tests.sandbox.twilio.contract import Json, broken_promises
from waypost.sandbox.keys import control_token
from waypost.sandbox.models import Account, Clock, KeptAnswer
from waypost.sandbox.seed import seed_sandbox
from waypost.sandbox.sendgrid.models import Template
from waypost.sandbox.twilio.models import Counter, Service, Text

Given: TypeAlias = str | bool | int | dict[str, str] | None
Refusal: TypeAlias = Callable[..., TwilioRestException]
ACCOUNT = "AC" + "a" * 32
TOKEN = "auth-token-of-the-tests"
SERVICE = "VA" + "b" * 32
KEY = "SK" + "c" * 32
SECRET = "secret-of-the-key"
ANN = "+15017122661"
BOB = "+4915112345678"


class ContractClient(TwilioHttpClient):  # type: ignore[misc]  # the SDK is untyped
    """The SDK's own client, which also compares each answer with the contract."""

    def request(self, method: str, url: str, *args: Given, **kwargs: Given) -> Response:
        """Send as ever, then check what came back."""
        response = super().request(method, url, *args, **kwargs)
        payload = json.loads(response.text) if response.text else None
        path = urlsplit(url).path
        assert broken_promises(method, path, response.status_code, payload) == []
        return response


class Sandbox:
    """The running stand-in: Twilio's SDK, plain HTTP, and the control endpoints."""

    def __init__(self, url: str) -> None:
        """`url` is where it listens."""
        self.url = url
        self.http = requests.Session()
        self.clients: list[ContractClient] = []
        self.sdk = self.sdk_for(ACCOUNT, TOKEN)
        self.service = self.sdk.verify.v2.services(SERVICE)

    def sdk_for(self, username: str, password: str) -> Client:
        """The SDK for other credentials."""
        self.clients.append(ContractClient())
        sdk = Client(username, password, ACCOUNT, http_client=self.clients[-1])
        sdk.verify.base_url = self.url
        return sdk

    def close(self) -> None:
        """Hang up, so that the server's threads end."""
        for session in [self.http, *(client.session for client in self.clients)]:
            if session is not None:
                session.close()

    def send(self, to: str = ANN, channel: str = "sms", **more: Given) -> VerificationInstance:
        """Start a verification or send its code again."""
        return self.service.verifications.create(to=to, channel=channel, **more)

    def check(self, code: str, to: str = ANN, **more: Given) -> VerificationCheckInstance:
        """Check a code."""
        return self.service.verification_checks.create(code=code, to=to, **more)

    def code(self, to: str = ANN) -> str:
        """The newest code on the phone."""
        code = self.control("GET", "messages", params={"to": to}).json()["code"]
        assert isinstance(code, str)
        return code

    def wrong_code(self, to: str = ANN) -> str:
        """A code of the same length that is not the right one."""
        return f"{(int(self.code(to)) + 1) % 1_000_000:06d}"

    def texts(self, to: str = ANN) -> list[dict[str, str]]:
        """Everything that came to the phone, newest first."""
        found: list[dict[str, str]] = self.control("GET", "messages", params={"to": to}).json()[
            "messages"
        ]
        return found

    def pass_time(self, seconds: float) -> None:
        """Move the clock."""
        self.control("POST", "clock", json={"advance_seconds": seconds})

    def switch(self, **switches: str | int) -> None:
        """Set the service's sandbox switches."""
        answer = self.control("POST", f"services/{SERVICE}", json=switches)
        assert answer.status_code == 200, answer.text

    def control(self, method: str, path: str, **more: Json) -> requests.Response:
        """Call a control endpoint with the admin token."""
        headers = {"Authorization": f"Bearer {control_token()}"}
        return self.http.request(
            method, f"{self.url}/sandbox/{path}", headers=headers, timeout=10, **more
        )

    def post(self, path: str, body: str | bytes, **headers: str) -> requests.Response:
        """POST a body as it stands to a path under the service."""
        given = {"Content-Type": "application/x-www-form-urlencoded"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        url = f"{self.url}/v2/Services/{SERVICE}/{path}"
        return self.http.post(url, body, headers=given, auth=(ACCOUNT, TOKEN), timeout=10)


@pytest.fixture(scope="session")
def verify_server(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[LiveServer]:
    """One server for all tests here: emptying a few tables is faster than flushing every one."""
    # A server thread that kept its connection would be in the way of dropping the test database.
    connection.settings_dict["CONN_MAX_AGE"] = 0
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture
def sandbox(
    verify_server: LiveServer, django_db_blocker: DjangoDbBlocker, settings: Settings
) -> Iterator[Sandbox]:
    """A fresh account with one service."""
    settings.SANDBOX_PUBLIC_URL = verify_server.url
    with django_db_blocker.unblock():
        seed_sandbox(ACCOUNT, TOKEN, SERVICE, "SG.key-of-the-tests", f"{KEY}:{SECRET}")
        sandbox = Sandbox(verify_server.url)
        yield sandbox
        sandbox.close()
        for model in (Service, Account, Clock, KeptAnswer, Text, Counter, Template):
            model.objects.all().delete()


@pytest.fixture
def refusal() -> Refusal:
    """Run something that must be refused, and give the SDK's exception."""

    def refused(
        action: Callable[..., object], *args: Given, **kwargs: Given
    ) -> TwilioRestException:
        with pytest.raises(TwilioRestException) as caught:
            action(*args, **kwargs)
        return caught.value

    return refused
