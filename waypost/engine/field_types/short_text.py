"""Short text: one line."""

from __future__ import annotations

from typing import ClassVar

from waypost.engine.choice import scalar_text
from waypost.engine.errors import Refusal
from waypost.engine.field import Field, unwrapped
from waypost.engine.json_value import JSON
from waypost.engine.setting import PLACEHOLDER, PREFILL, Setting

MAX_LENGTH = 1000


class ShortText(Field, frozen=True, kw_only=True, tag="short_text"):
    """One line of text. `prefill` may hold references.

    A one-time code is never offered again on a later visit, nor by the browser.
    """

    label: ClassVar[str] = "Short text"
    settings: ClassVar[tuple[Setting, ...]] = (
        PLACEHOLDER,
        PREFILL,
        Setting("is_one_time_code", "One-time code", "switch", "Never offered again."),
    )

    placeholder: str = ""
    prefill: str = ""
    is_one_time_code: bool = False

    @property
    def example(self) -> JSON:
        """A code where one is asked for, else a text."""
        return "123456" if self.is_one_time_code else "Some text"

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Accepts `{"inputValue": "text"}` or the text alone; line breaks become spaces."""
        text = scalar_text(unwrapped(raw))
        if text is None:
            return self.refuse('enter one text, as {"inputValue": "…"}.')
        if len(text) > MAX_LENGTH:
            return self.refuse(f"shorten it to {MAX_LENGTH} characters; it has {len(text)}.")
        return {"inputValue": " ".join(text.splitlines())}
