"""What a new step or field starts with, before its builder has said anything."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TypeVar, cast

import msgspec

from waypost.engine import field_types, step_types
from waypost.engine.errors import Refusal
from waypost.engine.field import Field
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.routing import Button
from waypost.engine.references import INSTANCE, PUBLIC_URL
from waypost.engine.step import Step
from waypost.engine.step_types import AnyStep

#: What attributes without a default start with, whichever type has them.
_FIRST: dict[str, object] = {
    "url": "",
    "items": ("Option A", "Option B"),
    "buttons": (Button(label="Confirm and continue", action="complete"),),
}
#: Shorter than a key may be, so that a number fits behind it.
_LONGEST = 60
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_Part = TypeVar("_Part", bound=Step | Field)


def new_key(name: str, taken: Collection[str]) -> str:
    """A key made from a name that none of `taken`, and no word with a meaning of its own, has."""
    slug = _NO_LETTERS.sub("_", name.casefold())[:_LONGEST].strip("_") or "unnamed"
    number, key = 1, slug
    while key in taken or key in (INSTANCE, PUBLIC_URL):
        number += 1
        key = f"{slug}_{number}"
    return key


def new_step(step_type: str, name: str = "") -> AnyStep | Refusal:
    """A step of this type with nothing but a name; `add_step` gives it its key."""
    kind = _named(step_types.ALL, step_type)
    if kind is None:
        return Refusal("unknown_step_type", "There is no such kind of step. Choose another.")
    return cast(AnyStep, _begun(kind, name.strip() or kind.label))


def new_field(field_type: str, name: str = "") -> AnyField | Refusal:
    """A field of this type with nothing but a name; `add_field` gives it its key."""
    kind = _named(field_types.ALL, field_type)
    if kind is None:
        return Refusal("unknown_field_type", "There is no such kind of field. Choose another.")
    return cast(AnyField, _begun(kind, name.strip() or kind.label))


def type_name(kind: type[msgspec.Struct]) -> str:
    """The name of a type in files, such as `short_text`."""
    return str(kind.__struct_config__.tag)


def _named(kinds: tuple[type[_Part], ...], name: str) -> type[_Part] | None:
    return next((kind for kind in kinds if type_name(kind) == name), None)


def _begun(kind: type[msgspec.Struct], name: str) -> object:
    required = [one.name for one in msgspec.structs.fields(kind) if one.required]
    first = {one: _FIRST[one] for one in required if one in _FIRST}
    return kind(**{**first, "key": "", "name": name})
