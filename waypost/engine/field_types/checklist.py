"""Checklist: items to tick."""

from __future__ import annotations

from typing import ClassVar

from waypost.engine.choice import matched_items, named, texts_of
from waypost.engine.errors import Refusal
from waypost.engine.field import Field
from waypost.engine.json_value import JSON
from waypost.engine.setting import Setting


class Checklist(Field, frozen=True, kw_only=True, tag="checklist"):
    """Boxes; with `is_multiple` off only one may be ticked."""

    label: ClassVar[str] = "Checklist"
    widget: ClassVar[str] = "checklist"
    outputs: ClassVar[tuple[str, ...]] = ("itemsChecked", "itemsNotChecked")
    compares_as: ClassVar[str] = "checklist"
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("items", "Items", "items", "One a line."),
        Setting("is_multiple", "Several may be ticked", "switch"),
    )

    items: tuple[str, ...]
    is_multiple: bool = True

    @property
    def example(self) -> JSON:
        """The first item ticked."""
        return list[JSON](self.items[:1])

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Accepts `{"inputValue": {"itemsChecked": [..], "itemsNotChecked": [..]}}`, with or
        without
        the wrapper, either list alone, or the ticked items as a bare list.

        Listing only unticked items ticks the rest (Next Matter, Complete a step).
        """
        named_lists = self._lists(raw)
        if named_lists is None:
            return self.refuse(f"tick items from {named(self.items)}, each in one list only.")
        checked, unchecked = named_lists
        if not checked and unchecked is not None:
            checked = [item for item in self.items if item not in unchecked]
        if not self.is_multiple and len(checked) > 1:
            return self.refuse("tick one item only.")
        rest: list[JSON] = [item for item in self.items if item not in checked]
        return {"inputValue": {"itemsChecked": list[JSON](checked), "itemsNotChecked": rest}}

    def _lists(self, raw: JSON) -> tuple[list[str], list[str] | None] | None:
        """Ticked and unticked items as named; None for unticked when ticked ones were listed."""
        inner = raw.get("inputValue", raw) if isinstance(raw, dict) else raw
        given = inner if isinstance(inner, dict) else {"itemsChecked": inner}
        checked = self._known(given.get("itemsChecked"))
        unchecked = self._known(given.get("itemsNotChecked"))
        if checked is None or unchecked is None or set(checked) & set(unchecked):
            return None
        only_unchecked = "itemsNotChecked" in given and "itemsChecked" not in given
        return checked, (unchecked if only_unchecked else None)

    def _known(self, listed: JSON) -> list[str] | None:
        texts = texts_of(listed)
        chosen, strange = matched_items(self.items, texts or ())
        return None if texts is None or strange else chosen

    def output(self, value: JSON, name: str) -> JSON:
        """The ticked or the unticked items, in the order of the list."""
        inner = value.get("inputValue") if isinstance(value, dict) else None
        wanted = "itemsChecked" if name == "inputValue" else name
        return inner.get(wanted) if isinstance(inner, dict) else None
