"""The event webhook: settings, signed events that a real handler takes, and nothing lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sendgrid.helpers.eventwebhook import EventWebhook

from tests.sandbox.sendgrid.conftest import SendGridAccount, a_mail
from waypost.sandbox.keys import control_token
from waypost.sandbox.sendgrid import delivery
from waypost.sandbox.sendgrid.models import Delivery
from waypost.sandbox.sendgrid.shapes import Fields, Json, fields_of
from waypost.sandbox.sendgrid.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER

pytestmark = pytest.mark.urls("waypost.sandbox.urls")
ALL_KINDS: dict[str, Json] = dict.fromkeys(
    ["processed", "deferred", "delivered", "dropped", "bounce", "spam_report"], True
)


@dataclass(slots=True)
class Receiver:
    """A real web server that takes events, or refuses them while told to."""

    url: str = ""
    status: int = 200
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        """The events of all posts."""
        return [event["event"] for _, body in self.posts for event in json.loads(body)]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on a free port of this machine."""
    taken = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.posts.append((dict(self.headers.items()), body))
            self.send_response(taken.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    taken.url = f"http://127.0.0.1:{server.server_port}/events?a=b"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield taken
    server.shutdown()
    thread.join()
    server.server_close()


def a_webhook(account: SendGridAccount, url: str, **changes: Json) -> Fields:
    """A new webhook that hears of everything."""
    body = {"enabled": True, "url": url, **ALL_KINDS, **changes}
    response = account.ask("POST", "/v3/user/webhooks/event/settings", body)
    assert response.status_code == 201, response.content
    return fields_of(json.loads(response.content))


def signed(account: SendGridAccount, webhook: Fields) -> str:
    """Switch signing on; the public key."""
    path = f"/v3/user/webhooks/event/settings/signed/{webhook['id']}"
    return str(json.loads(account.ask("PATCH", path, {"enabled": True}).content)["public_key"])


def is_signed_by(key: str, headers: dict[str, str], body: str) -> bool:
    """What SendGrid's own helper says."""
    hook = EventWebhook()
    public_key = hook.convert_public_key_to_ecdsa(key)
    signature, timestamp = headers[SIGNATURE_HEADER], headers[TIMESTAMP_HEADER]
    return bool(hook.verify_signature(body, signature, timestamp, public_key))


def test_events_of_a_mail_reach_the_webhook(account: SendGridAccount, receiver: Receiver) -> None:
    a_webhook(account, receiver.url)
    mail = a_mail(categories=["welcome"], custom_args={"run": "7", "event": "forged"})

    message_id = account.send(mail)["X-Message-Id"]
    done = delivery.deliver_due()

    processed, delivered = json.loads(receiver.posts[0][1])
    assert done == (2, 0)
    assert (processed["event"], delivered["event"]) == ("processed", "delivered")
    assert delivered["email"] == "ann@example.org"
    assert delivered["sg_message_id"].startswith(f"{message_id}.filter")
    assert (delivered["category"], delivered["run"]) == (["welcome"], "7")
    assert isinstance(delivered["timestamp"], int)
    assert not Delivery.objects.exists()


def test_sendgrids_own_helper_takes_the_signature(
    account: SendGridAccount, receiver: Receiver
) -> None:
    key = signed(account, a_webhook(account, receiver.url))
    account.send(a_mail())

    delivery.deliver_due()

    headers, body = receiver.posts[0]
    assert len(key) == 124
    assert is_signed_by(key, headers, body.decode())
    assert not is_signed_by(key, headers, body.decode().replace("ann@", "eve@"))


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("bounce", ["processed", "bounce"]),
        ("blocked", ["processed", "bounce"]),
        ("deferred", ["processed", "deferred"]),
        ("dropped", ["dropped"]),
        ("spam", ["processed", "delivered", "spamreport"]),
        ("slow", ["processed"]),
    ],
)
def test_magic_address_makes_its_events(
    account: SendGridAccount, receiver: Receiver, name: str, kinds: list[str]
) -> None:
    a_webhook(account, receiver.url)
    account.send(a_mail(personalizations=[{"to": [{"email": f"{name}@sandbox.example"}]}]))

    delivery.deliver_due()

    assert receiver.kinds == kinds


