"""What a browser posted, as the input objects that the engine and the REST API know."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import QueryDict

from waypost.engine.field import Field
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.checklist import Checklist
from waypost.engine.field_types.routing import Routing
from waypost.engine.json_value import JSON

#: Word that a customer enters when no code came (the verification's own text says so).
NO_CODE = "NOTRECEIVED"
#: Name of the button that enters it; its value is the field's id.
NO_CODE_BUTTON = "no-code"


def input_name(field: Field) -> str:
    """The name of the field's control in a form."""
    return f"field-{field.id}"


def posted_texts(fields: tuple[AnyField, ...], post: QueryDict) -> dict[int, list[str]]:
    """What the reader entered, by field id, to be shown again when something is wrong."""
    texts = {field.id: post.getlist(input_name(field)) for field in fields}
    for field in fields:
        if post.get(NO_CODE_BUTTON) == str(field.id):
            texts[field.id] = [NO_CODE]
    return texts


def posted_values(fields: tuple[AnyField, ...], post: QueryDict) -> dict[int, JSON]:
    """The input objects by field id; a field without an answer is left out."""
    texts = posted_texts(fields, post)
    values: dict[int, JSON] = {}
    for field in fields:
        if isinstance(field, Routing):
            value = _routing(field, texts[field.id], post.get(f"{input_name(field)}-comment", ""))
        else:
            value = READERS.get(field.widget, _text)(field, texts[field.id])
        if value is not None:
            values[field.id] = value
    return values


def _text(field: Field, texts: list[str]) -> JSON:
    return {"inputValue": texts[0]} if texts and texts[0].strip() else None


def _one(field: Field, texts: list[str]) -> JSON:
    chosen: JSON = texts[0] if texts and texts[0] else None
    return None if chosen is None else {field.default_output: chosen}


def _many(field: Field, texts: list[str]) -> JSON:
    chosen: list[JSON] = [text for text in texts if text]
    return {field.default_output: chosen} if chosen else None


def _ticked(field: Field, texts: list[str]) -> JSON:
    items = field.items if isinstance(field, Checklist) else ()
    rest: list[JSON] = [item for item in items if item not in texts]
    return {"itemsChecked": list[JSON](texts), "itemsNotChecked": rest}


def _nothing(field: Field, texts: list[str]) -> JSON:
    return None


def _routing(field: Routing, texts: list[str], comment: str) -> JSON:
    place = texts[0] if texts else ""
    if not place.isdecimal() or int(place) >= len(field.buttons):
        return None
    button = field.buttons[int(place)]
    return {
        "action": button.action,
        "comment": comment,
        "label": button.label,
        "returnToStep": button.return_to_step,
    }


#: How a widget's controls are read; the others are one text.
READERS: Mapping[str, Callable[[Field, list[str]], JSON]] = {
    "radio": _one,
    "dropdown_one": _one,
    "date": _one,
    "dropdown_many": _many,
    "checklist": _ticked,
    "instruction": _nothing,
}
