"""What a builder does to the fields of a step."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.engine.makers import a_call, a_form, a_workflow
from waypost.engine import field_edits, field_types
from waypost.engine.beginnings import new_field, type_name
from waypost.engine.checks import check_workflow
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.radio import Radio
from waypost.engine.field_types.short_text import ShortText


def a_text(key: str) -> ShortText:
    return ShortText(key=key, name=key.upper(), id=ord(key[0]))


def a_flow() -> Workflow:
    return a_workflow(a_form(a_text("a"), a_text("b"), a_text("c")))


def made(field_type: str, name: str = "") -> AnyField:
    field = new_field(field_type, name)
    assert not isinstance(field, Refusal)
    return field


def keys(workflow: Workflow | Refusal) -> list[str]:
    assert isinstance(workflow, Workflow), workflow
    return [field.key for field in workflow.steps[0].fields]


def code(outcome: Workflow | Refusal) -> str:
    assert isinstance(outcome, Refusal)
    return outcome.code


@pytest.mark.parametrize("kind", field_types.ALL, ids=type_name)
def test_every_type_of_field_can_be_added_and_is_sound(kind: type[AnyField]) -> None:
    added = field_edits.add_field(a_flow(), "details", made(type_name(kind)))

    assert isinstance(added, Workflow)
    assert type(added.steps[0].fields[-1]) is kind
    assert check_workflow(added) == ()


def test_a_new_radio_has_two_items() -> None:
    field = made("radio", "Outcome")

    assert field == Radio(key="", name="Outcome", items=("Option A", "Option B"))


def test_an_unknown_type_of_field_is_refused() -> None:
    outcome = new_field("hologram")

    assert isinstance(outcome, Refusal)
    assert outcome.code == "unknown_field_type"


def test_a_field_is_added_last_first_or_behind_another() -> None:
    new = made("short_text", "New")

    assert keys(field_edits.add_field(a_flow(), "details", new)) == ["a", "b", "c", "new"]
    assert keys(field_edits.add_field(a_flow(), "details", new, "")) == ["new", "a", "b", "c"]
    assert keys(field_edits.add_field(a_flow(), "details", new, "a")) == ["a", "new", "b", "c"]


def test_a_new_field_takes_no_key_of_a_field_or_variable() -> None:
    workflow = a_workflow(a_call("status"))

    added = field_edits.add_field(workflow, "call", made("short_text", "Status"))

    assert keys(added) == ["status_2"]


def test_a_removed_field_is_gone() -> None:
    assert keys(field_edits.remove_field(a_flow(), "details", "b")) == ["a", "c"]


def test_a_field_moves_behind_another_or_to_the_edges() -> None:
    assert keys(field_edits.move_field(a_flow(), "details", "a", "b")) == ["b", "a", "c"]
    assert keys(field_edits.move_field(a_flow(), "details", "c", "")) == ["c", "a", "b"]
    assert keys(field_edits.move_field(a_flow(), "details", "a")) == ["b", "c", "a"]


def test_a_field_shifts_by_one_place_and_stops_at_the_edges() -> None:
    assert keys(field_edits.shift_field(a_flow(), "details", "a", down=True)) == ["b", "a", "c"]
    assert keys(field_edits.shift_field(a_flow(), "details", "b", down=False)) == ["b", "a", "c"]
    assert keys(field_edits.shift_field(a_flow(), "details", "c", down=False)) == ["a", "c", "b"]
    assert code(field_edits.shift_field(a_flow(), "details", "a", down=False)) == "at_the_edge"
    assert code(field_edits.shift_field(a_flow(), "details", "c", down=True)) == "at_the_edge"


def test_a_copied_field_stands_behind_with_a_key_of_its_own_and_no_id() -> None:
    copied = field_edits.duplicate_field(a_flow(), "details", "a")

    assert keys(copied) == ["a", "a_2", "b", "c"]
    assert isinstance(copied, Workflow)
    copy = copied.steps[0].fields[1]
    assert (copy.name, copy.id) == ("A (copy)", 0)


def test_replaced_content_keeps_key_and_place() -> None:
    radio = replace(made("radio", "Way"), key="other")

    replaced = field_edits.replace_field(a_flow(), "details", "b", radio)

    assert keys(replaced) == ["a", "b", "c"]
    assert isinstance(replaced, Workflow)
    assert isinstance(replaced.steps[0].fields[1], Radio)


@pytest.mark.parametrize(
    "outcome",
    [
        field_edits.add_field(a_flow(), "details", a_text("x"), "gone"),
        field_edits.remove_field(a_flow(), "details", "gone"),
        field_edits.remove_field(a_flow(), "gone", "a"),
        field_edits.move_field(a_flow(), "details", "gone"),
        field_edits.move_field(a_flow(), "details", "a", "gone"),
        field_edits.shift_field(a_flow(), "details", "gone", down=True),
        field_edits.duplicate_field(a_flow(), "details", "gone"),
        field_edits.replace_field(a_flow(), "details", "gone", a_text("x")),
    ],
)
def test_a_field_that_somebody_removed_is_refused(outcome: Workflow | Refusal) -> None:
    assert code(outcome) == "unknown_field"


def test_a_field_of_a_step_that_somebody_removed_is_refused() -> None:
    assert code(field_edits.add_field(a_flow(), "gone", a_text("x"))) == "unknown_step"
