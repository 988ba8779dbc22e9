"""What the check says of groups, parallels and moments."""

from __future__ import annotations

import pytest

from tests.engine.play import a_workflow
from waypost.engine.checks import check_workflow
from waypost.engine.definition import Workflow

Part = dict[str, object]
GROUP: Part = {"key": "group", "type": "group"}
BOTH: Part = {"key": "both", "type": "parallel"}
ASK: Part = {"key": "ask", "fields": [{"key": "text", "type": "short_text"}]}
DATED: Part = {"key": "ask", "fields": [{"key": "day", "type": "date"}]}


def found(workflow: Workflow) -> list[tuple[str, str, str]]:
    """Code, step and attribute of every finding."""
    return [(one.code, one.step, one.attribute) for one in check_workflow(workflow)]


def within(container: str, key: str = "a", **more: object) -> Part:
    return {"key": key, "within": container} | more


def routed(action: str, target: str, **more: object) -> Part:
    button = {"label": "Go", "action": action, "target": target}
    return {"key": "way", "fields": [{"key": "how", "type": "routing", "buttons": [button]}]} | more


def timed(**moment: object) -> Workflow:
    """A step with a date, and one behind it with this schedule."""
    return a_workflow(DATED, {"key": "then", "schedule": moment}, {"key": "later"})


@pytest.mark.parametrize(
    ("step", "workflow", "attribute"),
    [
        ("a", a_workflow(within("nowhere")), "within"),
        ("a", a_workflow(ASK, within("ask")), "within"),
        ("a", a_workflow(within("group"), GROUP, within("group", "b")), "within"),
        ("a", a_workflow(within("a")), "within"),
        ("b", a_workflow(GROUP, within("group"), ASK, within("group", "b")), "within"),
        (
            "b",
            a_workflow(BOTH, GROUP | {"within": "both"}, within("both"), within("group", "b")),
            "within",
        ),
        (
            "third",
            a_workflow(
                BOTH,
                GROUP | {"within": "both"},
                within("group", "third", type="group"),
                within("third"),
            ),
            "within",
        ),
        ("group", a_workflow(GROUP | {"assignee": "external"}, within("group")), "assignee"),
        ("group", a_workflow(GROUP | {"schedule": {}}, within("group")), "schedule"),
        ("group", a_workflow(GROUP | {"deadline": {"amount": 1}}, within("group")), "deadline"),
        ("group", a_workflow(GROUP | {"fields": ASK["fields"]}, within("group")), "fields"),
    ],
)
def test_a_group_that_cannot_be_is_an_error(step: str, workflow: Workflow, attribute: str) -> None:
    assert ("wrong_group", step, attribute) in found(workflow)


def test_a_group_without_steps_is_a_warning() -> None:
    [finding] = check_workflow(a_workflow(ASK, GROUP))

    assert (finding.code, finding.step, finding.severity) == ("empty_group", "group", "warning")


def test_containers_two_deep_are_fine() -> None:
    workflow = a_workflow(
        ASK,
        BOTH | {"condition": {"rules": [{"source": "ask.text", "operator": "is_not_empty"}]}},
        GROUP | {"within": "both", "is_blocking": False},
        within("group"),
        within("group", "b"),
        within("both", "c"),
        {"key": "d", "condition": {"rules": [{"source": "both", "operator": "was_skipped"}]}},
    )

    assert found(workflow) == []


@pytest.mark.parametrize(
    "workflow",
    [
        a_workflow(BOTH, within("both"), routed("return", "a", within="both")),
        a_workflow(BOTH, routed("skip_forward", "a", within="both"), within("both")),
        a_workflow(
            BOTH,
            GROUP | {"within": "both"},
            within("group"),
            {"key": "other", "type": "group", "within": "both"},
            routed("return", "group", within="other"),
        ),
    ],
)
def test_a_jump_into_another_branch_is_an_error(workflow: Workflow) -> None:
    assert found(workflow) == [("target_in_other_branch", "way", "buttons.0")]


