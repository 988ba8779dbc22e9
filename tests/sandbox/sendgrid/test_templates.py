"""Templates and versions through the unmodified SDK and in process."""

from __future__ import annotations

import json

import pytest
from sendgrid import SendGridAPIClient

from tests.sandbox.sendgrid.conftest import SEED_TEMPLATE, SendGridAccount, a_mail
from waypost.sandbox.sendgrid.models import Mail
from waypost.sandbox.sendgrid.shapes import Fields, Json, fields_of, list_of

pytestmark = pytest.mark.urls("waypost.sandbox.urls")


def asked(account: SendGridAccount, method: str, path: str, body: Json = None) -> Fields:
    """What the API answers, after a 2xx."""
    response = account.ask(method, f"/v3/{path}", body)
    assert 200 <= response.status_code < 300, response.content
    return fields_of(json.loads(response.content or b"{}"))


def a_template(account: SendGridAccount, **changes: Json) -> str:
    """The id of a new dynamic template."""
    body = {"name": "Welcome", "generation": "dynamic", **changes}
    return str(asked(account, "POST", "templates", body)["id"])


def test_sdk_makes_a_template_and_sends_with_it(sdk: SendGridAPIClient) -> None:
    body = {"name": "Welcome", "generation": "dynamic"}
    made = json.loads(sdk.client.templates.post(request_body=body).body)
    version = {"name": "One", "subject": "Hi {{name}}", "html_content": "<p>Hi {{name}}</p>"}
    sdk.client.templates._(made["id"]).versions.post(request_body=version)

    people: Json = [{"to": [{"email": "a@b.org"}], "dynamic_template_data": {"name": "O'Neil"}}]
    mail = a_mail(template_id=made["id"], personalizations=people, subject=None, content=None)
    sdk.client.mail.send.post(request_body=mail)

    kept = Mail.objects.get()
    assert made["id"].startswith("d-")
    assert len(made["id"]) == 34
    assert kept.subject == "Hi O&#x27;Neil"  # SendGrid escapes subjects too; {{{…}}} does not.
    assert (kept.html, kept.text) == ("<p>Hi O&#x27;Neil</p>", "Hi O'Neil")


def test_account_starts_with_the_seeds_template(account: SendGridAccount) -> None:
    template = asked(account, "GET", f"templates/{SEED_TEMPLATE}")

    [version] = list_of(template["versions"])
    assert fields_of(version)["subject"] == "{{{email-subject}}}"
    assert fields_of(version)["active"] == 1


def test_first_version_is_active_and_another_takes_over(account: SendGridAccount) -> None:
    path = f"templates/{a_template(account)}/versions"
    first = asked(account, "POST", path, {"name": "1", "subject": "a", "active": 0})
    second = asked(account, "POST", path, {"name": "2", "subject": "b"})

    activated = asked(account, "POST", f"{path}/{second['id']}/activate")

    assert (first["active"], second["active"], activated["active"]) == (1, 0, 1)
    assert asked(account, "GET", f"{path}/{first['id']}")["active"] == 0


def test_version_is_changed_and_deleted(account: SendGridAccount) -> None:
    path = f"templates/{a_template(account)}/versions"
    made = asked(account, "POST", path, {"name": "1", "subject": "a", "html_content": "<b>x</b>"})
    one = f"{path}/{made['id']}"

    changed = asked(account, "PATCH", one, {"subject": "b", "html_content": "<i>y</i>"})
    deleted = account.ask("DELETE", f"/v3/{one}")

    assert (changed["name"], changed["subject"], changed["plain_content"]) == ("1", "b", "y")
    assert deleted.status_code == 204
    assert account.ask("GET", f"/v3/{one}").status_code == 404


def test_template_is_renamed_copied_and_deleted(account: SendGridAccount) -> None:
    template_id = a_template(account)
    version = {"name": "1", "subject": "a", "html_content": "x"}
    asked(account, "POST", f"templates/{template_id}/versions", version)

    renamed = asked(account, "PATCH", f"templates/{template_id}", {"name": "Other"})
    copied = asked(account, "POST", f"templates/{template_id}", {})
    deleted = account.ask("DELETE", f"/v3/templates/{template_id}")

    assert renamed["name"] == "Other"
    assert copied["name"] == "Duplicate: Other"
    assert len(list_of(copied["versions"])) == 1
    assert deleted.status_code == 204
    assert account.ask("GET", f"/v3/templates/{template_id}").status_code == 404


def test_list_is_paged_forth_and_back(account: SendGridAccount) -> None:
    names = [f"T{number}" for number in range(4)]
    for name in names:
        a_template(account, name=name)

    first = asked(account, "GET", "templates?generations=dynamic&page_size=2")
    next_url = str(fields_of(first["_metadata"])["next"])
    second = asked(account, "GET", next_url.partition("/v3/")[2])
    prev_url = str(fields_of(second["_metadata"])["prev"])
    again = asked(account, "GET", prev_url.partition("/v3/")[2])

    assert [fields_of(one)["name"] for one in list_of(second["result"])] == ["T1", "T2"]
    assert again["result"] == first["result"]
    assert fields_of(first["_metadata"])["count"] == 5


@pytest.mark.parametrize("query", ["", "?page_size=0", "?page_size=201", "?page_size=x"])
def test_list_without_page_size_is_refused(account: SendGridAccount, query: str) -> None:
    assert account.ask("GET", f"/v3/templates{query}").status_code == 400


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x", "generation": "new"}, "generation"),
    ],
)
def test_wrong_template_is_refused(
    account: SendGridAccount, body: dict[str, Json], field: str
) -> None:
    response = account.ask("POST", "/v3/templates", body)

    assert response.status_code == 400
    assert json.loads(response.content)["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": "x" * 256}, "subject"),
        ({"html_content": "x" * 1_048_577}, "html_content"),
        ({"active": 2}, "active"),
        ({"editor": "pen"}, "editor"),
        ({"generate_plain_content": 1}, "generate_plain_content"),
        ({"html_content": "{{#if a}}"}, "html_content"),
        ({"subject": "{{upper a}}"}, "subject"),
    ],
)
def test_wrong_version_is_refused(
    account: SendGridAccount, changes: dict[str, Json], field: str
) -> None:
    path = f"/v3/templates/{a_template(account)}/versions"

    response = account.ask("POST", path, {"name": "1", "subject": "a", **changes})

    assert response.status_code == 400
    assert json.loads(response.content)["errors"][0]["field"] == field


def test_legacy_template_wraps_the_mails_own_content(account: SendGridAccount) -> None:
    template_id = a_template(account, generation="legacy")
    version = {"name": "1", "subject": "[<%subject%>]", "html_content": "<hr><%body%><hr>"}
    asked(account, "POST", f"templates/{template_id}/versions", version)

    account.send(a_mail(template_id=template_id))

    kept = Mail.objects.get()
    assert (kept.subject, kept.html) == ("[Hello]", "<hr><b>Hello</b><hr>")
