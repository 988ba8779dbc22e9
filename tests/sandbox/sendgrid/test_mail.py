"""What happens to an accepted mail: who gets what, once, and what is kept."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_http_client.exceptions import ForbiddenError, UnauthorizedError
from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import Mail as SdkMail

from tests.sandbox.sendgrid.conftest import SEED_TEMPLATE, SendGridAccount, a_mail
from waypost.sandbox import clock
from waypost.sandbox.messages import newest_messages
from waypost.sandbox.sendgrid.mailbox import mails_to, prune
from waypost.sandbox.sendgrid.models import Mail
from waypost.sandbox.sendgrid.shapes import Json

pytestmark = pytest.mark.urls("waypost.sandbox.urls")


def from_seed(email: str = "ann@example.org", **values: str) -> dict[str, Json]:
    """The mail of the verification workflow, as its step sends it."""
    return {
        "from": {"email": "service@example.com", "name": "Notifications"},
        "personalizations": [{"to": [{"email": email}], "dynamic_template_data": values}],
        "template_id": SEED_TEMPLATE,
    }


def test_sdk_sends_and_gets_a_message_id(sdk: SendGridAPIClient) -> None:
    mail = SdkMail("service@example.com", "ann@example.org", "Hello", html_content="<b>Hi</b>")

    response = sdk.send(mail)

    kept = Mail.objects.get()
    assert (response.status_code, response.body) == (202, b"")
    assert response.headers["X-Message-Id"] == kept.message_id
    assert (kept.to, kept.subject, kept.html) == ("ann@example.org", "Hello", "<b>Hi</b>")
    assert (kept.text, kept.status) == ("Hi", "delivered")


def test_sdk_sends_the_seeds_template(sdk: SendGridAPIClient) -> None:
    mail = SdkMail("service@example.com", "ann@example.org")
    mail.template_id = SEED_TEMPLATE
    mail.dynamic_template_data = {
        "email-subject": "It's ready & yours",
        "email-content": "Hi Ann,<br><br><a href='https://example.org/s/1'>this link</a>.",
    }

    sdk.send(mail)

    kept = Mail.objects.get()
    assert kept.subject == "It's ready & yours"
    assert kept.html == "Hi Ann,<br><br><a href='https://example.org/s/1'>this link</a>."
    assert kept.text == "Hi Ann,\n\nthis link <https://example.org/s/1>."


def test_sdk_raises_for_a_wrong_key_and_a_wrong_sender(sdk: SendGridAPIClient) -> None:
    mail = SdkMail("unverified@sandbox.example", "ann@example.org", "Hello", "x")

    with pytest.raises(ForbiddenError):
        sdk.send(mail)
    with pytest.raises(UnauthorizedError):
        SendGridAPIClient("SG.wrong", host=sdk.host).send(mail)


def test_white_space_around_addresses_is_trimmed(account: SendGridAccount) -> None:
    account.send(from_seed(email=" ann@example.org \n", **{"email-subject": "x"}))

    assert Mail.objects.get().to == "ann@example.org"


def test_each_personalization_gets_its_own_mail(account: SendGridAccount) -> None:
    people: list[Json] = [
        {"to": [{"email": "a@b.org"}], "cc": [{"email": "c@b.org"}], "subject": "For A"},
        {"to": [{"email": "d@b.org"}], "substitutions": {"<b>": "<i>"}},
    ]

    account.send(a_mail(personalizations=people))

    assert [mail.subject for mail in mails_to("C@b.org")] == ["For A"]
    assert [mail.html for mail in mails_to("d@b.org")] == ["<i>Hello</b>"]
    assert len({mail.message_id for mail in mails_to("")}) == 1


def test_sandbox_mode_checks_and_sends_nothing(account: SendGridAccount) -> None:
    settings: Json = {"sandbox_mode": {"enable": True}}

    response = account.send(a_mail(mail_settings=settings))

    assert response.status_code == 200
    assert not Mail.objects.exists()


def test_footer_is_added(account: SendGridAccount) -> None:
    footer: Json = {"footer": {"enable": True, "html": "<hr>bye", "text": "bye"}}

    account.send(a_mail(mail_settings=footer))

    assert Mail.objects.get().html == "<b>Hello</b><hr>bye"


def test_attachments_are_listed_with_their_size(account: SendGridAccount) -> None:
    account.send(a_mail(attachments=[{"content": "aGVsbG8=", "filename": "a.txt"}]))

    assert Mail.objects.get().attachments == [
        {"filename": "a.txt", "type": "application/octet-stream", "size": 5}
    ]


def test_same_key_sends_once_and_answers_the_same(account: SendGridAccount) -> None:
    first = account.send(a_mail(), Idempotency_Key="k1")
    again = account.send(a_mail(), Idempotency_Key="k1")

    assert again.status_code == 202
    assert again["X-Message-Id"] == first["X-Message-Id"]
    assert Mail.objects.get().idempotency_key == "k1"


def test_same_key_with_another_mail_is_refused(account: SendGridAccount) -> None:
    account.send(a_mail(), Idempotency_Key="k1")

    response = account.send(a_mail(subject="Other"), Idempotency_Key="k1")

    assert response.status_code == 422
    assert "idempotency_key_reused" in json.loads(response.content)["errors"][0]["message"]
    assert Mail.objects.count() == 1


def test_send_takes_four_statements_with_key_and_template(account: SendGridAccount) -> None:
    mail = from_seed(**{"email-subject": "x", "email-content": "y"})

    with CaptureQueriesContext(connection) as queries:
        account.send(mail, Idempotency_Key="k1")

    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) == 4


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("bounce", "bounce"),
        ("blocked", "blocked"),
        ("deferred", "deferred"),
        ("dropped", "dropped"),
        ("spam", "spamreport"),
        ("slow", "delivered"),
    ],
)
def test_magic_address_decides_what_happens(
    account: SendGridAccount, name: str, status: str
) -> None:
    to: Json = [{"to": [{"email": f"{name}@sandbox.example"}]}]

    response = account.send(a_mail(personalizations=to))

    mail = Mail.objects.get()
    assert response.status_code == 202
    assert mail.status == status
    assert bool(mail.reason) == (status != "delivered")


def test_another_accounts_template_is_unknown(account: SendGridAccount) -> None:
    other = account.ask("POST", "/v3/templates", {"name": "Mine", "generation": "dynamic"})
    template_id = json.loads(other.content)["id"]

    response = account.send({**from_seed(), "template_id": template_id})

    assert response.status_code == 400  # It has no version yet, so nothing could be sent.


def test_mails_appear_among_the_sandboxs_messages(account: SendGridAccount) -> None:
    account.send(a_mail(), Idempotency_Key="k1")

    [message] = newest_messages("ann@example.org")
    assert (message.channel, message.subject, message.body) == ("email", "Hello", "<b>Hello</b>")
    assert message.idempotency_key == "k1"


def test_mails_are_pruned_after_a_day_of_the_sandboxs_clock(account: SendGridAccount) -> None:
    account.send(a_mail())

    prune(clock.now() + timedelta(hours=23))
    kept_before = Mail.objects.count()
    prune(clock.now() + timedelta(hours=25))

    assert (kept_before, Mail.objects.count()) == (1, 0)


def test_batches_are_given_out_and_known(account: SendGridAccount) -> None:
    made = json.loads(account.ask("POST", "/v3/mail/batch").content)

    read = account.ask("GET", f"/v3/mail/batch/{made['batch_id']}")
    unknown = account.ask("GET", "/v3/mail/batch/none")

    assert json.loads(read.content) == made
    assert unknown.status_code == 404


def test_the_rest_of_v3_is_honestly_absent(account: SendGridAccount) -> None:
    response = account.ask("GET", "/v3/marketing/contacts")

    fault = json.loads(response.content)["errors"][0]
    assert response.status_code == 404
    assert fault["message"] == "not found"
    assert "mail/send" in fault["help"]


def test_scopes_name_what_is_there(account: SendGridAccount) -> None:
    assert "mail.send" in json.loads(account.ask("GET", "/v3/scopes").content)["scopes"]