@pytest.mark.parametrize(
    "workflow",
    [
        a_workflow(ASK, BOTH, routed("return", "ask", within="both"), within("both")),
        a_workflow(BOTH, routed("return", "both", within="both"), within("both")),
        a_workflow(
            BOTH, routed("skip_forward", "last", within="both"), within("both"), {"key": "last"}
        ),
        a_workflow(BOTH, within("both"), within("both", "b"), routed("return", "b")),
        a_workflow(routed("skip_forward", "b"), BOTH, within("both"), within("both", "b")),
    ],
)
def test_a_jump_into_or_out_of_a_parallel_is_fine(workflow: Workflow) -> None:
    assert found(workflow) == []


def test_a_step_cannot_rely_on_what_runs_beside_it() -> None:
    rule = {"rules": [{"source": "ask.text", "operator": "is_empty"}]}
    workflow = a_workflow(
        BOTH,
        ASK | {"within": "both"},
        within("both", "ruled", condition=rule),
        within("both", "told", type="instruction", text="{{=ask.text}}"),
        within("both", "linked", type="instruction", text="{{=ask.public_url}}"),
    )

    assert found(workflow) == [
        ("later_source", "ruled", "condition.rules.0"),
        ("later_reference", "told", "text"),
        ("internal_link", "linked", "text"),
    ]


def test_a_rule_can_ask_of_a_container_only_how_it_ended() -> None:
    ran = {"rules": [{"source": "group", "operator": "run_succeeded"}]}
    own = {"rules": [{"source": "group", "operator": "was_skipped"}]}
    workflow = a_workflow(GROUP, within("group", condition=own), {"key": "last", "condition": ran})

    assert [code for code, _, _ in found(workflow)] == ["later_source", "wrong_operator"]


@pytest.mark.parametrize(
    ("attribute", "workflow"),
    [
        ("source", timed(source="ask")),
        ("source", timed(anchor="instance_start", source="ask")),
        ("source", timed(anchor="step_end")),
        ("source", timed(anchor="step_end", source="nowhere")),
        ("source", timed(anchor="step_end", source="later")),
        ("source", timed(anchor="step_end", source="then")),
        ("source", timed(anchor="step_start", source="ask.day")),
        ("source", timed(anchor="date", source="ask")),
        ("source", timed(anchor="date", source="ask.nothing")),
        ("amount", timed(amount=-1)),
        ("amount", timed(amount=10_001)),
        ("direction", timed(amount=1, direction="before")),
        ("weekdays", timed(weekdays=())),
        ("weekdays", timed(weekdays=(0,))),
        ("weekdays", timed(weekdays=(1, 1))),
        ("time_of_day", timed(time_of_day="9:00")),
        ("time_of_day", timed(time_of_day="24:00")),
        ("time_of_day", timed(unit="hours", time_of_day="09:00")),
    ],
)
def test_a_moment_that_cannot_be_told_is_an_error(attribute: str, workflow: Workflow) -> None:
    assert found(workflow) == [("wrong_moment", "then", f"schedule.{attribute}")]


def test_a_deadline_cannot_count_from_a_text_or_from_beside() -> None:
    from_text = {"anchor": "date", "source": "ask.text"}
    beside = {"anchor": "step_start", "source": "b"}
    workflow = a_workflow(
        ASK, BOTH, within("both", "b", deadline=from_text), within("both", "c", deadline=beside)
    )

    assert found(workflow) == [
        ("wrong_moment", "b", "deadline.source"),
        ("wrong_moment", "c", "deadline.source"),
    ]


@pytest.mark.parametrize(
    "moment",
    [
        {},
        {"amount": 2, "time_of_day": "09:30", "weekdays": (1, 2)},
        {"anchor": "date", "source": "ask.day", "amount": 2, "direction": "before"},
        {"anchor": "step_end", "source": "ask", "amount": 30, "unit": "minutes"},
    ],
)
def test_a_moment_that_can_be_told_is_fine(moment: Part) -> None:
    assert found(timed(**moment)) == []
