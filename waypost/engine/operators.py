"""The operators of conditions, one row each: editor list, evaluation and docs read this table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from waypost.engine.choice import folded
from waypost.engine.instance import Status
from waypost.engine.json_value import JSON, text_of
from waypost.engine.pattern import matches, pattern_fault

#: What a rule can look at: the `compares_as` of a field, a variable of an integration, or a step.
Subject: TypeAlias = Literal[
    "text", "radio", "checklist", "number", "date", "routing", "variable", "step"
]
#: What the rule's own value must be.
Needs: TypeAlias = Literal["nothing", "text", "texts", "number", "date", "days", "pattern"]


@dataclass(frozen=True, slots=True)
class SourceValue:
    """What a rule reads: how the source step stands, and the value it left; None is no value."""

    status: Status
    value: JSON


#: A source that the workflow does not have counts as empty.
NO_SOURCE = SourceValue(Status.NOT_STARTED, None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One rule at work: the source, what it is compared with, and the day it is."""

    source: SourceValue
    wanted: JSON
    today: date

    @property
    def is_empty(self) -> bool:
        """Whether the source has no value."""
        value = self.source.value
        return value is None or value in ("", []) or (isinstance(value, str) and not value.strip())

    @property
    def text(self) -> str:
        """The source as text, trimmed and case ignored; a number as its digits."""
        return folded(text_of(self.source.value))

    @property
    def items(self) -> list[str]:
        """The source as a list of texts; a single value is a list of one."""
        return _texts(self.source.value)

    @property
    def wanted_text(self) -> str:
        """What the rule compares with, as text."""
        return folded(text_of(self.wanted))

    @property
    def wanted_items(self) -> list[str]:
        """What the rule compares with, as a list of texts."""
        return _texts(self.wanted)


@dataclass(frozen=True, slots=True)
class Operator:
    """A way to compare. `subjects` are what it is offered for."""

    name: str
    label: str
    subjects: tuple[Subject, ...]
    needs: Needs
    holds: Callable[[Comparison], bool]


def operators_for(subject: str) -> tuple[Operator, ...]:
    """The operators to offer for a field's `compares_as`, a `variable` or a `step`, in order."""
    return tuple(row for row in OPERATORS.values() if subject in row.subjects)


def value_problem(operator: Operator, value: object) -> str:
    """What to do about the value of a rule; empty when the operator can use it."""
    match operator.needs:
        case "nothing":
            return "Remove the value." if value is not None else ""
        case "texts":
            return "" if isinstance(value, tuple) and value else "Write a list: [first, second]."
        case "number" | "days":
            return "" if _is_number(value) else "Write a number."
        case "date":
            return "" if _is_date(value) else "Write a date as year-month-day: 2026-01-31."
        case "pattern":
            return pattern_fault(value) if isinstance(value, str) else "Write a pattern in quotes."
        case "text":
            is_text = value is not None and not isinstance(value, tuple) and value != ""
            return "" if is_text else "Write one text; “is empty” (`is_empty`) looks for none."


def _is_number(value: object) -> bool:
    try:
        return not isinstance(value, bool) and float(str(value)) == float(str(value))
    except ValueError:
        return False


def _is_date(value: object) -> bool:
    try:
        return bool(date.fromisoformat(str(value).strip()))
    except ValueError:
        return False


def _texts(value: JSON) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [text for text in (folded(text_of(one)) for one in listed) if text]


def _is(one: Comparison) -> bool:
    return not one.is_empty and one.text == one.wanted_text


def _contains(one: Comparison) -> bool:
    """A list contains an item, a text a part of it; nothing contains nothing."""
    if one.is_empty:
        return False
    if isinstance(one.source.value, list):
        return one.wanted_text in one.items
    return one.wanted_text in one.text


def _is_any_of(one: Comparison) -> bool:
    return not one.is_empty and one.text in one.wanted_items


def _contains_all_of(one: Comparison) -> bool:
    return not one.is_empty and set(one.wanted_items) <= set(one.items)


def _is_exactly(one: Comparison) -> bool:
    return not one.is_empty and set(one.wanted_items) == set(one.items)


def _matches(one: Comparison) -> bool:
    return not one.is_empty and matches(text_of(one.wanted), text_of(one.source.value).strip())


def _number(value: JSON) -> float | None:
    try:
        number = None if isinstance(value, bool) else float(text_of(value))
    except ValueError:
        return None
    return number if number == number else None


def _by_number(compare: Callable[[float, float], bool]) -> Callable[[Comparison], bool]:
    def holds(one: Comparison) -> bool:
        left, right = _number(one.source.value), _number(one.wanted)
        return left is not None and right is not None and compare(left, right)

    return holds


