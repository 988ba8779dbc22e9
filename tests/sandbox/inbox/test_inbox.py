"""The inbox page: who may look, what it shows, and that a mail can do nothing to its reader."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from waypost.sandbox import clock
from waypost.sandbox.inbox import address_of, inbox_token
from waypost.sandbox.sendgrid.models import Mail
from waypost.sandbox.twilio.models import Text

pytestmark = [pytest.mark.urls("waypost.sandbox.urls"), pytest.mark.django_db]
EVIL = "<script>alert(1)</script>"


def a_mail(to: str = "ann@example.org", **changes: str) -> Mail:
    """A mail that arrived."""
    values = {
        "account_sid": "AC1",
        "message_id": "m",
        "from_email": "service@example.com",
        "from_name": "Service",
        "subject": "Hello",
        "html": "<b>Hi</b>",
        "text": "Hi",
        "status": "delivered",
    }
    return Mail.objects.create(**{**values, **changes}, to=to, addresses=[to], created=clock.now())


def a_text(to: str = "+15005550006", code: str = "123456", channel: str = "sms") -> Text:
    """A text that arrived."""
    return Text.objects.create(
        account_sid="AC1",
        verification_sid="VE1",
        attempt_sid="VL1",
        channel=channel,
        to=to,
        body=f"Your code is: {code}",
        code=code,
        created=clock.now(),
    )


def signed_in(client: Client, is_staff: bool = False) -> Client:
    """A client with an account."""
    model = get_user_model()
    account = model.objects.create(email="op@example.org", is_staff=is_staff)
    client.force_login(account)
    return client


def text_of(client: Client, path: str) -> str:
    """The page, which is there."""
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_page_asks_strangers_to_sign_in(client: Client) -> None:
    response = client.get("/sandbox/inbox/")

    assert response.status_code == 302
    assert response["Location"].endswith("?next=/sandbox/inbox/")


@pytest.mark.parametrize(
    "path", ["phone", "mail", "live/phone", "live/list", "live/letter", "live/trouble"]
)
def test_panes_and_parts_are_closed_to_strangers(client: Client, path: str) -> None:
    assert client.get(f"/sandbox/inbox/{path}").status_code == 403
    assert client.get(f"/sandbox/inbox/{path}?view=forged").status_code == 403


def test_page_shows_texts_mails_and_magic_numbers(client: Client) -> None:
    a_text()
    a_mail(subject="Good news")

    page = text_of(signed_in(client), "/sandbox/inbox/")

    assert "Your code is: 123456" in page
    assert "Good news" in page
    assert "+15005551202" in page
    assert "bounce@sandbox.example" in page


def test_newest_comes_first(client: Client) -> None:
    for code in ("111111", "222222"):
        a_text(code=code)

    page = text_of(signed_in(client), "/sandbox/inbox/live/phone")

    assert page.index("222222") < page.index("111111")


@pytest.mark.parametrize("wanted", ["%00", "+1%00", "ann%00@example.org"])
def test_an_address_with_a_nul_finds_nothing_and_breaks_nothing(
    client: Client, wanted: str
) -> None:
    text_of(signed_in(client), f"/sandbox/inbox/?to={wanted}")


def test_page_is_filtered_by_number_and_mail(client: Client) -> None:
    for number, code in (("+15005550006", "111111"), ("+15017122661", "222222")):
        a_text(to=number, code=code)
    a_mail(to="ann@example.org", subject="For Ann")
    a_mail(to="bob@example.org", subject="For Bob")

    page = text_of(signed_in(client), "/sandbox/inbox/?to=15005550006%20Ann@example.org")

    assert "111111" in page
    assert "222222" not in page
    assert "For Ann" in page
    assert "For Bob" not in page


def test_view_token_shows_one_address_only(client: Client) -> None:
    a_text()
    a_text(to="+15017122661", code="222222")
    mail = a_mail()
    other = a_mail(to="bob@example.org", subject="For Bob")
    phone, ann = inbox_token("+15005550006"), inbox_token("Ann@example.org ")

    assert "123456" in text_of(client, f"/sandbox/inbox/phone?view={phone}")
    assert "222222" not in text_of(client, f"/sandbox/inbox/phone?view={phone}&to=%2B15017122661")
    assert "Hello" in text_of(client, f"/sandbox/inbox/mail?view={ann}")
    assert "For Bob" not in text_of(client, f"/sandbox/inbox/mail?view={ann}&mail=m{other.id}")
    assert "Hello" not in text_of(client, f"/sandbox/inbox/mail?view={phone}")
    assert client.get(f"/sandbox/inbox/mail/m{mail.id}?view={ann}").status_code == 200
    assert client.get(f"/sandbox/inbox/mail/m{other.id}?view={ann}").status_code == 404
    assert client.get(f"/sandbox/inbox/?view={ann}").status_code == 302


def test_view_token_is_stable_and_cannot_be_made_up() -> None:
    token = inbox_token("ann@example.org")

    assert token == inbox_token("ANN@example.org")
    assert address_of(token) == "ann@example.org"
    assert address_of(token[:-1]) is None


def test_live_part_costs_a_304_until_something_comes(client: Client) -> None:
    signed_in(client)
    a_text()
    tag = client.get("/sandbox/inbox/live/phone")["ETag"]

    same = client.get("/sandbox/inbox/live/phone", headers={"If-None-Match": tag})
    a_text(code="654321")
    changed = client.get("/sandbox/inbox/live/phone", headers={"If-None-Match": tag})

    assert (same.status_code, same.content) == (304, b"")
    assert changed.status_code == 200
    assert b"654321" in changed.content


def test_mails_html_is_escaped_outside_the_preview(client: Client) -> None:
    a_mail(subject=EVIL, from_name=EVIL, text=EVIL, html=EVIL, reason=EVIL)

    page = text_of(signed_in(client), "/sandbox/inbox/")

    assert EVIL not in page
    assert "&lt;script&gt;" in page


def test_preview_runs_and_loads_nothing(client: Client) -> None:
    mail = a_mail(html=f"<b>Hi</b>{EVIL}")

    response = signed_in(client).get(f"/sandbox/inbox/mail/m{mail.id}")

    rules = response["Content-Security-Policy"]
    assert b"<b>Hi</b>" in response.content
    assert rules.startswith("sandbox allow-popups allow-popups-to-escape-sandbox;")
    assert "default-src 'none'" in rules
    assert "img-src data:" in rules
    assert "allow-scripts" not in rules
    assert "allow-same-origin" not in rules


def test_preview_frame_is_sandboxed_and_links_are_web_links(client: Client) -> None:
    a_mail(html="<a href='https://example.org/s/1'>this</a><a href='javascript:alert(1)'>bad</a>")

    page = text_of(signed_in(client), "/sandbox/inbox/mail?target=customer")

    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert '<a class="btn" href="https://example.org/s/1" target="customer"' in page
    assert "javascript:" not in page


def test_code_by_mail_stands_in_the_mailbox(client: Client) -> None:
    text = a_text(to="ann@example.org", channel="email")

    signed_in(client)

    assert '<copy-code><button type="button"><code>123456</code>' in text_of(
        client, "/sandbox/inbox/live/letter"
    )
    assert "123456" not in text_of(client, "/sandbox/inbox/live/phone")
    assert "123456" in text_of(client, f"/sandbox/inbox/mail/t{text.id}")


def test_failures_are_listed(client: Client) -> None:
    a_mail(to="bounce@sandbox.example", status="bounce", reason="550 5.1.1 No such account")

    page = text_of(signed_in(client), "/sandbox/inbox/live/trouble")

    assert "550 5.1.1 No such account" in page


def test_pages_hold_no_inline_script_or_style(client: Client) -> None:
    a_text()
    a_mail()

    page = text_of(signed_in(client, is_staff=True), "/sandbox/inbox/")

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", page)


def test_administrators_move_the_clock(client: Client) -> None:
    signed_in(client, is_staff=True)

    client.post("/sandbox/inbox/clock", {"minutes": "10"})
    moved = clock.offset_seconds()
    client.post("/sandbox/inbox/clock", {"minutes": "reset"})

    assert timedelta(seconds=moved) == timedelta(minutes=10)
    assert clock.offset_seconds() == 0


def test_others_do_not_move_the_clock(client: Client) -> None:
    response = signed_in(client).post("/sandbox/inbox/clock", {"minutes": "10"})

    assert response.status_code == 403
    assert clock.offset_seconds() == 0


def test_missing_mail_is_a_404(client: Client) -> None:
    signed_in(client)

    for key in ("m1", "t1", "x", "m" + "9" * 30):
        assert client.get(f"/sandbox/inbox/mail/{key}").status_code == 404


def test_sandboxs_messages_hold_the_mail(client: Client) -> None:
    a_mail()
    signed_in(client, is_staff=True)

    answer = json.loads(client.get("/sandbox/messages?to=ann@example.org").content)

    assert answer["messages"][0]["subject"] == "Hello"
