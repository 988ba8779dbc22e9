"""Conditions: each operator, what counts as empty, and how rules combine."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.engine.makers import a_call, a_form, a_lookup, a_run, a_workflow
from waypost.engine.conditions import (
    Condition,
    Rule,
    RuleGroup,
    condition_holds,
    holds,
    sources_in,
)
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.instance import Status
from waypost.engine.json_value import JSON
from waypost.engine.operators import OPERATORS, SourceValue, operators_for

TODAY = date(2026, 1, 31)
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
Wanted = str | int | float | bool | tuple[str, ...] | None


def compare(
    operator: str, value: JSON, wanted: Wanted = None, status: Status = Status.COMPLETED
) -> bool:
    """Whether one rule holds for one value."""
    rule = Rule(source="step.field", operator=operator, value=wanted)
    return holds(Condition(rules=(rule,)), lambda source: SourceValue(status, value), TODAY)


@pytest.mark.parametrize(
    ("operator", "value", "wanted"),
    [
        ("is", " Approved ", "approved"),
        ("is", 429, "429"),
        ("is", "429", 429),
        ("is", True, "true"),
        ("is_not", "pending", "approved"),
        ("contains", "canceled: PENDING", "pending"),
        ("contains", 429, "429"),
        ("contains", ["A", "B b"], "b B"),
        ("does_not_contain", 429, "pending"),
        ("does_not_contain", ["A", "B"], "C"),
        ("starts_with", "Design it", "design"),
        ("ends_with", "the Design", "design"),
        ("matches", "order 4711", r"^order \d{4}$"),
        ("is_any_of", "A", ("a", "b")),
        ("is_none_of", "C", ("a", "b")),
        ("contains_all_of", ["A", "B", "C"], ("a", "c")),
        ("is_exactly", ["B", "A"], ("a", "b")),
        ("equals", 12, "12.0"),
        ("equals", "12", 12),
        ("differs_from", 12, 13),
        ("less_than", 9, 10),
        ("at_most", 10, 10),
        ("greater_than", "11", 10),
        ("at_least", 10.5, 10.5),
        ("on", "2026-01-31T10:00:00Z", "2026-01-31"),
        ("before", "2026-01-30", "2026-01-31"),
        ("after", "2026-02-01", "2026-01-31"),
        ("within_last_days", "2026-01-29", 2),
        ("within_next_days", "2026-02-02", "2"),
        ("within_next_days", "2026-01-31", 0),
        ("action_is", "return", "return"),
        ("is_empty", "  ", None),
        ("is_empty", [], None),
        ("is_not_empty", 0, None),
    ],
)
def test_an_operator_holds(operator: str, value: JSON, wanted: Wanted) -> None:
    assert compare(operator, value, wanted)


@pytest.mark.parametrize(
    ("operator", "value", "wanted"),
    [
        ("is", "approved", "pending"),
        ("is_not", "pending", "Pending"),
        ("contains", ["AB"], "A"),
        ("does_not_contain", "NOTRECEIVED", "notreceived"),
        ("matches", "order 4711", r"^\d+$"),
        ("is_any_of", "C", ("a", "b")),
        ("is_none_of", "A", ("a", "b")),
        ("contains_all_of", ["A"], ("a", "c")),
        ("is_exactly", ["A", "B"], ("a",)),
        ("less_than", "many", 10),
        ("equals", True, 1),
        ("equals", "nan", "nan"),
        ("on", "soon", "2026-01-31"),
        ("within_last_days", "2026-01-28", 2),
        ("within_last_days", "2026-02-01", 2),
        ("within_next_days", "2026-02-03", 2),
        ("is_empty", 0, None),
        ("is_not_empty", None, None),
        ("no_such_operator", "a", "a"),
    ],
)
def test_an_operator_does_not_hold(operator: str, value: JSON, wanted: Wanted) -> None:
    assert not compare(operator, value, wanted)


@pytest.mark.parametrize(
    "operator", sorted(set(OPERATORS) - {one.name for one in operators_for("step")})
)
def test_only_denials_hold_for_an_empty_source(operator: str) -> None:
    is_denial = operator in {"is_not", "does_not_contain", "is_none_of", "differs_from", "is_empty"}

    assert compare(operator, None, "") is is_denial
    assert compare(operator, None, "a") is is_denial


@pytest.mark.parametrize(
    ("operator", "status"),
    [
        ("was_completed", Status.COMPLETED),
        ("run_succeeded", Status.COMPLETED),
        ("run_failed_skipped", Status.FAILED_SKIPPED),
        ("was_skipped", Status.SKIPPED),
    ],
)
def test_how_a_step_ended_can_be_asked(operator: str, status: Status) -> None:
    assert [one for one in Status if compare(operator, None, status=one)] == [status]


def test_every_operator_is_offered_somewhere_and_every_subject_has_some() -> None:
    subjects = ("text", "radio", "checklist", "number", "date", "routing", "variable", "step")

    assert {row.name for one in subjects for row in operators_for(one)} == set(OPERATORS)
    assert all(operators_for(one) for one in subjects)


def test_rules_combine_with_one_level_of_groups() -> None:
    yes = Rule(source="yes.x", operator="is", value="1")
    no = Rule(source="no.x", operator="is", value="1")

    def combined(condition: Condition) -> bool:
        return holds(
            condition,
            lambda source: SourceValue(Status.COMPLETED, "1" if source == "yes.x" else "0"),
            TODAY,
        )

    assert combined(Condition())
    assert combined(Condition(match="any"))
    assert not combined(Condition(rules=(yes, no)))
    assert combined(Condition(match="any", rules=(yes, no)))
    assert combined(Condition(rules=(yes,), groups=(RuleGroup(match="any", rules=(no, yes)),)))
    assert not combined(Condition(rules=(yes,), groups=(RuleGroup(rules=(no, yes)),)))


def test_sources_of_groups_are_named_too() -> None:
    group = RuleGroup(rules=(Rule(source="b.x", operator="is_empty"),))
    condition = Condition(rules=(Rule(source="a", operator="was_skipped"),), groups=(group,))

    assert sources_in(condition) == ("a", "b.x")
    assert sources_in(None) == ()


FLOW = a_workflow(
    a_form(
        ShortText(key="x", name="X"),
        Routing(key="way", name="Way", buttons=(Button(label="Stop", action="decline"),)),
    ),
    a_call("status", "text=Challenge expired"),
)


def in_flow(source: str, operator: str, value: Wanted, status: Status) -> bool:
    """Whether a rule holds where both steps ended with values and this status."""
    values: dict[str, JSON] = {
        "x": {"inputValue": "Ann"},
        "way": {"action": "decline", "comment": "", "label": "Stop", "returnToStep": -2},
    }
    form = a_run(values, status=status)
    call = a_run(variables={"status": 429}, status=status)
    lookup = a_lookup(FLOW, details=form, call=call)
    condition = Condition(rules=(Rule(source=source, operator=operator, value=value),))
    return condition_holds(condition, FLOW, lookup.instance, NOW)


@pytest.mark.parametrize(
    ("source", "operator", "value"),
    [
        ("details.x", "is", "ann"),
        ("details.x.inputValue", "is", "ann"),
        ("details.way", "action_is", "decline"),
        ("details.way.label", "is", "Stop"),
        ("call.status", "contains", "429"),
        ("call.text", "is", "challenge expired"),
        ("call", "was_completed", None),
        ("gone.x", "is_empty", None),
        ("call.gone", "is_empty", None),
    ],
)
def test_fields_outputs_variables_and_steps_are_sources(
    source: str, operator: str, value: Wanted
) -> None:
    assert in_flow(source, operator, value, Status.COMPLETED)


@pytest.mark.parametrize("status", [Status.SKIPPED, Status.ACTIVE, Status.NOT_STARTED])
def test_a_source_that_did_not_run_counts_as_empty(status: Status) -> None:
    assert in_flow("call.text", "is_empty", None, status)
    assert in_flow("call.status", "does_not_contain", "pending", status)
    assert not in_flow("details.x", "is", "ann", status)


def test_a_failed_and_passed_call_is_neither_skipped_nor_completed_but_readable() -> None:
    status = Status.FAILED_SKIPPED

    assert in_flow("call.status", "contains", "429", status)
    assert in_flow("call", "run_failed_skipped", None, status)
    assert not in_flow("call", "was_skipped", None, status)
    assert not in_flow("call", "was_completed", None, status)


def test_no_condition_always_holds() -> None:
    assert condition_holds(None, FLOW, a_lookup(FLOW).instance, NOW)
