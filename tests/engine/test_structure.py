"""What is within what, and which step comes before which."""

from __future__ import annotations

import pytest

from tests.engine.play import a_workflow
from waypost.engine.definition import Workflow
from waypost.engine.structure import (
    container_of,
    containers_of,
    descendants,
    holds_up,
    plain_steps_of,
    runs_before,
    steps_from,
)


def a_nested_workflow() -> Workflow:
    """first, both[left[l1, l2], right[r1], alone], last."""
    return a_workflow(
        {"key": "first"},
        {"key": "both", "type": "parallel"},
        {"key": "left", "type": "group", "within": "both"},
        {"key": "l1", "within": "left"},
        {"key": "l2", "within": "left"},
        {"key": "right", "type": "group", "within": "both"},
        {"key": "r1", "within": "right"},
        {"key": "alone", "within": "both"},
        {"key": "last"},
    )


def test_a_step_knows_the_containers_around_it() -> None:
    workflow = a_nested_workflow()

    direct = container_of(workflow, "l1")

    assert direct is not None
    assert direct.key == "left"
    assert [one.key for one in containers_of(workflow, "l1")] == ["left", "both"]
    assert container_of(workflow, "first") is None
    assert container_of(workflow, "nowhere") is None


def test_a_container_knows_all_within_it() -> None:
    workflow = a_nested_workflow()

    assert [one.key for one in descendants(workflow, "both")] == [
        "left",
        "l1",
        "l2",
        "right",
        "r1",
        "alone",
    ]
    assert descendants(workflow, "l1") == ()
    assert [one.key for one in plain_steps_of(workflow, "both")] == ["l1", "l2", "r1", "alone"]
    assert [one.key for one in plain_steps_of(workflow, "l1")] == ["l1"]
    assert plain_steps_of(workflow, "nowhere") == ()


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("first", "both"),
        ("first", "l1"),
        ("l1", "l2"),
        ("l2", "last"),
        ("both", "last"),
        ("left", "last"),
    ],
)
def test_what_stands_before_in_a_sequence_runs_before(earlier: str, later: str) -> None:
    workflow = a_nested_workflow()

    assert runs_before(workflow, earlier, later)
    assert not runs_before(workflow, later, earlier)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("l1", "r1"),
        ("left", "right"),
        ("l2", "alone"),
        ("left", "r1"),
        ("both", "l1"),
        ("left", "l2"),
        ("l1", "l1"),
        ("l1", "nowhere"),
        ("nowhere", "l1"),
    ],
)
def test_branches_containers_and_strangers_do_not_run_before(one: str, other: str) -> None:
    workflow = a_nested_workflow()

    assert not runs_before(workflow, one, other)
    assert not runs_before(workflow, other, one)


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("l2", ["l2", "last"]),
        ("left", ["left", "l1", "l2", "last"]),
        ("r1", ["r1", "last"]),
        ("both", ["both", "left", "l1", "l2", "right", "r1", "alone", "last"]),
        ("last", ["last"]),
    ],
)
def test_a_return_reaches_what_comes_later_but_no_branch_beside(
    target: str, found: list[str]
) -> None:
    assert [one.key for one in steps_from(a_nested_workflow(), target)] == found


def test_a_draft_that_goes_in_circles_is_answered() -> None:
    workflow = a_workflow(
        {"key": "a", "type": "group", "within": "b"},
        {"key": "b", "type": "group", "within": "a"},
        {"key": "c", "within": "c"},
        {"key": "d", "within": "c"},
    )

    assert [one.key for one in containers_of(workflow, "b")] == ["a"]
    assert containers_of(workflow, "a") == ()
    assert containers_of(workflow, "d") == ()
    assert runs_before(workflow, "c", "d")


def test_blocking_means_nothing_directly_in_a_parallel() -> None:
    workflow = a_workflow(
        {"key": "aside", "is_blocking": False},
        {"key": "both", "type": "parallel"},
        {"key": "left", "within": "both", "is_blocking": False},
        {"key": "right", "type": "group", "within": "both", "is_blocking": False},
        {"key": "r1", "within": "right", "is_blocking": False},
    )

    waited_for = [one.key for one in workflow.steps if holds_up(workflow, one)]

    assert waited_for == ["both", "left", "right"]
