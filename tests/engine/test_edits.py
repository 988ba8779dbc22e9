"""What a builder does to steps: places, keys, members and refusals."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.engine.makers import a_call, a_form
from waypost.engine import edits, step_types
from waypost.engine.beginnings import new_key, new_step, type_name
from waypost.engine.checks import check_workflow
from waypost.engine.conditions import Condition, Rule
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.group import Group
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.step_types.parallel import Parallel


def a_flow(*steps: AnyStep) -> Workflow:
    return Workflow(key="flow", name="Flow", steps=steps)


def nested() -> Workflow:
    """1 is the start; 2 first, 3 group (3.1 inner, 3.2 deep (3.2.1 deepest)), 4 last."""
    return a_flow(
        a_form(key="first"),
        Group(key="group", name="Group"),
        replace(a_form(key="inner"), within="group"),
        Parallel(key="deep", name="Deep", within="group"),
        replace(a_form(key="deepest"), within="deep"),
        a_form(key="last"),
    )


def order(workflow: Workflow | Refusal) -> list[str]:
    assert isinstance(workflow, Workflow), workflow
    return [f"{workflow.number_by_key[step.key]} {step.key}" for step in workflow.steps]


def code(outcome: Workflow | Refusal) -> str:
    assert isinstance(outcome, Refusal)
    return outcome.code


def made(step_type: str, name: str = "") -> AnyStep:
    step = new_step(step_type, name)
    assert not isinstance(step, Refusal)
    return step


def test_a_key_is_made_from_the_name_and_never_taken_twice() -> None:
    assert new_key("Send code (again)!", ()) == "send_code_again"
    assert new_key("Send code", {"send_code", "send_code_2"}) == "send_code_3"
    assert new_key("Instance", ()) == "instance_2"
    assert new_key("…", ()) == "unnamed"


@pytest.mark.parametrize("kind", step_types.ALL, ids=type_name)
def test_every_type_of_step_can_be_added_to_an_empty_workflow(kind: type[AnyStep]) -> None:
    added = edits.add_step(a_flow(), made(type_name(kind)))

    assert isinstance(added, Workflow)
    assert [type(step) for step in added.steps] == [kind]
    assert added.steps[0].name == kind.label


def test_a_new_integration_posts_to_nowhere_yet() -> None:
    step = made("http_request")

    assert isinstance(step, HttpRequest)
    assert (step.method, step.url) == ("POST", "")


def test_an_unknown_type_of_step_is_refused() -> None:
    outcome = new_step("telegram")

    assert isinstance(outcome, Refusal)
    assert outcome.code == "unknown_step_type"


def test_a_step_is_added_behind_another_with_a_key_from_its_name() -> None:
    added = edits.add_step(nested(), made("form", "First"), after="group")

    assert order(added)[-2:] == ["4 first_2", "5 last"]


def test_a_step_is_added_in_a_group() -> None:
    added = edits.add_step(nested(), made("form", "New"), after="inner", within="group")

    assert order(added)[2:5] == ["3.1 inner", "3.2 new", "3.3 deep"]


def test_the_first_place_needs_no_step_before_it() -> None:
    added = edits.add_step(nested(), made("form", "New"))
    inside = edits.add_step(nested(), made("form", "New"), within="deep")

    assert order(added)[0] == "2 new"
    assert "3.2.1 new" in order(inside)


@pytest.mark.parametrize(
    ("after", "within", "reason"),
    [
        ("inner", "", "not_beside"),
        ("nowhere", "", "unknown_step"),
        ("", "nowhere", "unknown_step"),
        ("", "first", "no_container"),
    ],
)
def test_a_place_that_is_none_is_refused(after: str, within: str, reason: str) -> None:
    assert code(edits.add_step(nested(), made("form"), after, within)) == reason


def test_a_group_in_a_group_in_a_group_is_refused() -> None:
    assert code(edits.add_step(nested(), made("group"), within="deep")) == "too_deep"


def test_a_removed_group_takes_its_members_along() -> None:
    assert order(edits.remove_step(nested(), "group")) == ["2 first", "3 last"]


def test_references_to_a_removed_step_stay_and_are_found() -> None:
    workflow = a_flow(
        a_form(ShortText(key="x", name="X")),
        a_call(body="{{=details.x}}", url="https://a.example/"),
    )

    removed = edits.remove_step(workflow, "details")

    assert isinstance(removed, Workflow)
    assert "dangling_reference" in {one.code for one in check_workflow(removed)}


def test_a_moved_group_takes_its_members_along() -> None:
    moved = edits.move_step(nested(), "group", after="last")

    assert order(moved) == [
        "2 first",
        "3 last",
        "4 group",
        "4.1 inner",
        "4.2 deep",
        "4.2.1 deepest",
    ]


def test_a_step_moves_into_a_group_and_out_again() -> None:
    inside = edits.move_step(nested(), "last", after="inner", within="group")
    assert isinstance(inside, Workflow)
    outside = edits.move_step(inside, "last", after="group")

    assert "3.2 last" in order(inside)
    assert outside == nested()


def test_a_moved_step_keeps_its_id() -> None:
    workflow = a_flow(replace(a_form(key="one"), id=7), a_form(key="two"))

    moved = edits.move_step(workflow, "one", after="two")

    assert isinstance(moved, Workflow)
    assert moved.step_by_key["one"].id == 7


def test_a_group_cannot_move_into_itself() -> None:
    assert code(edits.move_step(nested(), "group", within="deep")) == "within_itself"
    assert code(edits.move_step(nested(), "group", after="group")) == "within_itself"


def test_a_group_with_groups_cannot_move_deeper() -> None:
    workflow = edits.add_step(nested(), Group(key="other", name="Other"))
    assert isinstance(workflow, Workflow)

    assert code(edits.move_step(workflow, "group", within="other")) == "too_deep"


def test_move_down_goes_behind_the_next_step_with_its_members() -> None:
    shifted = edits.shift_step(nested(), "first", down=True)

    assert order(shifted)[0] == "2 group"
    assert order(shifted)[4] == "3 first"


def test_move_up_at_the_edge_of_a_group_leaves_it() -> None:
    shifted = edits.shift_step(nested(), "inner", down=False)

    assert order(shifted)[:3] == ["2 first", "3 inner", "4 group"]


def test_move_down_at_the_edge_of_a_group_leaves_it() -> None:
    shifted = edits.shift_step(nested(), "deep", down=True)

    assert order(shifted)[3:5] == ["4 deep", "4.1 deepest"]


def test_move_up_twice_goes_two_places() -> None:
    workflow = a_flow(a_form(key="a"), a_form(key="b"), a_form(key="c"))

    once = edits.shift_step(workflow, "c", down=False)
    assert isinstance(once, Workflow)
    twice = edits.shift_step(once, "c", down=False)

    assert order(twice) == ["2 c", "3 a", "4 b"]


def test_the_first_step_cannot_move_up_nor_the_last_down() -> None:
    assert code(edits.shift_step(nested(), "first", down=False)) == "at_the_edge"
    assert code(edits.shift_step(nested(), "last", down=True)) == "at_the_edge"


def test_a_copy_stands_behind_its_original_without_its_ids() -> None:
    field = ShortText(key="x", name="X", id=9)
    workflow = a_flow(replace(a_form(field), id=7), a_form(key="last"))

    copied = edits.duplicate_step(workflow, "details")

    assert order(copied) == ["2 details", "3 details_2", "4 last"]
    assert isinstance(copied, Workflow)
    copy = copied.step_by_key["details_2"]
    assert (copy.name, copy.id, copy.fields[0].id) == ("Details (copy)", 0, 0)


def test_a_copied_group_refers_to_its_own_members() -> None:
    back = Routing(
        key="way", name="Way", buttons=(Button(label="Back", action="return", target="ask"),)
    )
    rule = Rule(source="ask.x", operator="is", value="y")
    workflow = a_flow(
        a_form(ShortText(key="y", name="Y"), key="before"),
        Group(key="group", name="Group"),
        replace(a_form(ShortText(key="x", name="X"), key="ask"), within="group"),
        replace(
            a_call(body='["{{=ask.x|plain}}", "{{=before.y}}"]'),
            within="group",
            condition=Condition(rules=(rule,)),
        ),
        replace(a_form(back, key="route"), within="group"),
    )

    copied = edits.duplicate_step(workflow, "group")

    assert isinstance(copied, Workflow)
    call = copied.step_by_key["call_2"]
    assert isinstance(call, HttpRequest)
    assert call.body == '["{{=ask_2.x|plain}}", "{{=before.y}}"]'
    assert call.condition == Condition(rules=(replace(rule, source="ask_2.x"),))
    assert call.within == "group_2"
    way = copied.step_by_key["route_2"].fields[0]
    assert isinstance(way, Routing)
    assert way.buttons[0].target == "ask_2"


def test_inserted_steps_get_new_keys_where_theirs_are_taken() -> None:
    inserted = edits.insert_steps(nested(), nested().steps, after="last")

    assert order(inserted)[6:] == [
        "5 first_2",
        "6 group_2",
        "6.1 inner_2",
        "6.2 deep_2",
        "6.2.1 deepest_2",
        "7 last_2",
    ]


def test_replaced_content_keeps_key_and_place() -> None:
    replaced = edits.replace_step(nested(), "deepest", a_call())

    assert order(replaced) == order(nested())
    assert isinstance(replaced, Workflow)
    assert isinstance(replaced.step_by_key["deepest"], HttpRequest)


def test_a_step_is_made_non_blocking_and_blocking_again() -> None:
    passing = edits.set_blocking(nested(), "first", is_blocking=False)
    assert isinstance(passing, Workflow)

    assert not passing.step_by_key["first"].is_blocking
    assert edits.set_blocking(passing, "first", is_blocking=True) == nested()


def test_a_step_is_wrapped_in_a_new_group_and_unwrapped_again() -> None:
    group = made("group")

    wrapped = edits.wrap_step(nested(), "first", group)
    assert isinstance(wrapped, Workflow)
    unwrapped = edits.unwrap_step(wrapped, "group_2")

    assert order(wrapped)[:2] == ["2 group_2", "2.1 first"]
    assert unwrapped == nested()


def test_only_containers_wrap_and_unwrap() -> None:
    assert code(edits.wrap_step(nested(), "first", made("form"))) == "no_container"
    assert code(edits.unwrap_step(nested(), "first")) == "no_container"
    assert code(edits.wrap_step(nested(), "deep", made("group"))) == "too_deep"


def test_the_groups_a_step_could_move_into_leave_out_its_own_and_the_too_deep() -> None:
    workflow = edits.add_step(nested(), Group(key="other", name="Other"), after="last")
    assert isinstance(workflow, Workflow)

    assert [one.key for one in edits.containers_for(workflow, "inner")] == ["deep", "other"]
    assert [one.key for one in edits.containers_for(workflow, "deep")] == ["other"]
    assert [one.key for one in edits.containers_for(workflow, "group")] == []


def test_a_step_moves_into_a_group_as_its_last_member() -> None:
    assert "3.3 first" not in order(nested())
    assert "2.3 first" in order(edits.move_into(nested(), "first", "group"))


@pytest.mark.parametrize(
    "outcome",
    [
        edits.remove_step(nested(), "gone"),
        edits.move_step(nested(), "gone"),
        edits.shift_step(nested(), "gone", down=True),
        edits.duplicate_step(nested(), "gone"),
        edits.replace_step(nested(), "gone", a_form()),
        edits.set_blocking(nested(), "gone", is_blocking=True),
        edits.wrap_step(nested(), "gone", Group(key="", name="G")),
        edits.unwrap_step(nested(), "gone"),
        edits.move_into(nested(), "gone", "group"),
    ],
)
def test_a_step_that_somebody_removed_is_refused(outcome: Workflow | Refusal) -> None:
    assert code(outcome) == "unknown_step"
