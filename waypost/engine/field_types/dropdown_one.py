"""Dropdown with one choice."""

from __future__ import annotations

from typing import ClassVar

from waypost.engine.choice import MAX_OTHER, matching_item, named, scalar_text
from waypost.engine.errors import Refusal
from waypost.engine.field import Field, unwrapped
from waypost.engine.json_value import JSON
from waypost.engine.setting import Setting


class DropdownOne(Field, frozen=True, kw_only=True, tag="dropdown_one"):
    """One item out of a list that opens; with `accepts_other` any other text is taken too."""

    label: ClassVar[str] = "Dropdown, single"
    widget: ClassVar[str] = "dropdown_one"
    outputs: ClassVar[tuple[str, ...]] = ("itemSelected",)
    compares_as: ClassVar[str] = "radio"
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("items", "Items", "items", "One a line."),
        Setting("accepts_other", "Take other texts from calls", "switch"),
    )

    items: tuple[str, ...]
    accepts_other: bool = False

    @property
    def example(self) -> JSON:
        """The first item."""
        return self.items[0] if self.items else None

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Accepts `{"inputValue": {"itemSelected": "A"}}`, either wrapper alone, or the item; an
        empty text is no choice.
        """
        text = scalar_text(unwrapped(raw, "itemSelected"))
        item = None if text is None else self._taken(text)
        if item is None:
            return self.refuse(f"choose one of {named(self.items)}.")
        return {"inputValue": {"itemSelected": item}}

    def _taken(self, text: str) -> str | None:
        if self.accepts_other and len(text) <= MAX_OTHER:
            return matching_item(self.items, text) or text
        return matching_item(self.items, text) if text else ""

    def output(self, value: JSON, name: str) -> JSON:
        """The item."""
        known = name in (*self.outputs, "inputValue")
        return unwrapped(value, "itemSelected") if known else None
