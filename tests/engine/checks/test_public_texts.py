"""What people outside get to see."""

from __future__ import annotations

import pytest

from tests.engine.checks.makers import Part, a_call, a_form, a_workflow
from waypost.engine.checks import check_workflow

ADDRESS: Part = {"key": "mail", "type": "email"}
PHONE: Part = {"key": "phone", "type": "phone"}
NAME: Part = {"key": "name", "type": "short_text"}
CUSTOMER = a_form(ADDRESS, NAME, key="customer")
COLLEAGUE = a_form(PHONE, key="colleague")
MAIL = a_call("mail", body='{"to": "{{=customer.mail}}", "text": "{{=outside.public_url}}"}')


def shown(text: str, **more: object) -> Part:
    note: Part = {"key": "note", "type": "instruction", "text": text}
    return a_form(note, key="outside", assignee="external") | more


def found(text: str, **more: object) -> list[tuple[str, str]]:
    workflow = a_workflow(CUSTOMER, COLLEAGUE, MAIL, shown(text, **more))
    return [(one.code, one.severity) for one in check_workflow(workflow)]


@pytest.mark.parametrize(
    "text",
    [
        "Use Bearer abc123abc123abc123",
        "Basic QUM1NTU1NTU6dG9rZW4=1",
        "Api-Key abcdef12.0123456789abcdef",
        "SG.abcdefghij1234.klmnopqrst5678",
        "Account AC" + "5" * 32,
    ],
)
def test_a_secret_in_a_public_text_is_an_error(text: str) -> None:
    assert found(text) == [("public_secret", "error")]


def test_the_same_text_for_colleagues_is_no_finding() -> None:
    assert found("Use Bearer abc123abc123abc123", assignee="workflow_lead") == [
        ("internal_link", "warning")
    ]


def test_a_variable_that_goes_by_the_name_of_a_secret_asks() -> None:
    login = a_call("login", variables=[{"name": "access_token", "path": "$.token"}])
    workflow = a_workflow(CUSTOMER, login, MAIL, shown("{{=login.access_token}}"))

    assert [one.code for one in check_workflow(workflow)] == ["public_secret"]


def test_the_contact_data_of_somebody_else_asks() -> None:
    assert found("Call {{=colleague.phone}}") == [("personal_data_shown", "warning")]


@pytest.mark.parametrize(
    "text", ["{{=customer.mail}}", "{{=customer.name}}", "Bearer of good news"]
)
def test_what_the_reader_may_see_is_no_finding(text: str) -> None:
    assert found(text) == []
