"""The findings about single parts of a workflow, each with a workflow that has it."""

from __future__ import annotations

import pytest

from tests.engine.checks.makers import (
    ASK,
    TEXT,
    Part,
    a_call,
    a_form,
    a_workflow,
    chosen,
    routed,
    ruled,
)
from waypost.engine.checks import check_workflow, errors_in
from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding

DECLINE: Part = {"label": "Stop", "action": "decline"}
RADIO = a_form({"key": "choice", "type": "radio", "items": ["A", "B"]}, key="ask")
SHOWS = a_form({"key": "note", "type": "instruction", "text": "Read"}, key="ask")
DATED = a_form({"key": "day", "type": "date"}, key="ask")
COUNTED = a_form({"key": "count", "type": "number"}, key="ask")
EXTERNAL = ASK | {"assignee": "external"}
PLAIN = {"name": "Content-Type", "value": "text/plain"}
TO_ANSWER = "https://{{=ask.answer}}/"
TWICE = chosen(["A", "a "], "checklist")
BODY = '{"a": "{{=ask.answer|json}}", "b": {{=id flow/ask}}}'
OWN = "https://way.example/api/instances/{{=instance.id}}/complete_step/"


@pytest.mark.parametrize(
    ("code", "workflow", "place"),
    [
        ("no_steps", a_workflow(), ("", "", "steps")),
        ("wrong_name", a_workflow(ASK, name=" "), ("", "", "name")),
        ("wrong_name", a_workflow({"key": "a", "name": ""}), ("a", "", "")),
        ("wrong_key", a_workflow({"key": "has space"}), ("", "", "steps.0.key")),
        ("wrong_key", a_workflow(ASK, key="-"), ("", "", "key")),
        ("reserved_key", a_workflow({"key": "instance"}), ("", "", "steps.0.key")),
        ("reserved_key", a_workflow({"key": "url"}), ("", "", "steps.0.key")),
        (
            "wrong_url_parameter",
            a_workflow(ASK, url_parameters=["a b"]),
            ("", "", "url_parameters.0"),
        ),
        (
            "wrong_url_parameter",
            a_workflow(ASK, url_parameters=["time", "time"]),
            ("", "", "url_parameters.1"),
        ),
        (
            "dangling_reference",
            a_workflow({"key": "a", "type": "instruction", "text": "{{=url.time}}"}),
            ("a", "", "text"),
        ),
        (
            "reserved_key",
            a_workflow(a_form({"key": "public_url", "type": "short_text"})),
            ("", "", "steps.0.fields.0.key"),
        ),
        ("duplicate_key", a_workflow(ASK, ASK), ("", "", "steps.1.key")),
        (
            "duplicate_key",
            a_workflow(ASK | {"fields": [TEXT, TEXT]}),
            ("", "", "steps.0.fields.1.key"),
        ),
        (
            "duplicate_key",
            a_workflow(a_call(variables=[{"name": "a", "path": "$"}, {"name": "a", "path": "$"}])),
            ("", "", "steps.0.variables.1.name"),
        ),
        ("unknown_lead", a_workflow(ASK, lead="Ann"), ("", "", "lead")),
        ("unknown_assignee", a_workflow({"key": "a", "assignee": "me"}), ("a", "", "assignee")),
        ("unknown_assignee", a_workflow({"key": "a", "assignee": "team: "}), ("a", "", "assignee")),
        (
            "missing_name_template",
            a_workflow(ASK, has_automatic_names=True),
            ("", "", "has_automatic_names"),
        ),
        (
            "early_reference",
            a_workflow(ASK, name_template="{{=ask.answer}}"),
            ("", "", "name_template"),
        ),
        (
            "malformed_reference",
            a_workflow(
                a_call(
                    body="{{=ask answer}}",
                    headers=[PLAIN],
                )
            ),
            ("call", "", "body"),
        ),
        (
            "unresolved_label",
            a_workflow(a_call(url="https://a.example/{7. Gone - Input - Input (plain)}")),
            ("call", "", "url"),
        ),
        (
            "dangling_reference",
            a_workflow(a_call(url="https://a.example/{{=gone.answer}}")),
            ("call", "", "url"),
        ),
        (
            "dangling_reference",
            a_workflow(ASK, a_call(url="https://a.example/{{=ask.answer.digits}}")),
            ("call", "", "url"),
        ),
        (
            "later_reference",
            a_workflow(a_call(url="https://a.example/{{=ask.answer}}"), ASK),
            ("call", "", "url"),
        ),
        (
            "internal_link",
            a_workflow(ASK, a_call(url="https://a.example/{{=ask.public_url}}")),
            ("call", "", "url"),
        ),
        (
            "dangling_id",
            a_workflow(a_call(url="https://a.example/{{=id flow/gone}}")),
            ("call", "", "url"),
        ),
        ("invalid_url", a_workflow(a_call(url="")), ("call", "", "url")),
        (
            "invalid_url",
            a_workflow(ASK, a_call(url=TO_ANSWER)),
            ("call", "", "url"),
        ),
        (
            "invalid_header",
            a_workflow(a_call(headers=[{"name": "A: b", "value": "c"}])),
            ("call", "", "headers"),
        ),
        ("invalid_json", a_workflow(a_call(body='{"a": b}')), ("call", "", "body")),
        (
            "literal_secret",
            a_workflow(a_call(headers=[{"name": "Authorization", "value": "Bearer abc"}])),
            ("call", "", "headers.0"),
        ),
        (
            "blocking_self_call",
            a_workflow(ASK, a_call(url=OWN, body='{"step_id": "{{=ask.answer}}"}')),
            ("call", "", "url"),
        ),
        ("wrong_number", a_workflow(a_call(timeout_seconds=0)), ("call", "", "timeout_seconds")),
        ("wrong_number", a_workflow(a_call(retry={"statuses": [200]})), ("call", "", "retry")),
        (
            "unknown_source",
            a_workflow(ASK, ruled("is", "gone.answer", "a")),
            ("then", "", "condition.rules.0"),
        ),
        (
            "unknown_source",
            a_workflow(SHOWS, ruled("is_empty", "ask.note")),
            ("then", "", "condition.rules.0"),
        ),
        ("later_source", a_workflow(ruled("is_empty"), ASK), ("then", "", "condition.rules.0")),
        (
            "unknown_operator",
            a_workflow(ASK, ruled("equalz", value="a")),
            ("then", "", "condition.rules.0"),
        ),
        (
            "wrong_operator",
            a_workflow(ASK, ruled("less_than", value=1)),
            ("then", "", "condition.rules.0"),
        ),
        (
            "wrong_operator",
            a_workflow(ASK, ruled("run_succeeded", "ask")),
            ("then", "", "condition.rules.0"),
        ),
        (
            "wrong_condition_value",
            a_workflow(ASK, ruled("is_empty", value="a")),
            ("then", "", "condition.rules.0"),
        ),
        ("wrong_condition_value", a_workflow(ASK, ruled("is")), ("then", "", "condition.rules.0")),
        (
            "wrong_condition_value",
            a_workflow(ASK, ruled("matches", value="(a+)+")),
            ("then", "", "condition.rules.0"),
        ),
        (
            "wrong_condition_value",
            a_workflow(COUNTED, ruled("at_least", "ask.count", "many")),
            ("then", "", "condition.rules.0"),
        ),
        (
            "wrong_condition_value",
            a_workflow(DATED, ruled("before", "ask.day", "soon")),
            ("then", "", "condition.rules.0"),
        ),
        (
            "wrong_condition_value",
            a_workflow(RADIO, ruled("is_any_of", "ask.choice", "A")),
            ("then", "", "condition.rules.0"),
        ),
        (
            "reference_in_value",
            a_workflow(ASK, ruled("is", value="{{=ask.answer}}")),
            ("then", "", "condition.rules.0"),
        ),
        (
            "unknown_item",
            a_workflow(RADIO, ruled("is", "ask.choice", "C")),
            ("then", "", "condition.rules.0"),
        ),
        ("no_items", a_workflow(chosen([])), ("form", "choice", "items")),
        (
            "duplicate_item",
            a_workflow(TWICE),
            ("form", "choice", "items"),
        ),
        ("no_buttons", a_workflow(routed()), ("route", "way", "buttons")),
        (
            "unknown_target",
            a_workflow(routed({"label": "Go", "action": "return", "target": "gone"})),
            ("route", "way", "buttons.0"),
        ),
        (
            "needless_target",
            a_workflow(ASK, routed({"label": "Go", "action": "complete", "target": "ask"})),
            ("route", "way", "buttons.0"),
        ),
        (
            "target_not_earlier",
            a_workflow(routed({"label": "Go", "action": "return", "target": "ask"}), ASK),
            ("route", "way", "buttons.0"),
        ),
        (
            "target_not_later",
            a_workflow(ASK, routed({"label": "Go", "action": "skip_forward", "target": "ask"})),
            ("route", "way", "buttons.0"),
        ),
        ("decline_ends_here", a_workflow(routed(DECLINE), a_call()), ("route", "way", "buttons.0")),
        ("idle_acknowledgement", a_workflow(ASK, acknowledged=["x"]), ("", "", "acknowledged.0")),
    ],
)
def test_each_fault_is_found_at_its_place(
    code: str, workflow: Workflow, place: tuple[str, str, str]
) -> None:
    findings = check_workflow(workflow)

    assert [one.code for one in findings] == [code], findings
    found = findings[0]
    assert (found.step, found.field, found.attribute) == place
    assert found.message and found.remedy


