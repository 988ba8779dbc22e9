"""Date, with or without a time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import ClassVar

from waypost.engine.choice import scalar_text
from waypost.engine.errors import Refusal
from waypost.engine.field import Field, unwrapped
from waypost.engine.json_value import JSON
from waypost.engine.setting import PREFILL, Setting

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Date(Field, frozen=True, kw_only=True, tag="date"):
    """A day in ISO form; `has_time` makes the widget ask for the time too."""

    label: ClassVar[str] = "Date"
    widget: ClassVar[str] = "date"
    outputs: ClassVar[tuple[str, ...]] = ("date",)
    compares_as: ClassVar[str] = "date"
    settings: ClassVar[tuple[Setting, ...]] = (
        PREFILL,
        Setting("has_time", "Ask for the time, too", "switch"),
    )

    prefill: str = ""
    has_time: bool = False

    @property
    def example(self) -> JSON:
        """A day, with a time where one is asked for."""
        return "2026-01-31T10:00" if self.has_time else "2026-01-31"

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Accepts `{"date": "2021-06-16"}` or with a time, inside `inputValue` too, or the text
        alone; a time with a zone is stored in UTC.
        """
        text = scalar_text(unwrapped(raw, "date"))
        if text == "":
            return {"date": None}
        stored = None if text is None else _iso(text)
        if stored is None:
            return self.refuse("enter a date as year-month-day, such as 2026-01-31.")
        return {"date": stored}

    def output(self, value: JSON, name: str) -> JSON:
        """The date in ISO form."""
        known = name in (*self.outputs, "inputValue")
        return value.get("date") if known and isinstance(value, dict) else None

    def shown(self, value: JSON) -> str:
        """The day, and the time when there is one."""
        return str(self.output(value, "date") or "").replace("T", " ", 1)


def day_of(value: JSON) -> date | None:
    """The day that an ISO text names."""
    if not isinstance(value, str) or not _DAY.match(value.strip()):
        return None
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError:
        return None


def _iso(text: str) -> str | None:
    if not _DAY.match(text):
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
        moment = datetime.fromisoformat(text)
        local = moment if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return local.isoformat(timespec="seconds").replace("+00:00", "Z")
