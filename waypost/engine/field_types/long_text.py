"""Long text: several lines."""

from __future__ import annotations

from typing import ClassVar

from waypost.engine.choice import scalar_text
from waypost.engine.errors import Refusal
from waypost.engine.field import Field, unwrapped
from waypost.engine.json_value import JSON
from waypost.engine.setting import PLACEHOLDER, PREFILL, Setting

MAX_LENGTH = 50_000


class LongText(Field, frozen=True, kw_only=True, tag="long_text"):
    """Text with line breaks. `prefill` may hold references."""

    label: ClassVar[str] = "Long text"
    widget: ClassVar[str] = "long_text"
    settings: ClassVar[tuple[Setting, ...]] = (
        PLACEHOLDER,
        PREFILL,
    )

    placeholder: str = ""
    prefill: str = ""

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Accepts `{"inputValue": "text"}` or the text alone; line breaks become newlines."""
        text = scalar_text(unwrapped(raw))
        if text is None:
            return self.refuse('enter one text, as {"inputValue": "…"}.')
        if len(text) > MAX_LENGTH:
            return self.refuse(f"shorten it to {MAX_LENGTH} characters; it has {len(text)}.")
        return {"inputValue": text.replace("\r\n", "\n").replace("\r", "\n")}
