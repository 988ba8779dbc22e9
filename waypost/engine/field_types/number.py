"""Number."""

from __future__ import annotations

import re
from typing import ClassVar

from waypost.engine.errors import Refusal
from waypost.engine.field import Field, unwrapped
from waypost.engine.json_value import JSON
from waypost.engine.setting import PLACEHOLDER, PREFILL, Setting

#: Beyond this a float no longer holds every whole number, and JavaScript reads another one.
LIMIT = 10**15
_WRITTEN = re.compile(
    r"[+-]?(?:[0-9]{1,16}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][+-]?[0-9]{1,2})?"
)


class Number(Field, frozen=True, kw_only=True, tag="number"):
    """A number, whole or with a decimal point. `step` is what the widget counts in."""

    label: ClassVar[str] = "Number"
    widget: ClassVar[str] = "number"
    compares_as: ClassVar[str] = "number"
    settings: ClassVar[tuple[Setting, ...]] = (
        PLACEHOLDER,
        PREFILL,
        Setting("minimum", "Smallest", "number"),
        Setting("maximum", "Largest", "number"),
        Setting("step", "Counts in", "number"),
        Setting("is_whole", "Whole numbers only", "switch"),
    )

    placeholder: str = ""
    prefill: str = ""
    minimum: int | float | None = None
    maximum: int | float | None = None
    step: int | float | None = None
    is_whole: bool = False

    @property
    def example(self) -> JSON:
        """A number between the limits."""
        return self.minimum if self.minimum is not None else min(42, self.maximum or 42)

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Accepts `{"inputValue": 12.5}`, the number alone, or either as text."""
        value = unwrapped(raw)
        if value is None or (isinstance(value, str) and not value.strip()):
            return {"inputValue": None}
        number = as_number(value)
        if number is None or abs(number) > LIMIT:
            return self.refuse("enter a number, such as 12 or 12.5.")
        fault = self._fault(number)
        return self.refuse(fault) if fault else {"inputValue": number}

    def _fault(self, number: int | float) -> str:
        if self.is_whole and not isinstance(number, int):
            return "enter a whole number."
        if self.minimum is not None and number < self.minimum:
            return f"enter {self.minimum} or more."
        if self.maximum is not None and number > self.maximum:
            return f"enter {self.maximum} or less."
        return ""


def as_number(value: JSON) -> int | float | None:
    """The number that a number or a text says; a whole one is an int. None when it says none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        value = float(text) if _WRITTEN.fullmatch(text) else None
        if text.lstrip("+-").isdecimal() and value is not None:
            return int(text)
    if isinstance(value, int):
        return value
    if not isinstance(value, float) or not abs(value) < float("inf"):
        return None
    return int(value) if value.is_integer() else value