@pytest.mark.parametrize(
    "workflow",
    [
        a_workflow(ASK),
        a_workflow(ASK, a_call(body=BODY)),
        a_workflow(a_call(url="https://a.example/{{=ask.public_url}}"), EXTERNAL),
        a_workflow(ASK, a_call(url="https://a.example/{2. Ask - Answer - Input (plain)}")),
        a_workflow(a_call(url=OWN, is_blocking=False, body='{"step_id": {{=id flow/ask}}}'), ASK),
        a_workflow(ASK, ruled("was_skipped", "ask")),
        a_workflow(RADIO, ruled("is", "ask.choice", "a")),
        a_workflow(DATED, ruled("within_last_days", "ask.day", 3)),
        a_workflow(ASK, name_template="Case {{=instance.id}}", has_automatic_names=True),
        a_workflow(ASK, lead="user:ann@acme.example", tech_lead="team:Builders"),
        a_workflow(a_call(body="{{ not ours }} {a}", headers=[PLAIN])),
    ],
)
def test_what_works_has_no_finding(workflow: Workflow) -> None:
    assert check_workflow(workflow) == ()


@pytest.mark.parametrize(
    "written", ["decline_ends_here", "decline_ends_here:route", "decline_ends_here:route.way"]
)
def test_an_acknowledged_warning_is_no_finding(written: str) -> None:
    workflow = a_workflow(routed(DECLINE), a_call(), acknowledged=[written])

    assert check_workflow(workflow) == ()


def test_an_error_cannot_be_acknowledged() -> None:
    workflow = a_workflow(acknowledged=["no_steps"])

    assert "no_steps" in {one.code for one in errors_in(check_workflow(workflow))}


def test_findings_of_other_layers_are_acknowledged_in_the_same_way() -> None:
    further = Finding("missing_credential", "It is not there.", "Store it.", "warning", "ask")
    silent = a_workflow(ASK, acknowledged=["missing_credential:ask"])

    assert check_workflow(a_workflow(ASK), [further]) == (further,)
    assert check_workflow(silent, [further]) == ()
