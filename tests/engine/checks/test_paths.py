"""Steps out of reach, and links that nobody gets."""

from __future__ import annotations

import pytest

from tests.engine.checks.makers import ASK, Part, a_call, a_form, a_workflow, codes_of
from waypost.engine.checks import check_workflow

RADIO = a_form(
    {"key": "choice", "type": "radio", "items": ["A", "B"], "is_required": True}, key="ask"
)
OUTSIDE: Part = a_form({"key": "text", "type": "short_text"}, key="outside", assignee="external")
MAIL = a_call("mail", body='{"text": "{{=outside.public_url}}"}')
BACK: Part = {"label": "Back", "action": "return", "target": "ask"}
STOP: Part = {"label": "Stop", "action": "decline"}
ON: Part = {"label": "On", "action": "complete"}
PAST: Part = {"label": "Past", "action": "skip_forward", "target": "last"}


def when(value: str) -> Part:
    return {"condition": {"rules": [{"source": "ask.choice", "operator": "is", "value": value}]}}


def routed(*buttons: Part, **field: object) -> Part:
    way = {"key": "way", "type": "routing", "buttons": list(buttons), "is_required": True}
    return a_form(way | field, key="route")


def a_step(key: str) -> Part:
    return {"key": key}


def test_steps_behind_a_routing_that_never_continues_are_out_of_reach() -> None:
    workflow = a_workflow(ASK, routed(BACK, STOP), a_step("next"), a_step("last"))

    (finding,) = check_workflow(workflow)

    assert (finding.code, finding.step) == ("unreachable_step", "next")
    assert "and 1 more" in finding.message


def test_steps_that_every_button_skips_are_out_of_reach() -> None:
    steps = (ASK, routed(BACK, PAST), a_step("between"), a_step("last"))

    findings = check_workflow(a_workflow(*steps))

    assert [(one.code, one.step) for one in findings] == [("unreachable_step", "between")]


@pytest.mark.parametrize(
    "route",
    [
        routed(BACK, ON),
        routed(BACK, STOP, is_required=False),
        routed(BACK, STOP) | {"is_blocking": False},
        routed(BACK, STOP) | when("A"),
    ],
)
def test_what_has_a_way_around_is_reached(route: Part) -> None:
    assert codes_of(RADIO | {"key": "ask"}, route, a_step("last")) == []


def test_a_routing_at_the_end_may_only_return_or_stop() -> None:
    assert codes_of(ASK, routed(BACK, STOP)) == []


def test_an_external_form_that_nothing_tells_of_is_found() -> None:
    assert codes_of(ASK, OUTSIDE) == ["untold_form"]


def test_a_link_told_too_late_does_not_count() -> None:
    assert codes_of(OUTSIDE, MAIL) == ["untold_form"]


@pytest.mark.parametrize(
    "steps",
    [
        (MAIL, OUTSIDE),
        (OUTSIDE | {"is_blocking": False}, MAIL),
        ({"key": "read", "type": "instruction", "text": "{{=outside.public_url}}"}, OUTSIDE),
        (RADIO, MAIL | when("A"), OUTSIDE | when("A")),
        (RADIO, MAIL, MAIL | {"key": "more"} | when("A"), OUTSIDE),
        (RADIO, MAIL | when("A"), MAIL | {"key": "other"} | when("B"), OUTSIDE),
    ],
)
def test_a_link_that_is_always_told_is_no_finding(steps: tuple[Part, ...]) -> None:
    assert codes_of(*steps) == []


@pytest.mark.parametrize(
    "steps",
    [
        (RADIO, MAIL | when("A"), OUTSIDE),
        (RADIO, MAIL | when("A"), OUTSIDE | when("B")),
        (MAIL | {"on_failure": "skip"}, OUTSIDE),
    ],
)
def test_a_link_that_may_go_untold_is_found(steps: tuple[Part, ...]) -> None:
    assert codes_of(*steps) == ["telling_may_be_skipped"]
