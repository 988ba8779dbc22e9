"""Conditions that are settled before anything has happened."""

from __future__ import annotations

import pytest

from tests.engine.checks.makers import ASK, Part, a_call, a_form, a_workflow, codes_of, routed
from waypost.engine.checks import check_workflow

RADIO = a_form({"key": "choice", "type": "radio", "items": ["A", "B"]}, key="ask")
ANY_RADIO = a_form(
    {"key": "choice", "type": "radio", "items": ["A"], "accepts_other": True}, key="ask"
)
NUMBER = a_form({"key": "count", "type": "number", "is_whole": True, "minimum": 0}, key="ask")
DAY = a_form({"key": "day", "type": "date"}, key="ask")
TICKED = a_form({"key": "boxes", "type": "checklist", "items": ["A", "B"]}, key="ask")
SKIPPING = a_call("call", on_failure="skip", variables=[{"name": "text", "path": "$.text"}])
WAYS = routed({"label": "On", "action": "complete"}, {"label": "Stop", "action": "decline"})


def rule(source: str, operator: str, value: object = None) -> Part:
    return {"source": source, "operator": operator, "value": value}


def when(*rules: Part, match: str = "all", key: str = "then") -> Part:
    return {"key": key, "condition": {"match": match, "rules": list(rules)}}


@pytest.mark.parametrize(
    ("asked", "rules"),
    [
        (RADIO, [rule("ask.choice", "is", "A"), rule("ask.choice", "is", "B")]),
        (RADIO, [rule("ask.choice", "is", "a"), rule("ask.choice", "is_none_of", ["A"])]),
        (RADIO, [rule("ask.choice", "is_not_empty"), rule("ask.choice", "is_none_of", ["A", "B"])]),
        (RADIO, [rule("ask.choice", "contains", "C")]),
        (ANY_RADIO, [rule("ask.choice", "is", "x"), rule("ask.choice", "is", "y")]),
        (ASK, [rule("ask.answer", "is", "abc"), rule("ask.answer", "does_not_contain", "b")]),
        (ASK, [rule("ask.answer", "starts_with", "a"), rule("ask.answer", "starts_with", "b")]),
        (ASK, [rule("ask.answer", "contains", "abc"), rule("ask.answer", "does_not_contain", "b")]),
        (ASK, [rule("ask.answer", "is_empty"), rule("ask.answer", "contains", "b")]),
        (NUMBER, [rule("ask.count", "less_than", 0)]),
        (NUMBER, [rule("ask.count", "greater_than", 1), rule("ask.count", "less_than", 2)]),
        (DAY, [rule("ask.day", "before", "2026-01-01"), rule("ask.day", "after", "2026-01-01")]),
        (TICKED, [rule("ask.boxes", "is_exactly", ["A"]), rule("ask.boxes", "contains", "B")]),
        (ASK, [rule("ask", "was_skipped"), rule("ask.answer", "is_not_empty")]),
        (a_call("ask"), [rule("ask", "run_failed_skipped")]),
    ],
)
def test_rules_that_contradict_each_other_never_hold(asked: Part, rules: list[Part]) -> None:
    assert codes_of(asked, when(*rules)) == ["never_holds"]


@pytest.mark.parametrize(
    ("asked", "rules"),
    [
        (RADIO, [rule("ask.choice", "is", "A"), rule("ask.choice", "is_not", "B")]),
        (ANY_RADIO, [rule("ask.choice", "is_not", "A"), rule("ask.choice", "is_not_empty")]),
        (ASK, [rule("ask.answer", "contains", "a"), rule("ask.answer", "contains", "b")]),
        (ASK, [rule("ask.answer", "starts_with", "a"), rule("ask.answer", "starts_with", "ab")]),
        (ASK, [rule("ask.answer", "matches", "^a"), rule("ask.answer", "ends_with", "z")]),
        (NUMBER, [rule("ask.count", "greater_than", 1), rule("ask.count", "less_than", 3)]),
        (DAY, [rule("ask.day", "within_last_days", 3), rule("ask.day", "after", "2026-01-01")]),
        (TICKED, [rule("ask.boxes", "contains_all_of", ["A", "B"])]),
        (SKIPPING, [rule("call", "run_failed_skipped"), rule("call.text", "contains", "late")]),
        (ASK, [rule("ask", "was_skipped"), rule("ask.answer", "is_empty")]),
    ],
)
def test_rules_that_go_together_are_no_finding(asked: Part, rules: list[Part]) -> None:
    assert codes_of(asked, when(*rules)) == []


