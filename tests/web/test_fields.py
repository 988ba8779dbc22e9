"""Every field type has a widget, and what its widget posts is what the engine takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import QueryDict
from django.template.loader import get_template

from waypost.engine.errors import Refusal
from waypost.engine.field import Field
from waypost.engine.field_types import ALL, AnyField
from waypost.engine.field_types.checklist import Checklist
from waypost.engine.field_types.date import Date
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
from waypost.web.fields.reading import posted_values

ITEMS = ("A", "B", "C & D")
BUTTONS = (
    Button(label="On", action="complete"),
    Button(label="Back", action="return", target="x", target_id=3),
    Button(label="Further back", action="return", target="y", target_id=2),
)

CASES: list[tuple[AnyField, str, str]] = [
    (ShortText(key="it", name="It", id=7), "field-7=Ann", "Ann"),
    (LongText(key="it", name="It", id=7), "field-7=one%0D%0Atwo", "one\ntwo"),
    (Email(key="it", name="It", id=7), "field-7=ann%40example.org", "ann@example.org"),
    (Phone(key="it", name="It", id=7), "field-7=%2B1+500+555+0006", "+15005550006"),
    (Number(key="it", name="It", id=7), "field-7=12.5", "12.5"),
    (Date(key="it", name="It", id=7), "field-7=2026-01-31", "2026-01-31"),
    (Radio(key="it", name="It", id=7, items=ITEMS), "field-7=C+%26+D", "C & D"),
    (DropdownOne(key="it", name="It", id=7, items=ITEMS), "field-7=B", "B"),
    (DropdownMany(key="it", name="It", id=7, items=ITEMS), "field-7=A&field-7=C+%26+D", "A, C & D"),
    (Checklist(key="it", name="It", id=7, items=ITEMS), "field-7=B", "B"),
    (Checklist(key="it", name="It", id=7, items=ITEMS), "", ""),
    (
        Routing(key="it", name="It", id=7, buttons=BUTTONS),
        "field-7=2&field-7-comment=Once+more",
        "Once more",
    ),
]


@pytest.mark.parametrize("field", ALL, ids=lambda field: field.__name__)
def test_every_field_type_has_a_widget(field: type[Field]) -> None:
    assert get_template(f"fields/{field.widget}.html")


def test_every_widget_is_tried_here() -> None:
    tried = {type(field) for field, _, _ in CASES} | {Instruction}

    assert tried == set(ALL)


@pytest.mark.parametrize(("field", "sent", "shown"), CASES)
def test_what_a_widget_posts_is_taken(field: AnyField, sent: str, shown: str) -> None:
    values = posted_values((field,), QueryDict(sent))

    stored = field.parse(values[7])

    assert not isinstance(stored, Refusal)
    assert shown in field.shown(stored)


@pytest.mark.parametrize(
    "field", [field for field, sent, _ in CASES if sent], ids=lambda field: type(field).__name__
)
def test_an_untouched_widget_gives_no_answer(field: AnyField) -> None:
    if isinstance(field, Checklist):
        return  # A list without a tick is an answer: nothing applies.
    assert posted_values((field,), QueryDict("field-7=")) == {}


@pytest.mark.parametrize("place", ["9", "-1", "x", "²"])
def test_a_button_that_is_not_there_is_no_answer(place: str) -> None:
    field = Routing(key="it", name="It", id=7, buttons=BUTTONS)

    assert posted_values((field,), QueryDict(f"field-7={place}")) == {}


def test_templates_escape_everything_but_named_reasons() -> None:
    pages = Path(__file__).parents[2] / "waypost/web"

    unsafe = [page.name for page in pages.rglob("*.html") if "|safe" in page.read_text()]

    assert unsafe == []
