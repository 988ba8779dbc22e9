"""Dropdown with several choices."""

from __future__ import annotations

from typing import ClassVar

from waypost.engine.choice import matched_items, named, texts_of
from waypost.engine.errors import Refusal
from waypost.engine.field import Field, unwrapped
from waypost.engine.json_value import JSON
from waypost.engine.setting import Setting


class DropdownMany(Field, frozen=True, kw_only=True, tag="dropdown_many"):
    """Any number of items out of a list that opens."""

    label: ClassVar[str] = "Dropdown, multi"
    widget: ClassVar[str] = "dropdown_many"
    outputs: ClassVar[tuple[str, ...]] = ("itemsSelected",)
    compares_as: ClassVar[str] = "checklist"
    settings: ClassVar[tuple[Setting, ...]] = (Setting("items", "Items", "items", "One a line."),)

    items: tuple[str, ...]

    @property
    def example(self) -> JSON:
        """The first items."""
        return list[JSON](self.items[:2])

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Accepts `{"inputValue": {"itemsSelected": ["A"]}}`, either wrapper alone, a list or one
        item.
        """
        texts = texts_of(unwrapped(raw, "itemsSelected"))
        chosen, strange = matched_items(self.items, texts or ())
        if texts is None or strange:
            return self.refuse(f"choose from {named(self.items)}.")
        return {"inputValue": {"itemsSelected": list[JSON](chosen)}}

    def output(self, value: JSON, name: str) -> JSON:
        """The chosen items, in the order of the list."""
        known = name in (*self.outputs, "inputValue")
        return unwrapped(value, "itemsSelected") if known else None
