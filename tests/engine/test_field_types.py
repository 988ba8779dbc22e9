"""Field types: what each takes, what it stores, and what it says otherwise."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waypost.engine.errors import Refusal
from waypost.engine.field import Field
from waypost.engine.field_types import ALL, AnyField
from waypost.engine.field_types.checklist import Checklist
from waypost.engine.field_types.date import Date, day_of
from waypost.engine.field_types.dropdown_many import DropdownMany
from waypost.engine.field_types.dropdown_one import DropdownOne
from waypost.engine.field_types.email import Email
from waypost.engine.field_types.instruction import Instruction
from waypost.engine.field_types.long_text import LongText
from waypost.engine.field_types.number import Number
from waypost.engine.field_types.phone import Phone
from waypost.engine.field_types.radio import Radio
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.json_value import JSON

ITEMS = ("Option A", "Option B", "429")
SHORT = ShortText(key="f", name="F")
LONG = LongText(key="f", name="F")
EMAIL = Email(key="f", name="F")
PHONE = Phone(key="f", name="F")
NUMBER = Number(key="f", name="F")
RADIO = Radio(key="f", name="F", items=ITEMS)
LOOSE_RADIO = Radio(key="f", name="F", items=ITEMS, accepts_other=True, accepts_empty=True)
ONE = DropdownOne(key="f", name="F", items=ITEMS)
MANY = DropdownMany(key="f", name="F", items=ITEMS)
BOXES = Checklist(key="f", name="F", items=("A", "B", "C"))
DATE = Date(key="f", name="F")
NOTE = Instruction(key="f", name="F", text="Read this.")
ROUTING = Routing(
    key="f",
    name="F",
    buttons=(
        Button(label="Confirm and continue", action="complete"),
        Button(label="Return to details", action="return", target="details", target_id=501),
        Button(label="Return to code", action="return", target="code", target_id=502),
        Button(label="Decline and stop workflow", action="decline"),
    ),
)
EXAMPLES: tuple[AnyField, ...] = (
    SHORT,
    LONG,
    EMAIL,
    PHONE,
    NUMBER,
    RADIO,
    ONE,
    MANY,
    BOXES,
    DATE,
    NOTE,
    ROUTING,
)


def radio(item: str) -> JSON:
    """A stored radio."""
    return {"inputValue": {"radioItemSelected": item}}


def one(item: str) -> JSON:
    """A stored single dropdown."""
    return {"inputValue": {"itemSelected": item}}


def many(*items: str) -> JSON:
    """A stored dropdown of several."""
    return {"inputValue": {"itemsSelected": list[JSON](items)}}


def boxes(checked: list[JSON], unchecked: list[JSON]) -> JSON:
    """A stored checklist."""
    return {"inputValue": {"itemsChecked": checked, "itemsNotChecked": unchecked}}


def routed(action: str, label: str, target: int, comment: str = "") -> JSON:
    """A stored routing."""
    return {"action": action, "comment": comment, "label": label, "returnToStep": target}


@pytest.mark.parametrize("field", EXAMPLES, ids=lambda one: type(one).__name__)
def test_the_example_of_a_field_is_taken_and_shown(field: AnyField) -> None:
    parsed = field.parse(field.example)

    assert not isinstance(parsed, Refusal)
    assert all(isinstance(field.example_output(name), str) for name in field.outputs)
    assert not field.outputs or field.example_output(field.default_output)


@pytest.mark.parametrize(
    ("field", "raw", "stored"),
    [
        (SHORT, {"inputValue": " Ann "}, {"inputValue": "Ann"}),
        (SHORT, "Ann", {"inputValue": "Ann"}),
        (SHORT, {"inputValue": 5}, {"inputValue": "5"}),
        (SHORT, {}, {"inputValue": ""}),
        (SHORT, {"inputValue": None}, {"inputValue": ""}),
        (SHORT, "a\x00\ud800b\ue000\nc", {"inputValue": "ab c"}),
        (LONG, {"inputValue": "a\r\nb\rc"}, {"inputValue": "a\nb\nc"}),
        (EMAIL, {"inputValue": "ann@example.org "}, {"inputValue": "ann@example.org"}),
        (EMAIL, "Ann.Lee+x@mail.example.co", {"inputValue": "Ann.Lee+x@mail.example.co"}),
        (EMAIL, "", {"inputValue": ""}),
        (PHONE, {"inputValue": "+15005550006"}, {"inputValue": "+15005550006"}),
        (PHONE, "15005550006", {"inputValue": "+15005550006"}),
        (PHONE, 15005550006, {"inputValue": "+15005550006"}),
        (PHONE, "+1 (500) 555-0006", {"inputValue": "+15005550006"}),
        (PHONE, "0049.30/123456", {"inputValue": "+4930123456"}),
        (PHONE, "", {"inputValue": ""}),
        (NUMBER, {"inputValue": 12.5}, {"inputValue": 12.5}),
        (NUMBER, " 12 ", {"inputValue": 12}),
        (NUMBER, "-1.50", {"inputValue": -1.5}),
        (NUMBER, 3.0, {"inputValue": 3}),
        (NUMBER, "", {"inputValue": None}),
        (RADIO, {"inputValue": {"radioItemSelected": "Option A"}}, radio("Option A")),
        (RADIO, {"radioItemSelected": " option  a"}, radio("Option A")),
        (RADIO, {"inputValue": "Option A"}, radio("Option A")),
        (RADIO, "Option A", radio("Option A")),
        (RADIO, {"radioItemSelected": 429}, radio("429")),
        (LOOSE_RADIO, {"radioItemSelected": "Max send attempts"}, radio("Max send attempts")),
        (LOOSE_RADIO, {"radioItemSelected": 60203}, radio("60203")),
        (LOOSE_RADIO, {"radioItemSelected": ""}, radio("")),
        (LOOSE_RADIO, {"radioItemSelected": None}, radio("")),
        (ONE, {"inputValue": {"itemSelected": "option b"}}, one("Option B")),
        (ONE, {"inputValue": "Option B"}, one("Option B")),
        (ONE, "", one("")),
        (MANY, {"itemsSelected": ["429", "option a"]}, many("Option A", "429")),
        (MANY, "Option B", many("Option B")),
        (MANY, [], many()),
        (BOXES, {"inputValue": {"itemsChecked": ["a"]}}, boxes(["A"], ["B", "C"])),
        (BOXES, {"itemsNotChecked": ["A"]}, boxes(["B", "C"], ["A"])),
        (BOXES, {"itemsNotChecked": []}, boxes(["A", "B", "C"], [])),
        (BOXES, {"itemsChecked": ["B"], "itemsNotChecked": ["A", "C"]}, boxes(["B"], ["A", "C"])),
        (BOXES, ["C", "A"], boxes(["A", "C"], ["B"])),
        (BOXES, {}, boxes([], ["A", "B", "C"])),
        (DATE, {"date": "2021-06-16"}, {"date": "2021-06-16"}),
        (DATE, {"date": "2021-06-16T10:00:00.000Z"}, {"date": "2021-06-16T10:00:00Z"}),
        (DATE, {"inputValue": "2021-06-16T10:00:00+02:00"}, {"date": "2021-06-16T08:00:00Z"}),
        (DATE, {"inputValue": {"date": "2021-06-16"}}, {"date": "2021-06-16"}),
        (DATE, "2021-06-16T10:00", {"date": "2021-06-16T10:00:00"}),
        (DATE, "", {"date": None}),
        (NOTE, {}, {}),
        (ROUTING, {"action": "complete", "comment": "ok", "label": "", "returnToStep": -1},
         routed("complete", "Confirm and continue", -1, "ok")),
        (ROUTING, {"inputValue": {"action": "return", "returnToStep": "502"}},
         routed("return", "Return to code", 502)),
        (ROUTING, {"action": "decline"}, routed("decline", "Decline and stop workflow", -2)),
        (ROUTING, {"action": "decline", "label": "Renamed"},
         routed("decline", "Decline and stop workflow", -2)),
        (ROUTING, {"label": "return to details"}, routed("return", "Return to details", 501)),
    ],
)  # fmt: skip
def test_a_value_is_taken_and_stored_in_one_form(field: AnyField, raw: JSON, stored: JSON) -> None:
    assert field.parse(raw) == stored
    assert field.parse(stored) == stored


@pytest.mark.parametrize(
    ("field", "raw"),
    [
        (SHORT, "x" * 1001),
        (SHORT, ["a"]),
        (SHORT, {"other": "a"}),
        (LONG, "x" * 50_001),
        (EMAIL, "ann"),
        (EMAIL, "ann@example"),
        (EMAIL, "a@b.org, c@d.org"),
        (EMAIL, ".ann@example.org"),
        (EMAIL, "ann@example.org\nBcc: x@y.org"),
        (EMAIL, "<ann@example.org>"),
        (PHONE, "12345"),
        (PHONE, "+0500555000"),
        (PHONE, "1500CALLME"),
        (PHONE, "++15005550006"),
        (PHONE, "1234567890123456"),
        (NUMBER, "twelve"),
        (NUMBER, "1e99"),
        (NUMBER, float("nan")),
        (NUMBER, True),
        (RADIO, "Option C"),
        (RADIO, {"radioItemSelected": ""}),
        (RADIO, {}),
        (LOOSE_RADIO, "x" * 1001),
        (LOOSE_RADIO, ["Option A"]),
        (ONE, "Option C"),
        (MANY, ["Option A", "Option C"]),
        (MANY, {"a": 1}),
        (BOXES, ["D"]),
        (BOXES, {"itemsChecked": ["A"], "itemsNotChecked": ["A"]}),
        (Checklist(key="f", name="F", items=("A", "B"), is_multiple=False), ["A", "B"]),
        (DATE, "16.06.2021"),
        (DATE, "2021-02-30"),
        (DATE, "20210616"),
        (DATE, 5),
        (ROUTING, {"action": "return"}),
        (ROUTING, {"action": "return", "returnToStep": 999}),
        (ROUTING, {"action": "skip_forward"}),
        (ROUTING, {"action": "complete", "comment": "x" * 5001}),
        (ROUTING, {}),
        (ROUTING, "complete"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_the_field_named(
    field: AnyField, raw: JSON
) -> None:
    refusal = field.parse(raw)

    assert isinstance(refusal, Refusal)
    assert refusal.code == "invalid_value"
    assert refusal.message.startswith("F: ")


def test_a_refused_choice_names_the_items() -> None:
    refusal = RADIO.parse("Option C")

    assert isinstance(refusal, Refusal)
    assert refusal.message == "F: choose one of 'Option A', 'Option B', '429'."


@pytest.mark.parametrize(("value", "is_fine"), [(2, True), (1, False), (11, False), (2.5, False)])
def test_a_number_keeps_to_its_limits(value: float, is_fine: bool) -> None:
    field = Number(key="f", name="F", minimum=2, maximum=10, is_whole=True)

    assert (field.parse(value) == {"inputValue": value}) is is_fine


def test_a_phone_prints_as_its_default_output_says() -> None:
    digits = Phone(key="f", name="F", default_output="digits")
    value: JSON = {"inputValue": "+15005550006"}

    assert PHONE.output(value, PHONE.default_output) == "+15005550006"
    assert digits.output(value, digits.default_output) == "15005550006"
    assert digits.output(value, "inputValue") == "15005550006"
    assert digits.output(value, "e164") == "+15005550006"
    assert digits.shown(value) == "+15005550006"


@pytest.mark.parametrize(
    ("field", "raw", "shown"),
    [
        (SHORT, "Ann", "Ann"),
        (NUMBER, 12, "12"),
        (RADIO, "Option A", "Option A"),
        (MANY, ["Option A", "429"], "Option A, 429"),
        (BOXES, ["A", "C"], "A, C"),
        (DATE, "2021-06-16T10:00Z", "2021-06-16 10:00:00Z"),
        (NOTE, {}, ""),
        (ROUTING, {"action": "decline", "comment": "no"}, "Decline and stop workflow: no"),
        (ROUTING, {"action": "complete"}, "Confirm and continue"),
    ],
)
def test_a_value_is_shown_as_plain_text(field: AnyField, raw: JSON, shown: str) -> None:
    value = field.parse(raw)
    assert not isinstance(value, Refusal)

    assert field.shown(value) == shown


@pytest.mark.parametrize("field", EXAMPLES, ids=lambda one: type(one).__name__)
def test_nothing_is_empty_and_has_no_output(field: AnyField) -> None:
    assert field.output(None, field.default_output) is None
    assert field.is_empty(None) is (field is not NOTE)
    assert field.shown(None) == ""


def test_an_accepted_empty_radio_is_an_answer() -> None:
    assert LOOSE_RADIO.is_answered(radio(""))
    assert not RADIO.is_answered(radio(""))


def test_only_a_short_text_can_be_a_one_time_code() -> None:
    code = ShortText(key="f", name="F", is_one_time_code=True)

    assert code.is_one_time_code
    assert not any(field.is_one_time_code for field in EXAMPLES)


def test_a_day_is_read_off_a_stored_date() -> None:
    assert str(day_of("2021-06-16T08:00:00Z")) == "2021-06-16"
    assert day_of("soon") is None


def test_every_type_stands_in_the_list_with_an_example_and_a_label() -> None:
    assert {type(field) for field in EXAMPLES} == set(ALL)
    assert all(one.label for one in ALL)


@pytest.mark.parametrize("field", EXAMPLES, ids=lambda one: type(one).__name__)
def test_a_field_is_read_back_as_it_was_written(field: Field) -> None:
    written = msgspec.json.encode(field)

    assert msgspec.json.decode(written, type=AnyField) == field


@given(
    st.sampled_from(EXAMPLES),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(("inputValue", "date", "itemsChecked", "action", "comment")),
                inner,
                max_size=3,
            ),
        ),
        max_leaves=5,
    ),
)
def test_whatever_comes_is_stored_in_a_form_that_is_taken_again(field: AnyField, raw: JSON) -> None:
    stored = field.parse(raw)

    if not isinstance(stored, Refusal):
        assert field.parse(stored) == stored
