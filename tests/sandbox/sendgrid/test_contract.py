"""Every answer against SendGrid's published OpenAPI documents.

Two corrections, both known errors of the documents: dynamic template ids are `d-` and 32 hex
letters, no UUIDs; and `help` of an error is a text or null on the wire, no object.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.http import HttpResponse
from jsonschema import Draft4Validator

from tests.sandbox.sendgrid.conftest import SEED_TEMPLATE, SendGridAccount, a_mail
from waypost.sandbox.sendgrid.shapes import Json

CONTRACTS = Path(__file__).resolve().parents[4] / "shared/contracts"
pytestmark = [
    pytest.mark.urls("waypost.sandbox.urls"),
    pytest.mark.skipif(
        not CONTRACTS.exists(),
        reason="SendGrid's OpenAPI documents are not beside the checkout in ../shared/contracts.",
    ),
]
PATTERNS = ("/v3/templates/{template_id}/versions/{version_id}", "/v3/templates/{template_id}")


def document(name: str) -> dict[str, Json]:
    """A document with its two errors mended and OpenAPI's `nullable` said in JSON Schema."""
    text = (CONTRACTS / name).read_text()
    loaded: dict[str, Json] = json.loads(text, object_hook=_mended)
    return loaded


def _mended(part: dict[str, Json]) -> dict[str, Json]:
    if part.get("format") == "uuid" and part.get("minLength") == 36:
        return {"type": "string", "pattern": "^(d-[0-9a-f]{32}|[0-9a-f-]{36})$"}
    if "helper text" in str(part.get("description")):
        return {"type": ["string", "null"]}
    if part.get("nullable") and isinstance(part.get("type"), str):
        part["type"] = [part["type"], "null"]
    return part


def check(response: HttpResponse, name: str, method: str, path: str) -> None:
    """The status is documented, and the body is what the document says."""
    spec = json.loads(json.dumps(document(name)))
    answers = spec["paths"][path][method.lower()]["responses"]
    assert str(response.status_code) in answers
    answer = answers[str(response.status_code)]
    if "$ref" in answer:
        answer = spec["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    if "content" not in answer:
        assert response.content == b""
        return
    schema = {**answer["content"]["application/json"]["schema"], "components": spec["components"]}
    Draft4Validator(schema).validate(json.loads(response.content))


@pytest.mark.parametrize("changes", [{}, {"subject": None}, {"from": None, "content": None}])
def test_mail_send_answers_by_contract(account: SendGridAccount, changes: dict[str, Json]) -> None:
    response = account.send(a_mail(**changes))

    check(response, "tsg_mail_v3.json", "post", "/v3/mail/send")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_refusals_answer_by_contract(account: SendGridAccount, method: str) -> None:
    wrong_key = SendGridAccount(account.sid, "SG.wrong", account.client)
    known = account if method == "GET" else wrong_key

    response = known.ask(method, "/v3/mail/send", a_mail())

    check(response, "tsg_mail_v3.json", "post", "/v3/mail/send")


def test_batches_answer_by_contract(account: SendGridAccount) -> None:
    made = account.ask("POST", "/v3/mail/batch")
    read = account.ask("GET", f"/v3/mail/batch/{json.loads(made.content)['batch_id']}")

    check(made, "tsg_mail_v3.json", "post", "/v3/mail/batch")
    check(read, "tsg_mail_v3.json", "get", "/v3/mail/batch/{batch_id}")


def test_templates_answer_by_contract(account: SendGridAccount) -> None:
    one, name = f"/v3/templates/{SEED_TEMPLATE}", "tsg_templates_v3.json"
    pattern = PATTERNS[1]

    body = {"name": "x", "generation": "dynamic"}
    check(account.ask("POST", "/v3/templates", body), name, "post", "/v3/templates")
    listed = account.ask("GET", "/v3/templates?generations=legacy,dynamic&page_size=1")
    check(listed, name, "get", "/v3/templates")
    check(account.ask("GET", "/v3/templates"), name, "get", "/v3/templates")
    check(account.ask("GET", one), name, "get", pattern)
    check(account.ask("PATCH", one, {"name": "y"}), name, "patch", pattern)
    check(account.ask("POST", one, {}), name, "post", pattern)
    check(account.ask("DELETE", one), name, "delete", pattern)


def test_versions_answer_by_contract(account: SendGridAccount) -> None:
    path, name = f"/v3/templates/{SEED_TEMPLATE}/versions", "tsg_templates_v3.json"
    pattern = PATTERNS[0]

    made = account.ask("POST", path, {"name": "x", "subject": "y", "html_content": "z"})
    one = f"{path}/{json.loads(made.content)['id']}"

    check(made, name, "post", f"{PATTERNS[1]}/versions")
    check(account.ask("GET", one), name, "get", pattern)
    check(account.ask("PATCH", one, {"name": "z"}), name, "patch", pattern)
    check(account.ask("POST", f"{one}/activate"), name, "post", f"{pattern}/activate")
    check(account.ask("DELETE", one), name, "delete", pattern)
