"""Requests: values that fit and are there, and nothing left to fill in."""

from __future__ import annotations

import pytest

from tests.engine.checks.makers import ASK, Part, a_call, a_form, a_workflow, codes_of
from waypost.engine.checks import check_workflow

FORM_TYPE = {"name": "Content-Type", "value": "application/x-www-form-urlencoded"}
OWN = "https://way.example/api/instances/7/complete_step/"


def a_field(kind: str, **more: object) -> Part:
    return a_form({"key": "value", "type": kind} | more, key="ask")


def when_filled(**more: object) -> Part:
    rule = {"source": "ask.value", "operator": "is_not_empty"}
    return {"condition": {"rules": [rule]}} | more


@pytest.mark.parametrize(
    "call",
    [
        a_call(url="https://api.example/{{=ask.value}}/x"),
        a_call(body='{"number": {{=ask.value}}}'),
    ],
)
def test_a_value_that_may_be_missing_where_it_is_needed_is_found(call: Part) -> None:
    assert codes_of(a_field("short_text"), call) == ["may_be_empty"]
    assert codes_of(a_field("short_text", is_required=True), call) == []
    assert codes_of(a_field("short_text"), call | when_filled()) == []


def test_a_step_that_may_be_skipped_leaves_its_variables_empty() -> None:
    rule = {"source": "ask.answer", "operator": "is", "value": "yes"}
    asked = a_call("asked", variables=[{"name": "id", "path": "$.id"}])
    use = a_call(url="https://api.example/{{=asked.id}}")
    skipped = asked | {"condition": {"rules": [rule]}}

    assert codes_of(ASK, asked, use) == []
    assert codes_of(ASK, skipped, use) == ["may_be_empty"]
    with_default = skipped | {"variables": [{"name": "id", "path": "$.id", "default": "0"}]}
    assert codes_of(ASK, with_default, use) == []


def test_an_empty_value_in_quotes_or_in_a_query_breaks_nothing() -> None:
    call = a_call(url="https://api.example/?a={{=ask.value}}", body='{"b": "{{=ask.value}}"}')

    assert codes_of(a_field("short_text"), call) == []


@pytest.mark.parametrize(
    ("field", "call", "severity"),
    [
        (
            a_field("checklist", items=["A"]),
            a_call(url="https://api.example/?a={{=ask.value}}"),
            "warning",
        ),
        (
            a_field("phone", is_required=True),
            a_call(headers=[FORM_TYPE], body="To=%2B{{=ask.value}}"),
            "warning",
        ),
        (
            a_field("date", is_required=True),
            a_call(url=OWN, body='{"step_id": {{=ask.value}}}'),
            "error",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_found(field: Part, call: Part, severity: str) -> None:
    findings = check_workflow(a_workflow(field, call))

    assert [(one.code, one.severity) for one in findings] == [("unfit_reference", severity)]


def test_digits_after_a_plus_and_plain_lists_fit() -> None:
    phone = a_field("phone", default_output="digits", is_required=True)
    form = a_call(headers=[FORM_TYPE], body="To=%2B{{=ask.value}}")
    listed = a_call(url="https://api.example/?a={{=ask.value|plain}}")

    assert codes_of(phone, form) == []
    assert codes_of(a_field("checklist", items=["A"]), listed) == []


def test_a_prefill_that_its_field_cannot_read_is_found() -> None:
    day = a_field("date", is_required=True)
    count: Part = {"key": "count", "type": "number", "prefill": "{{=ask.value}}"}
    other = count | {"type": "short_text"}

    findings = check_workflow(a_workflow(day, a_form(count)))

    assert [(one.code, one.field) for one in findings] == [("unfit_reference", "count")]
    assert codes_of(day, a_form(other)) == []


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (
            a_call(url="https://api.example/TWILIO_VERIFY_SERVICE_SID/x"),
            "TWILIO_VERIFY_SERVICE_SID",
        ),
        (a_call(body='{"process": "VERIFICATION_WORKFLOW_ID"}'), "VERIFICATION_WORKFLOW_ID"),
        (a_call(body='{"a": "RESULT_ACTION_ID" // the field\n}'), "RESULT_ACTION_ID"),
        (a_call(body='{"from": "me@[company-domain].com"}'), "[company-domain]"),
        (a_call(headers=[{"name": "X-Key", "value": "MY_API_KEY"}]), "MY_API_KEY"),
    ],
)
def test_what_a_guide_left_to_fill_in_is_an_error(call: Part, word: str) -> None:
    findings = [one for one in check_workflow(a_workflow(call)) if one.code == "placeholder_left"]

    assert [one.severity for one in findings] == ["error"]
    assert word in findings[0].message


def test_capitals_that_may_be_meant_only_ask() -> None:
    findings = check_workflow(a_workflow(a_call(body='{"sort": "CUSTOMER_ID"}')))

    assert [(one.code, one.severity) for one in findings] == [("placeholder_left", "warning")]
    assert codes_of(a_call(body='{"CUSTOMER_ID": "NOT_RECEIVED"}')) == []


def test_a_body_that_is_mended_when_it_is_sent_is_found() -> None:
    assert codes_of(a_call(body='{"a": 1} // one')) == ["mended_json"]
    assert codes_of(a_call(body='{"a": 1,}')) == ["mended_json"]
    assert codes_of(a_call(body='{"a": "https://b.example/", "c": "d\ne"}')) == []


def test_json_under_the_name_of_a_form_is_found() -> None:
    assert codes_of(a_call(headers=[FORM_TYPE], body='{"a": 1}')) == ["wrong_content_type"]
    assert codes_of(ASK, a_call(headers=[FORM_TYPE], body="{{=ask.answer}}=1")) == []


def test_a_spelling_of_the_api_key_that_others_refuse_is_found() -> None:
    header = {"name": "Authorization", "value": "API-Key {{=ask.answer}}"}
    body = '{"step_id": "{{=ask.answer}}"}'

    assert codes_of(ASK, a_call(url=OWN, body=body, headers=[header])) == ["header_spelling"]
    assert codes_of(ASK, a_call(headers=[header])) == []
