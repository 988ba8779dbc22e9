"""`formatDate` of SendGrid's Handlebars: a moment, a pattern of tokens, an offset such as -0800."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

INVALID = "Invalid date"
_MILLISECONDS_FROM = 100_000_000_000  # Later than the year 5000 in seconds, so it is milliseconds.
_TOKEN = re.compile(r"YYYY|YY|MMMM|MMM|MM|M|DD|D|dddd|ddd|hh|h|HH|H|mm|m|ss|s|A|ZZ|Z")
# strftime's names follow the process locale; mail is English.
_MONTHS = ["January", "February", "March", "April", "May", "June", "July"]
_MONTHS += ["August", "September", "October", "November", "December"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

_WRITERS: dict[str, Callable[[datetime], str]] = {
    "YYYY": lambda at: f"{at.year:04}",
    "YY": lambda at: f"{at.year % 100:02}",
    "MMMM": lambda at: _MONTHS[at.month - 1],
    "MMM": lambda at: _MONTHS[at.month - 1][:3],
    "MM": lambda at: f"{at.month:02}",
    "M": lambda at: str(at.month),
    "DD": lambda at: f"{at.day:02}",
    "D": lambda at: str(at.day),
    "dddd": lambda at: _DAYS[at.weekday()],
    "ddd": lambda at: _DAYS[at.weekday()][:3],
    "hh": lambda at: f"{at.hour % 12 or 12:02}",
    "h": lambda at: str(at.hour % 12 or 12),
    "HH": lambda at: f"{at.hour:02}",
    "H": lambda at: str(at.hour),
    "mm": lambda at: f"{at.minute:02}",
    "m": lambda at: str(at.minute),
    "ss": lambda at: f"{at.second:02}",
    "s": lambda at: str(at.second),
    "A": lambda at: "PM" if at.hour >= 12 else "AM",
    "ZZ": lambda at: at.strftime("%z"),
    "Z": lambda at: at.strftime("%z")[:3] + ":" + at.strftime("%z")[3:],
}


def format_date(value: str | float | None, pattern: str, offset: str = "") -> str:
    """The moment (ISO 8601, or Unix seconds or milliseconds) in the pattern, UTC unless offset."""
    zone = _zone(offset)
    moment = _moment(value)
    if moment is None or zone is None:
        return INVALID
    try:
        shifted = moment.astimezone(zone)
    except OverflowError:
        return INVALID
    return _TOKEN.sub(lambda match: _WRITERS[match[0]](shifted), pattern)


def _moment(value: str | float | None) -> datetime | None:
    try:
        if isinstance(value, str) and not value.strip().isdigit():
            moment = datetime.fromisoformat(value.strip())
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if value is None or isinstance(value, bool):
            return None
        seconds = float(value)
        seconds = seconds / 1000 if seconds >= _MILLISECONDS_FROM else seconds
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _zone(offset: str) -> timezone | None:
    if not offset:
        return UTC
    match = re.fullmatch(r"([+-])(\d\d):?([0-5]\d)", offset.strip())
    if not match or int(match[2]) > 23:
        return None
    shift = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-shift if match[1] == "-" else shift)
