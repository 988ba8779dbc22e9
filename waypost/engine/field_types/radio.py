"""Radio: one of several items, all in sight."""

from __future__ import annotations

from typing import ClassVar

from waypost.engine.choice import MAX_OTHER, matching_item, named, scalar_text
from waypost.engine.errors import Refusal
from waypost.engine.field import Field, unwrapped
from waypost.engine.json_value import JSON
from waypost.engine.setting import Setting


class Radio(Field, frozen=True, kw_only=True, tag="radio"):
    """One item. With `accepts_other` a text that is no item is taken too (calls post error texts of
    other systems), with `accepts_empty` an empty one counts as an answer.
    """

    label: ClassVar[str] = "Radio"
    widget: ClassVar[str] = "radio"
    outputs: ClassVar[tuple[str, ...]] = ("radioItemSelected",)
    compares_as: ClassVar[str] = "radio"
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("items", "Items", "items", "One a line."),
        Setting("accepts_other", "Take other texts from calls", "switch"),
        Setting("accepts_empty", "An empty text is an answer, too", "switch"),
    )

    items: tuple[str, ...]
    accepts_other: bool = False
    accepts_empty: bool = False

    @property
    def example(self) -> JSON:
        """The first item."""
        return self.items[0] if self.items else None

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Accepts `{"inputValue": {"radioItemSelected": "A"}}`, one wrapper, or the item."""
        text = scalar_text(unwrapped(raw, "radioItemSelected"))
        taken = None if text is None else self._taken(text)
        if taken is None:
            return self.refuse(f"choose one of {named(self.items)}.")
        return {"inputValue": {"radioItemSelected": taken}}

    def _taken(self, text: str) -> str | None:
        if not text:
            return "" if self.accepts_empty else None
        item = matching_item(self.items, text)
        if item is None and self.accepts_other and len(text) <= MAX_OTHER:
            return text
        return item

    def output(self, value: JSON, name: str) -> JSON:
        """The item."""
        known = name in (*self.outputs, "inputValue")
        return unwrapped(value, "radioItemSelected") if known else None

    def is_answered(self, value: JSON) -> bool:
        """An accepted empty text is an answer."""
        return self.accepts_empty or not self.is_empty(value)