def test_what_is_this_or_not_this_always_holds() -> None:
    either = when(rule("ask.choice", "is", "A"), rule("ask.choice", "is_not", "A"), match="any")

    assert codes_of(RADIO, either) == ["always_holds"]


def test_a_rule_that_never_holds_is_found_beside_others() -> None:
    mixed = when(
        rule("route.way", "action_is", "return"), rule("route.way", "is_empty"), match="any"
    )

    findings = check_workflow(a_workflow(ASK, WAYS, mixed))

    assert [(one.code, one.attribute) for one in findings] == [("never_holds", "condition.rules.0")]


def test_conditions_that_exclude_each_other_over_steps_are_found() -> None:
    only_a = when(rule("ask.choice", "is", "A"), key="only_a") | {
        "fields": [{"key": "text", "name": "Text", "type": "short_text"}]
    }
    then = when(rule("only_a.text", "contains", "x"), rule("ask.choice", "is", "B"))

    findings = check_workflow(a_workflow(RADIO, only_a, then))

    assert [(one.code, one.step) for one in findings] == [("never_holds", "then")]


def test_a_step_that_needs_one_that_is_always_passed_is_found() -> None:
    never = when(rule("ask.choice", "is", "A"), rule("ask.choice", "is", "B"), key="never")
    then = when(rule("never", "was_completed"))

    findings = check_workflow(a_workflow(RADIO, never, then))

    assert [(one.code, one.step) for one in findings] == [
        ("never_holds", "never"),
        ("never_holds", "then"),
    ]


def test_an_answer_that_may_still_come_settles_nothing() -> None:
    open_still = RADIO | {"is_blocking": False}
    early = when(rule("ask.choice", "is_empty"), key="early")
    then = when(rule("early", "was_completed"), rule("ask.choice", "is", "A"))

    assert codes_of(open_still, early, then) == []


def test_members_of_a_group_rest_on_its_condition() -> None:
    group = when(rule("ask.choice", "is", "A"), key="part") | {"type": "group"}
    member = when(rule("ask.choice", "is", "B")) | {"within": "part"}

    findings = check_workflow(a_workflow(RADIO, group, member))

    assert [(one.code, one.step) for one in findings] == [("never_holds", "then")]


def test_the_message_names_only_the_rules_that_contradict_each_other() -> None:
    rules = [
        rule("ask.choice", "is", "A"),
        rule("ask.choice", "is_not_empty"),
        rule("ask.choice", "is", "B"),
    ]

    (finding,) = check_workflow(a_workflow(RADIO, when(*rules)))

    assert "is “A” and Step: Field is “B”" in finding.message
    assert "is not empty" not in finding.message


def test_fields_are_asked_about_as_steps_are() -> None:
    field: Part = {"key": "more", "type": "short_text"} | {
        "condition": {"rules": [rule("ask.choice", "is", "A"), rule("ask.choice", "is", "B")]}
    }

    findings = check_workflow(a_workflow(RADIO, a_form(field)))

    assert [(one.code, one.step, one.field) for one in findings] == [
        ("never_holds", "form", "more")
    ]


def test_many_rules_on_a_text_are_not_looked_through_for_ever() -> None:
    rules = [rule("ask.answer", "matches", f"^{number}") for number in range(40)]

    assert codes_of(ASK, when(*rules)) == []


def test_a_dead_rule_is_found_in_a_group_that_needs_only_one() -> None:
    rules = [rule("ask.choice", "is", "A"), rule("ask.count", "at_most", -1)]
    group: Part = {"match": "any", "rules": rules}
    choice: Part = {"key": "choice", "type": "radio", "items": ["A", "B"]}
    count: Part = {"key": "count", "type": "number", "minimum": 0}
    asked = a_form(choice, count, key="ask")
    then: Part = {"key": "then", "condition": {"rules": [], "groups": [group]}}

    findings = check_workflow(a_workflow(asked, then))

    assert [(one.code, one.attribute) for one in findings] == [
        ("never_holds", "condition.groups.0.rules.1")
    ]