def _day(value: JSON) -> date | None:
    try:
        return date.fromisoformat(text_of(value).strip()[:10])
    except ValueError:
        return None


def _by_day(compare: Callable[[date, date], bool]) -> Callable[[Comparison], bool]:
    def holds(one: Comparison) -> bool:
        left, right = _day(one.source.value), _day(one.wanted)
        return left is not None and right is not None and compare(left, right)

    return holds


def _days(one: Comparison) -> timedelta | None:
    number = _number(one.wanted)
    return timedelta(days=number) if number is not None and abs(number) < 100_000 else None


def _within_last_days(one: Comparison) -> bool:
    day, days = _day(one.source.value), _days(one)
    return day is not None and days is not None and one.today - days <= day <= one.today


def _within_next_days(one: Comparison) -> bool:
    day, days = _day(one.source.value), _days(one)
    return day is not None and days is not None and one.today <= day <= one.today + days


def _ended(status: Status) -> Callable[[Comparison], bool]:
    return lambda one: one.source.status is status


_NUMBER_EQUALS = _by_number(lambda left, right: left == right)

_ANY: tuple[Subject, ...] = ("text", "radio", "checklist", "number", "date", "routing", "variable")
_WORDS: tuple[Subject, ...] = ("text", "variable")
_ONE: tuple[Subject, ...] = ("text", "radio", "variable")
_PARTS: tuple[Subject, ...] = ("text", "radio", "checklist", "variable")
_LIST: tuple[Subject, ...] = ("checklist",)
_CHOICE: tuple[Subject, ...] = ("radio",)
_NUMBER: tuple[Subject, ...] = ("number",)
_DATE: tuple[Subject, ...] = ("date",)
_STEP: tuple[Subject, ...] = ("step",)

_ROWS = (
    Operator("is", "is", _ONE, "text", _is),
    Operator("is_not", "is not", _ONE, "text", lambda one: not _is(one)),
    Operator("contains", "contains", _PARTS, "text", _contains),
    Operator(
        "does_not_contain", "does not contain", _PARTS, "text", lambda one: not _contains(one)
    ),
    Operator(
        "starts_with",
        "starts with",
        _WORDS,
        "text",
        lambda one: not one.is_empty and one.text.startswith(one.wanted_text),
    ),
    Operator(
        "ends_with",
        "ends with",
        _WORDS,
        "text",
        lambda one: not one.is_empty and one.text.endswith(one.wanted_text),
    ),
    Operator("matches", "matches", _WORDS, "pattern", _matches),
    Operator("is_any_of", "is any of", _CHOICE, "texts", _is_any_of),
    Operator("is_none_of", "is none of", _CHOICE, "texts", lambda one: not _is_any_of(one)),
    Operator("contains_all_of", "contains all of", _LIST, "texts", _contains_all_of),
    Operator("is_exactly", "is exactly", _LIST, "texts", _is_exactly),
    Operator("equals", "=", _NUMBER, "number", _NUMBER_EQUALS),
    Operator("differs_from", "≠", _NUMBER, "number", lambda one: not _NUMBER_EQUALS(one)),
    Operator("less_than", "<", _NUMBER, "number", _by_number(lambda left, right: left < right)),
    Operator("at_most", "≤", _NUMBER, "number", _by_number(lambda left, right: left <= right)),
    Operator("greater_than", ">", _NUMBER, "number", _by_number(lambda left, right: left > right)),
    Operator("at_least", "≥", _NUMBER, "number", _by_number(lambda left, right: left >= right)),
    Operator("on", "on", _DATE, "date", _by_day(lambda left, right: left == right)),
    Operator("before", "before", _DATE, "date", _by_day(lambda left, right: left < right)),
    Operator("after", "after", _DATE, "date", _by_day(lambda left, right: left > right)),
    Operator("within_last_days", "within the last … days", _DATE, "days", _within_last_days),
    Operator("within_next_days", "within the next … days", _DATE, "days", _within_next_days),
    Operator("action_is", "action is", ("routing",), "text", _is),
    Operator("is_empty", "is empty", _ANY, "nothing", lambda one: one.is_empty),
    Operator("is_not_empty", "is not empty", _ANY, "nothing", lambda one: not one.is_empty),
    Operator("run_succeeded", "run succeeded", _STEP, "nothing", _ended(Status.COMPLETED)),
    Operator(
        "run_failed_skipped",
        "run failed and was passed",
        _STEP,
        "nothing",
        _ended(Status.FAILED_SKIPPED),
    ),
    Operator("was_completed", "was completed", _STEP, "nothing", _ended(Status.COMPLETED)),
    Operator("was_skipped", "was skipped", _STEP, "nothing", _ended(Status.SKIPPED)),
)
OPERATORS: dict[str, Operator] = {row.name: row for row in _ROWS}