def test_blocked_mail_bounces_with_its_type(account: SendGridAccount, receiver: Receiver) -> None:
    a_webhook(account, receiver.url, processed=False)
    account.send(a_mail(personalizations=[{"to": [{"email": "blocked@sandbox.example"}]}]))

    delivery.deliver_due()

    [event] = json.loads(receiver.posts[0][1])
    assert (event["type"], event["status"]) == ("blocked", "5.7.1")


def test_refused_events_wait_and_come_again(account: SendGridAccount, receiver: Receiver) -> None:
    a_webhook(account, receiver.url)
    account.send(a_mail())
    receiver.status = 500

    first = delivery.deliver_due()
    reasons = set(Delivery.objects.values_list("last_error", flat=True))
    Delivery.objects.update(due=datetime(2020, 1, 1, tzinfo=UTC))
    receiver.status = 200
    second = delivery.deliver_due()

    assert (first, second) == ((0, 2), (2, 0))
    assert reasons == {"The webhook answered 500; it must answer 2xx."}


def test_closed_port_is_no_crash(account: SendGridAccount) -> None:
    a_webhook(account, "http://127.0.0.1:9/")
    account.send(a_mail())

    assert delivery.deliver_due() == (0, 2)


@pytest.mark.django_db(transaction=True)
def test_events_are_posted_in_the_background(
    account: SendGridAccount, receiver: Receiver, transactional_db: None
) -> None:
    a_webhook(account, receiver.url)

    account.send(a_mail())

    thread = delivery._thread
    if thread:
        thread.join(timeout=5)
    assert receiver.kinds == ["processed", "delivered"]


@pytest.mark.parametrize("changes", [{"enabled": False}, {"processed": False, "delivered": False}])
def test_unwanted_events_are_not_made(account: SendGridAccount, changes: dict[str, Json]) -> None:
    a_webhook(account, "http://127.0.0.1:9/", **changes)

    account.send(a_mail())

    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "url", ["", "ftp://example.org/", "file:///etc/passwd", "http://", "http://a b/", "x"]
)
def test_only_web_addresses_are_taken(account: SendGridAccount, url: str) -> None:
    response = account.ask("POST", "/v3/user/webhooks/event/settings", {"url": url})

    assert response.status_code == 400
    assert json.loads(response.content)["errors"][0]["field"] == "url"


def test_settings_are_read_changed_and_deleted(account: SendGridAccount) -> None:
    path = f"/v3/user/webhooks/event/settings/{a_webhook(account, 'https://example.org/')['id']}"

    changed = json.loads(account.ask("PATCH", path, {"bounce": False}).content)
    listed = json.loads(account.ask("GET", "/v3/user/webhooks/event/settings/all").content)
    deleted = account.ask("DELETE", path)

    assert (changed["bounce"], changed["delivered"], changed["open"]) == (False, True, False)
    assert listed["webhooks"] == [changed]
    assert deleted.status_code == 204
    assert account.ask("GET", path).status_code == 404


def test_signing_keeps_its_key_until_switched_off(account: SendGridAccount) -> None:
    webhook = a_webhook(account, "https://example.org/")
    path = f"/v3/user/webhooks/event/settings/signed/{webhook['id']}"
    keys = [signed(account, webhook), signed(account, webhook)]

    read = json.loads(account.ask("GET", path).content)["public_key"]
    off = json.loads(account.ask("PATCH", path, {"enabled": False}).content)["public_key"]

    assert keys == [read, read]
    assert off == ""


def test_test_posts_one_event_of_each_kind(account: SendGridAccount, receiver: Receiver) -> None:
    response = account.ask("POST", "/v3/user/webhooks/event/test", {"url": receiver.url})

    assert response.status_code == 204
    assert len(set(receiver.kinds)) == 11


def test_events_are_delivered_on_a_control_call(
    account: SendGridAccount, receiver: Receiver
) -> None:
    a_webhook(account, receiver.url)
    account.send(a_mail())

    refused = account.client.post("/sandbox/events/deliver")
    token = {"Authorization": f"Bearer {control_token()}"}
    response = account.client.post("/sandbox/events/deliver", headers=token)

    assert refused.status_code == 401
    assert json.loads(response.content) == {"posted": 2, "failed": 0}
