"""`mail/send` refuses what SendGrid refuses, with SendGrid's own words: one row a rule."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from python_http_client.exceptions import BadRequestsError
from sendgrid import SendGridAPIClient

from tests.sandbox.sendgrid.conftest import SEED_TEMPLATE, SendGridAccount, a_mail
from waypost.sandbox.sendgrid.shapes import Json

pytestmark = pytest.mark.urls("waypost.sandbox.urls")

TO = {"email": "a@b.org"}
FROM_TEXT = (
    "The from object must be provided for every email send. It is an object that requires the "
    "email parameter, but may also contain a name parameter.  e.g. "
    '{"email" : "example@example.com"}  or '
    '{"email" : "example@example.com", "name" : "Example Recipient"}.'
)
ORDER_TEXT = (
    "Following RFC 1341, section 7.2, if either text/html or text/plain are to be sent in your "
    "email: text/plain needs to be first, followed by text/html, followed by any other content."
)
SEND_AT_TEXT = (
    "The send_at parameter is expecting a Unix timestamp as an integer. We will send immediately "
    "if you include a send_at timestamp that is in the past."
)
DUPLICATE_TEXT = (
    "Each email address in the personalization block should be unique between to, cc, and bcc. "
    "We found the first duplicate instance of [a@b.org] in the personalizations.0.cc field."
)
HTML = {"type": "text/html", "value": "x"}
PLAIN = {"type": "text/plain", "value": "x"}


def one(**fields: Json) -> list[Json]:
    """A list of one personalization to a@b.org with these fields."""
    return [{"to": [TO], **fields}]


ROWS: list[tuple[dict[str, Json], str, str]] = [
    (
        {"personalizations": None},
        "personalizations",
        "The personalizations field is required and must have at least one personalization.",
    ),
    ({"personalizations": []}, "personalizations", "The personalizations field is required"),
    (
        {"personalizations": one() * 1001},
        "personalizations",
        "The personalization block is limited to 1000 personalizations per API request. You have "
        "provided 1001 personalizations. Please consider splitting this into multiple requests "
        "and resending your request.",
    ),
    (
        {"personalizations": [{"to": [{"email": f"a{n}@b.org"} for n in range(1001)]}]},
        "personalizations",
        "There is a limit of 1000 total recipients (to + cc + bcc) per request.",
    ),
    (
        {"personalizations": [{}]},
        "personalizations.0.to",
        "The to array is required for all personalization objects, and must have at least one "
        "email object with a valid email address.",
    ),
    ({"personalizations": ["x"]}, "personalizations.0.to", "The to array is required"),
    (
        {"personalizations": [{"to": [{"email": "nobody"}]}]},
        "personalizations.0.to.0.email",
        "Does not contain a valid address.",
    ),
    (
        {"personalizations": [{"to": [{"email": "a" * 320 + "@b.org"}]}]},
        "personalizations.0.to.0.email",
        "The To email exceeds the maximum total length of 320 characters",
    ),
    (
        {"personalizations": one(cc=[{"email": "c" * 320 + "@b.org"}])},
        "personalizations.0.cc.0.email",
        "The CC email exceeds the maximum total length of 320 characters",
    ),
    ({"personalizations": one(cc=[TO])}, "personalizations.0", DUPLICATE_TEXT),
    ({"personalizations": one(bcc=[{"email": "A@B.org"}])}, "personalizations.0", "Each email"),
    (
        {"personalizations": one(subject="")},
        "personalizations.0.subject",
        "at least one character",
    ),
    (
        {"personalizations": one(headers={"X-A": 1})},
        "personalizations.0.headers.X-A",
        "The header values must be strings.",
    ),
    (
        {"personalizations": one(custom_args={"a": 1})},
        "personalizations.0.custom_args",
        "All values of custom arguments object must be strings",
    ),
    (
        {"personalizations": one(substitutions={"a": "x" * 10_001})},
        "personalizations.0.substitutions",
        "may not exceed 10,000 bytes per personalization.",
    ),
    (
        {"personalizations": one(dynamic_template_data=[1])},
        "personalizations.0.dynamic_template_data",
        "must be a JSON object",
    ),
    ({"from": None}, "from.email", FROM_TEXT),
    ({"from": {"name": "x"}}, "from.email", FROM_TEXT),
    ({"from": "a@b.org"}, "from.email", FROM_TEXT),
    ({"from": {"email": "nobody"}}, "from.email", "Does not contain a valid address."),
    (
        {"reply_to": TO, "reply_to_list": [TO]},
        "reply_to",
        "mutually exclusive",
    ),
    ({"reply_to_list": [TO, TO]}, "reply_to_list", "must be unique"),
    (
        {"reply_to": {"email": "r" * 320 + "@b.org"}},
        "reply_to.email",
        "The Reply-To email exceeds the maximum total length of 320 characters",
    ),
    (
        {"subject": None},
        "subject",
        "The subject is required. You can get around this requirement if you use a template with "
        "a subject defined or if every personalization has a subject defined.",
    ),
    (
        {"content": None},
        "content",
        "Unless a valid template_id is provided, the content parameter is required. There must be "
        "at least one defined content block. We typically suggest both text/plain and text/html "
        "blocks are included, but only one block is required.",
    ),
    (
        {"content": [{"type": "text/html", "value": ""}]},
        "content.0.value",
        "The content value must be a string at least one character in length.",
    ),
    ({"content": [HTML, PLAIN]}, "content", ORDER_TEXT),
    (
        {"attachments": [{"content": "no base64!", "filename": "a.txt"}]},
        "attachments.0.content",
        "The attachment content must be base64 encoded.",
    ),
    ({"attachments": [{"content": "YQ=="}]}, "attachments.0.filename", "filename is required."),
    (
        {"categories": [f"c{n}" for n in range(11)]},
        "categories",
        "There is a limit of 10 categories for each email that is sent. "
        "You provided 11 categories.",
    ),
    ({"categories": ["a", "a"]}, "categories", "unique"),
    ({"categories": ["a" * 256]}, "categories.0", "255"),
    ({"categories": ["ä"]}, "categories.0", "ASCII"),
    ({"send_at": "soon"}, "send_at", SEND_AT_TEXT),
    (
        {"send_at": 4_000_000_000},
        "send_at",
        "Scheduling more than 72 hours in advance is forbidden.",
    ),
    (
        {"template_id": "d-" + "0" * 32},
        "template_id",
        "The Template ID must be a valid template id for your account. "
        f"You provided [d-{'0' * 32}].",
    ),
    ({"headers": {"X-A": 1}}, "headers.X-A", "The header values must be strings."),
    (
        {"headers": {"Subject": "x"}},
        "headers.Subject",
        "Header can not be one of the reserved keys.",
    ),
    ({"custom_args": {"a": 1}}, "custom_args", "All values of custom arguments object must be"),
    (
        {"custom_args": {"a": "x" * 10_001}},
        "custom_args",
        "may not exceed 10,000 bytes per personalization.",
    ),
    ({"asm": {}}, "asm.group_id", "required"),
    ({"ip_pool_name": "x"}, "ip_pool_name", "2 to 64"),
    (
        {"mail_settings": {"sandbox_mode": {"enable": "true"}}},
        "mail_settings.sandbox_mode.enable",
        "The sandbox mode enable param should be a boolean value.",
    ),
    (
        {"tracking_settings": {"click_tracking": {"enable": 1}}},
        "tracking_settings.click_tracking.enable",
        "The click tracking enable param should be a boolean value.",
    ),
]


@pytest.mark.parametrize(("changes", "field", "message"), ROWS)
def test_wrong_mail_is_refused_in_sendgrids_words(
    account: SendGridAccount, changes: dict[str, Json], field: str, message: str
) -> None:
    response = account.send(a_mail(**changes))

    faults = json.loads(response.content)["errors"]
    assert response.status_code == 400
    assert [fault["field"] for fault in faults] == [field]
    assert message in faults[0]["message"]
    assert set(faults[0]) == {"message", "field", "help"}


def test_empty_body_hears_everything_that_is_missing(account: SendGridAccount) -> None:
    response = account.send({})

    faults = json.loads(response.content)["errors"]
    fields = [fault["field"] for fault in faults]
    assert fields == ["personalizations", "from.email", "subject", "content"]
    assert faults[0]["help"].endswith("/Mail/errors.html#-Personalizations-Errors")
    assert faults[3]["help"].endswith("/Mail/errors.html#message.content")


@pytest.mark.parametrize(
    ("body", "kind", "status", "message"),
    [
        (b"{", "application/json", 400, "Bad Request"),
        (b"[]", "application/json", 400, "Bad Request"),
        (b'{"subject": NaN}', "application/json", 400, "Bad Request"),
        (b'{"subject": "\\u0000"}', "application/json", 400, "Bad Request"),
        (b'{"subject": "\\ud800"}', "application/json", 400, "Bad Request"),
        (b"[" * 100_000, "application/json", 400, "Bad Request"),
        (b"{}", "text/plain", 415, "Content-Type should be application/json"),
        (b'{"subject": "\xff"}', "application/json", 415, "Invalid UTF8 in request"),
        (b" " * 3_000_000, "application/json", 413, "content too large"),
    ],
)
def test_unreadable_body_is_refused(
    account: SendGridAccount, body: bytes, kind: str, status: int, message: str
) -> None:
    response = account.client.generic(
        "POST", "/v3/mail/send", body, kind, headers={"Authorization": f"Bearer {account.key}"}
    )

    assert response.status_code == status
    assert json.loads(response.content)["errors"][0]["message"] == message


@pytest.mark.parametrize("header", ["", "Bearer SG.wrong", "Bearer ", "Basic U0c6eA=="])
def test_unknown_key_hears_401_before_anything_else(
    account: SendGridAccount, client: Client, header: str
) -> None:
    response = client.generic("POST", "/v3/mail/send", b"{", headers={"Authorization": header})

    assert response.status_code == 401
    assert json.loads(response.content)["errors"] == [
        {
            "message": "The provided authorization grant is invalid, expired, or revoked",
            "field": None,
            "help": None,
        }
    ]


def test_other_methods_are_refused(account: SendGridAccount) -> None:
    response = account.ask("GET", "/v3/mail/send")

    assert response.status_code == 405
    assert json.loads(response.content)["errors"][0]["message"] == "POST method allowed only"


def test_unverified_sender_is_forbidden(account: SendGridAccount) -> None:
    response = account.send(a_mail(**{"from": {"email": "unverified@sandbox.example"}}))

    fault = json.loads(response.content)["errors"][0]
    assert response.status_code == 403
    assert fault["field"] == "from"
    assert fault["message"].startswith(
        "The from address does not match a verified Sender Identity. "
        "Mail cannot be sent until this error is resolved."
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": None, "personalizations": one(subject="Mine")},
        {"subject": None, "content": None, "template_id": SEED_TEMPLATE},
        {"content": [PLAIN, HTML, {"type": "text/calendar", "value": "x"}]},
        {"send_at": 1},
        {"reply_to_list": [TO, {"email": "c@d.org"}]},
        {"categories": ["a", "b"], "custom_args": {"a": "b"}, "headers": {"X-A": "b"}},
        {"asm": {"group_id": 1, "groups_to_display": [1]}, "ip_pool_name": "pool"},
        {"attachments": [{"content": "YQ==", "filename": "a.txt", "disposition": "inline"}]},
    ],
)
def test_right_mail_is_accepted(account: SendGridAccount, changes: dict[str, Json]) -> None:
    assert account.send(a_mail(**changes)).status_code == 202


def test_sdk_raises_the_same_refusals(sdk: SendGridAPIClient) -> None:
    for changes, field, message in ROWS:
        with pytest.raises(BadRequestsError) as refusal:
            sdk.client.mail.send.post(request_body=a_mail(**changes))

        fault = refusal.value.to_dict["errors"][0]
        assert fault["field"] == field
        assert message in fault["message"]
