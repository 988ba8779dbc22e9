"""The difference of two definitions: exact both ways, and mergeable."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.engine.makers import a_call, a_form
from waypost.engine.definition import Workflow
from waypost.engine.dry_run import DryRun, ExpectedRun
from waypost.engine.field_types.number import Number
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.group import Group
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.step_types.parallel import Parallel
from waypost.workflows.difference import Change, Place, changes_between, reverted
from waypost.workflows.merging import Conflict, applied, is_in_order

_KEYS = ("a", "b", "c", "d", "e", "fields", "steps")
_names = st.sampled_from(["First", "Second", "Third"])


def a_flow(*steps: AnyStep, name: str = "Flow") -> Workflow:
    """A workflow of these steps."""
    return Workflow(key="flow", name=name, steps=steps)


def letters(text: str) -> Workflow:
    """A workflow with a form for each letter."""
    return a_flow(*(a_form(key=letter) for letter in text))


def order(workflow: Workflow | Conflict) -> str:
    """The keys of the steps, in a row."""
    assert isinstance(workflow, Workflow), workflow
    return "".join(step.key for step in workflow.steps)


def merged(before: Workflow, theirs: Workflow, ours: Workflow) -> Workflow | Conflict:
    """Ours, made on the same draft as theirs, put into theirs."""
    return applied(theirs, changes_between(before, ours))


def test_a_dry_run_that_ends_in_other_steps_is_a_change_and_keeps_them() -> None:
    before, after = (
        replace(a_flow(), dry_runs=(DryRun(name="Run", expects=(end,)),))
        for end in (
            ExpectedRun(workflow="flow", status="running", steps={"a": "active"}),
            ExpectedRun(workflow="flow", status="running", steps={"a": "completed"}),
        )
    )

    assert merged(before, before, after) == after


@st.composite
def _steps(draw: st.DrawFn, within: str, keys: list[str]) -> tuple[AnyStep, ...]:
    steps: list[AnyStep] = []
    while draw(st.booleans()) and keys:
        key = keys.pop(draw(st.integers(0, len(keys) - 1)))
        kind = draw(st.sampled_from(["form", "call", "group", "parallel"]))
        if kind in ("group", "parallel"):
            container = Group if kind == "group" else Parallel
            steps.append(container(key=key, name=draw(_names), within=within))
            steps += draw(_steps(key, keys))
        else:
            steps.append(replace(draw(_leaf(key, kind)), within=within))
    return tuple(steps)


@st.composite
def _leaf(draw: st.DrawFn, key: str, kind: str) -> AnyStep:
    names = draw(st.lists(st.sampled_from("xyz"), unique=kind == "form"))
    if kind == "call":
        return a_call(*names, key=key, name=draw(_names), body=draw(st.sampled_from(["", "{}"])))
    fields = [
        draw(st.sampled_from([ShortText, Number]))(key=one, name=draw(_names)) for one in names
    ]
    return a_form(*fields, key=key, name=draw(_names))


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """Any well-ordered workflow, with containers in containers."""
    return a_flow(*draw(_steps("", list(_KEYS))), name=draw(_names))


@given(workflows(), workflows())
def test_a_difference_makes_one_draft_into_the_other_and_back(
    before: Workflow, after: Workflow
) -> None:
    changes = changes_between(before, after)

    assert applied(before, changes) == after
    assert applied(after, reverted(changes)) == before


@given(workflows())
def test_a_workflow_does_not_differ_from_itself(workflow: Workflow) -> None:
    assert changes_between(workflow, workflow) == ()


@given(workflows(), workflows(), workflows(), workflows())
def test_changes_in_different_containers_commute(
    left: Workflow, new_left: Workflow, right: Workflow, new_right: Workflow
) -> None:
    before = _halves(left, right)
    ours = changes_between(before, _halves(new_left, right))
    theirs = changes_between(before, _halves(left, new_right))

    both = _halves(new_left, new_right)
    for first, second in ((ours, theirs), (theirs, ours)):
        halfway = applied(before, first)
        assert isinstance(halfway, Workflow)
        assert applied(halfway, second) == both


def _halves(left: Workflow, right: Workflow) -> Workflow:
    """Both, each within a container of its own."""
    return a_flow(*_half("left", left), *_half("right", right))


def _half(name: str, workflow: Workflow) -> list[AnyStep]:
    members: list[AnyStep] = [
        replace(
            step, key=f"{name}-{step.key}", within=f"{name}-{step.within}" if step.within else name
        )
        for step in workflow.steps
    ]
    return [Group(key=name, name=name), *members]


@given(workflows())
def test_members_stand_directly_behind_their_container(workflow: Workflow) -> None:
    assert is_in_order(workflow)
    assert all(
        not is_in_order(
            replace(workflow, steps=(*workflow.steps[:place], *workflow.steps[place + 1 :]))
        )
        for place, step in enumerate(workflow.steps)
        if workflow.members_by_key.get(step.key)
    )


def test_a_change_names_the_place_and_both_values() -> None:
    before = a_flow(a_form(ShortText(key="x", name="X"), key="ask"))
    after = a_flow(a_form(ShortText(key="x", name="Y"), key="ask"))

    assert changes_between(before, after) == (
        Change(path=("steps", "ask", "fields", "x", "name"), old="X", new="Y"),
    )


def test_only_the_step_that_was_moved_counts_as_moved() -> None:
    changes = changes_between(letters("abcdef"), letters("bcdefa"))

    assert changes == (
        Change(
            path=("steps", "a"),
            kind="move",
            old_place=Place(),
            new_place=Place(index=5, behind=("f", "e", "d", "c", "b")),
        ),
    )


def test_two_attributes_of_one_step_merge() -> None:
    before = a_flow(a_call(key="call"))
    theirs = a_flow(a_call(key="call", name="Theirs"))
    ours = a_flow(a_call(key="call", body="ours"))

    assert merged(before, theirs, ours) == a_flow(a_call(key="call", name="Theirs", body="ours"))


def test_one_attribute_changed_twice_is_a_conflict_that_says_both() -> None:
    before, theirs, ours = (a_flow(a_form(key="a", name=name)) for name in ("A", "B", "C"))

    assert merged(before, theirs, ours) == Conflict(("steps", "a", "name"), "B", "C")


def test_the_same_wish_twice_is_no_conflict() -> None:
    before, after = (a_flow(a_form(key="a", name=name)) for name in ("A", "B"))

    assert merged(before, after, after) == after


def test_steps_added_beside_each_other_are_both_there() -> None:
    assert order(merged(letters("ab"), letters("axb"), letters("ayb"))) == "ayxb"


def test_a_step_added_behind_one_that_is_gone_stands_at_the_nearest_earlier_place() -> None:
    assert order(merged(letters("abc"), letters("ac"), letters("abxc"))) == "axc"
    assert order(merged(letters("ab"), letters("b"), letters("axb"))) == "xb"


def test_long_workflows_keep_only_the_nearest_of_those_before() -> None:
    keys = [f"s{number}" for number in range(40)]
    whole = a_flow(*(a_form(key=key) for key in keys))

    changes = changes_between(a_flow(), whole)

    assert applied(a_flow(), changes) == whole
    assert applied(whole, reverted(changes)) == a_flow()
    assert max(len(one.new_place.behind) for one in changes if one.new_place) == 16


def test_a_moved_and_renamed_step_is_both() -> None:
    before = letters("abc")
    ours = a_flow(a_form(key="a", name="Ours"), *before.steps[1:])

    both = merged(before, letters("bca"), ours)

    assert isinstance(both, Workflow)
    assert [(step.key, step.name) for step in both.steps][-1] == ("a", "Ours")


def test_removing_a_step_that_somebody_else_changed_is_a_conflict() -> None:
    before = letters("ab")
    theirs = a_flow(before.steps[0], a_form(key="b", name="Theirs"))

    conflict = merged(before, theirs, letters("a"))

    assert isinstance(conflict, Conflict)
    assert conflict.path == ("steps", "b")
    assert conflict.ours is None


def test_changing_a_step_that_somebody_else_removed_is_a_conflict() -> None:
    before = letters("ab")
    ours = a_flow(before.steps[0], a_form(key="b", name="Ours"))

    assert merged(before, letters("a"), ours) == Conflict(("steps", "b"), None, "Ours")


def test_removing_a_step_that_is_gone_already_changes_nothing() -> None:
    assert merged(letters("ab"), letters("a"), letters("a")) == letters("a")


def test_removing_a_group_to_which_somebody_added_is_a_conflict() -> None:
    group = Group(key="g", name="G")
    member = replace(a_form(key="m"), within="g")
    before = a_flow(group)

    conflict = merged(before, a_flow(group, member), a_flow())

    assert isinstance(conflict, Conflict)
    assert conflict.path == ("steps", "g")


def test_members_move_with_their_group_and_keep_their_order() -> None:
    group, first, last = (Group(key="g", name="G"), *_members("m", "n"))
    before = a_flow(group, first, a_form(key="z"))
    theirs = a_flow(group, first, last, a_form(key="z"))
    ours = a_flow(a_form(key="z"), group, first)

    assert order(merged(before, theirs, ours)) == "zgmn"


def _members(*keys: str) -> list[AnyStep]:
    return [replace(a_form(key=key), within="g") for key in keys]


def test_another_type_for_a_step_that_somebody_else_changed_is_a_conflict() -> None:
    before = a_flow(a_call(key="a"))
    theirs = a_flow(a_call(key="a", body="theirs"))

    conflict = merged(before, theirs, a_flow(a_form(key="a")))

    assert isinstance(conflict, Conflict)
    assert conflict.path == ("steps", "a")


def test_an_attribute_that_the_new_type_has_not_is_a_conflict() -> None:
    before = a_flow(a_call(key="a"))
    ours = a_flow(a_call(key="a", body="ours"))

    assert isinstance(merged(before, a_flow(a_form(key="a")), ours), Conflict)


def test_two_added_under_one_key_are_a_conflict() -> None:
    before = letters("a")

    assert isinstance(merged(before, letters("ab"), letters("ab")), Conflict)


def test_variables_merge_by_name() -> None:
    before = a_flow(a_call("sid", key="call"))
    theirs = a_flow(a_call("status", "sid", key="call"))
    ours = a_flow(a_call("sid", "code=0", key="call"))

    both = merged(before, theirs, ours)

    assert isinstance(both, Workflow)
    step = both.steps[0]
    assert isinstance(step, HttpRequest)
    assert [one.name for one in step.variables] == ["status", "sid", "code"]
