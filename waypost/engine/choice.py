"""Matching what came in against the items of a choice."""

from __future__ import annotations

from collections.abc import Iterable

from waypost.engine.json_value import JSON, clean_text, text_of

#: Longest text of an item that a caller may bring where other values are accepted.
MAX_OTHER = 1000


def folded(text: str) -> str:
    """The text as comparisons see it: trimmed, single spaces, case ignored."""
    return " ".join(text.split()).casefold()


def matching_item(items: Iterable[str], text: str) -> str | None:
    """The item that the text names, case and spaces ignored, in the item's own spelling."""
    wanted = folded(text)
    return next((item for item in items if folded(item) == wanted), None)


def scalar_text(value: JSON) -> str | None:
    """A text, number or truth value as trimmed text, nothing as the empty text; None for a list or
    an object, which cannot be one.
    """
    if isinstance(value, list | dict):
        return None
    return clean_text(text_of(value)).strip()


def named(items: Iterable[str]) -> str:
    """The items for a sentence."""
    return ", ".join(repr(item) for item in items)


def texts_of(value: JSON) -> list[str] | None:
    """A list of plain texts out of a list or a single value; None when it cannot be read so."""
    raw = value if isinstance(value, list) else [value]
    texts = [scalar_text(one) for one in raw]
    return None if None in texts else [text for text in texts if text]


def matched_items(items: tuple[str, ...], texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """The items that the texts name, in the order of the items and once each, and the texts that
    name none.
    """
    found = {text: matching_item(items, text) for text in texts}
    chosen = set(found.values())
    strange = [text for text, item in found.items() if item is None]
    return [item for item in items if item in chosen], strange
