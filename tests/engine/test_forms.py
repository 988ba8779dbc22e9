"""A filled-in form: every fault at once, and only what is asked."""

from __future__ import annotations

from tests.engine.makers import a_form
from waypost.engine.errors import Refusal
from waypost.engine.field_types.email import Email
from waypost.engine.field_types.instruction import Instruction
from waypost.engine.field_types.radio import Radio
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.forms import parse_values

NAME = ShortText(key="name", name="Name", is_required=True)
MAIL = Email(key="mail", name="Mail")
RESULT = Radio(
    key="result", name="Result", items=("approved",), is_required=True, accepts_empty=True
)
NOTE = Instruction(key="note", name="Note")
STEP = a_form(NAME, MAIL, NOTE)


def test_values_are_stored_by_field_and_what_is_left_out_is_not() -> None:
    values = parse_values(STEP, {"name": "Ann", "mail": None, "note": {}}, STEP.fields)

    assert values == {"name": {"inputValue": "Ann"}, "note": {}}


def test_every_fault_is_named_at_once() -> None:
    refusal = parse_values(STEP, {"name": " ", "mail": "ann"}, STEP.fields)

    assert isinstance(refusal, Refusal)
    assert refusal.code == "invalid_value"
    assert [key for key, _ in refusal.fields] == ["name", "mail"]


def test_a_field_that_the_step_does_not_have_is_refused() -> None:
    refusal = parse_values(STEP, {"name": "Ann", "colour": "red"}, STEP.fields)

    assert isinstance(refusal, Refusal)
    assert refusal.code == "unknown_action"
    assert "colour" in refusal.message
    assert "name, mail, note" in refusal.message


def test_a_hidden_field_is_neither_required_nor_taken() -> None:
    refusal = parse_values(STEP, {"name": "Ann"}, (MAIL,))

    assert parse_values(STEP, {"mail": "a@b.org"}, (MAIL,)) == {"mail": {"inputValue": "a@b.org"}}
    assert isinstance(refusal, Refusal)
    assert [key for key, _ in refusal.fields] == ["name"]


def test_an_accepted_empty_value_answers_a_required_field() -> None:
    step = a_form(RESULT)

    assert parse_values(step, {"result": {"radioItemSelected": ""}}, step.fields) == {
        "result": {"inputValue": {"radioItemSelected": ""}}
    }
    assert isinstance(parse_values(step, {}, step.fields), Refusal)
