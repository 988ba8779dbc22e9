"""Short text: one line."""

from __future__ import annotations

from waypost.engine.errors import Refusal
from waypost.engine.field import Field
from waypost.engine.json_value import JSON


class ShortText(Field, frozen=True, kw_only=True, tag="short_text"):
    """One line of text."""

    placeholder: str = ""
    prefill: str = ""

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Accepts `{"inputValue": "text"}`."""
        text = raw.get("inputValue", "") if isinstance(raw, dict) else raw
        return {"inputValue": "" if text is None else str(text)}

    def output(self, value: JSON, name: str) -> JSON:
        """The text."""
        return value.get(name) if isinstance(value, dict) else None
