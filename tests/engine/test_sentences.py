"""Conditions and moments in words."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.engine.makers import a_call, a_form, a_workflow
from waypost.engine.conditions import Condition, Rule, RuleGroup
from waypost.engine.field_types.date import Date
from waypost.engine.field_types.radio import Radio
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.moment import Moment
from waypost.engine.sentences import condition_phrase, condition_sentence, moment_sentence
from waypost.engine.sources import source_at, sources_before

FLOW = a_workflow(
    a_form(
        Radio(key="kind", name="Customer type", items=("New", "VIP")),
        ShortText(key="code", name="Code"),
        Date(key="due", name="Due date"),
        Routing(key="way", name="Way", buttons=(Button(label="Stop", action="decline"),)),
    ),
    a_call("status", name="Verify Code"),
    a_form(key="last", name="Last"),
)
VIP = Rule(source="details.kind", operator="is", value="VIP")
APPROVED = Rule(source="call.status", operator="is_not", value="approved")
SKIPPED = Rule(source="call", operator="was_skipped")


@pytest.mark.parametrize(
    ("rule", "phrase"),
    [
        (VIP, "Details: Customer type is “VIP”"),
        (APPROVED, "Verify Code: status is not “approved”"),
        (SKIPPED, "Verify Code was skipped"),
        (Rule(source="details.code", operator="is_empty"), "Details: Code is empty"),
        (
            Rule(source="details.kind", operator="is_any_of", value=("New", "VIP")),
            "Details: Customer type is any of “New” or “VIP”",
        ),
        (
            Rule(source="details.due", operator="within_next_days", value=3),
            "Details: Due date is within the next 3 days",
        ),
        (
            Rule(source="details.way", operator="action_is", value="decline"),
            "Details: Way action is “Decline and stop”",
        ),
        (
            Rule(source="details.way.comment", operator="contains", value="no"),
            "Details: Way (comment) contains “no”",
        ),
        (
            Rule(source="gone.x", operator="is", value="y"),
            "`gone.x`, which is gone, is “y”",
        ),
        (Rule(source="details.code", operator="is"), "Details: Code is …"),
    ],
)
def test_a_rule_reads_as_words(rule: Rule, phrase: str) -> None:
    assert condition_phrase(Condition(rules=(rule,)), FLOW) == phrase


def test_all_rules_are_joined_by_and_any_by_or() -> None:
    both = Condition(rules=(VIP, SKIPPED))
    either = replace(both, match="any")

    assert condition_sentence(both, FLOW) == (
        "Runs when Details: Customer type is “VIP” and Verify Code was skipped."
    )
    assert " or " in condition_sentence(either, FLOW)


def test_a_group_of_rules_stands_in_brackets() -> None:
    group = RuleGroup(match="any", rules=(APPROVED, SKIPPED))

    condition = Condition(rules=(VIP,), groups=(group,))

    assert condition_sentence(condition, FLOW, "Shown") == (
        "Shown when Details: Customer type is “VIP” and "
        "(Verify Code: status is not “approved” or Verify Code was skipped)."
    )


def test_a_single_group_needs_no_brackets() -> None:
    condition = Condition(groups=(RuleGroup(match="any", rules=(VIP, SKIPPED)),))

    assert "(" not in condition_phrase(condition, FLOW)


def test_no_condition_says_nothing() -> None:
    assert condition_sentence(None, FLOW) == ""
    assert condition_sentence(Condition(), FLOW) == ""


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (Moment(), "Starts as soon as its turn comes."),
        (Moment(amount=2, unit="hours"), "Starts 2 hours after its turn comes."),
        (
            Moment(amount=1, anchor="instance_start", time_of_day="09:00"),
            "Starts 1 day after the instance starts, at 09:00.",
        ),
        (
            Moment(anchor="step_end", source="call", weekdays=(1, 2, 3, 4, 5)),
            "Starts as soon as Verify Code ends, counting Monday to Friday only.",
        ),
        (
            Moment(anchor="step_start", source="call", amount=1, unit="weeks", weekdays=(2, 4)),
            "Starts 1 week after Verify Code starts, counting Tuesday and Thursday only.",
        ),
        (
            Moment(anchor="date", source="details.due", amount=3, direction="before"),
            "Starts 3 days before the date in Details: Due date.",
        ),
        (Moment(anchor="date", source="details.due"), "Starts on the date in Details: Due date."),
        (Moment(anchor="step_end", source="gone"), "Starts as soon as `gone`, which is gone."),
    ],
)
def test_a_moment_reads_as_a_sentence(moment: Moment, sentence: str) -> None:
    assert moment_sentence(moment, FLOW) == sentence


def test_a_deadline_says_due_and_none_says_nothing() -> None:
    assert moment_sentence(Moment(amount=2), FLOW, "Due") == "Due 2 days after its turn comes."
    assert moment_sentence(None, FLOW) == ""


def test_a_condition_can_look_at_what_stands_before_it_only() -> None:
    paths = [one.path for one in sources_before(FLOW, "call")]

    assert paths == [
        "details",
        "details.kind",
        "details.code",
        "details.due",
        "details.way",
        "details.way.label",
        "details.way.comment",
    ]


def test_each_source_offers_the_operators_that_fit_it() -> None:
    offered = {
        one.path: [row.name for row in one.operators] for one in sources_before(FLOW, "last")
    }

    assert "run_succeeded" not in offered["details"]
    assert "run_succeeded" in offered["call"]
    assert "is_any_of" in offered["details.kind"]
    assert "action_is" in offered["details.way"]


def test_a_source_that_nobody_offers_is_still_understood() -> None:
    source = source_at(FLOW, "details.code.inputValue")

    assert source is not None
    assert source.name == "Code"
    assert source_at(FLOW, "details.code.colour") is None
    assert source_at(FLOW, "details.gone") is None
