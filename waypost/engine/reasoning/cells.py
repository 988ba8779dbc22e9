"""The values a source may have, as far as rules can tell them apart.

A cell is one way in which all rules on a source can come out together. Choices, numbers and dates
are enumerated exactly; of free text every combination that is not plainly impossible is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, pairwise, product
from typing import TypeAlias

from waypost.engine.choice import folded, matching_item
from waypost.engine.conditions import Rule
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.checklist import Checklist
from waypost.engine.field_types.date import Date
from waypost.engine.field_types.dropdown_many import DropdownMany
from waypost.engine.field_types.dropdown_one import DropdownOne
from waypost.engine.field_types.number import Number
from waypost.engine.field_types.radio import Radio
from waypost.engine.field_types.routing import Routing
from waypost.engine.instance import Status
from waypost.engine.json_value import JSON, text_of
from waypost.engine.operators import OPERATORS, Comparison, SourceValue
from waypost.engine.step import Variable

Cell: TypeAlias = tuple[bool, ...]
#: More combinations than this are not looked through: the rules count as unknown.
MOST_CELLS = 96
#: Rules that depend on the day are never evaluated with it, so any day does.
_ANY_DAY = date(2000, 1, 1)
_ONE_OF = frozenset({"is", "is_not", "is_any_of", "is_none_of", "action_is"})
_TODAY = frozenset({"within_last_days", "within_next_days"})
_PART = {
    "contains": ("contains", True),
    "does_not_contain": ("contains", False),
    "starts_with": ("starts_with", True),
    "ends_with": ("ends_with", True),
    "matches": ("matches", True),
}
_Part: TypeAlias = tuple[str, str]


def holds_for(rule: Rule, status: Status, value: JSON = None) -> bool:
    """Whether the rule holds for one value."""
    wanted: JSON = list(rule.value) if isinstance(rule.value, tuple) else rule.value
    return OPERATORS[rule.operator].holds(Comparison(SourceValue(status, value), wanted, _ANY_DAY))


@lru_cache(maxsize=2048)
def cells_of(
    source: AnyField | Variable, output: str, rules: tuple[Rule, ...]
) -> tuple[Cell, ...] | None:
    """How the rules may come out for a step that ended with values; None when there are too many
    ways.
    """
    found: set[Cell] = set()
    for cell in _cells(source, output, rules):
        found.add(cell)
        if len(found) > MOST_CELLS:
            return None
    return tuple(sorted(found))


def _cells(source: AnyField | Variable, output: str, rules: tuple[Rule, ...]) -> Iterator[Cell]:
    if may_be_empty(source, output):
        yield _cell(rules, None)
    match source:
        case Radio() | DropdownOne():
            yield from (_cell(rules, item) for item in source.items)
            if source.accepts_other:
                yield from _text_cells(rules, is_one_text=True)
        case Routing() if output != "comment":
            yield from (_cell(rules, value) for value in _routed(source, output))
        case Number():
            yield from (_cell(rules, value) for value in _numbers(source, rules))
        case Date():
            yield from _date_cells(rules)
        case Checklist() | DropdownMany():
            yield from (_cell(rules, value) for value in _lists(source, rules))
        case _:
            yield from _text_cells(rules, is_one_text=not isinstance(source, Variable))


def may_be_empty(source: AnyField | Variable, output: str = "") -> bool:
    """Whether a step can be completed without a value for it."""
    if isinstance(source, Variable):
        return not source.default
    if source.condition is not None or not source.is_required:
        return True
    if isinstance(source, Routing):
        return output == "comment"
    return bool(getattr(source, "accepts_empty", False)) or output == "itemsNotChecked"


def _cell(rules: tuple[Rule, ...], value: JSON) -> Cell:
    return tuple(holds_for(rule, Status.COMPLETED, value) for rule in rules)


def _routed(source: Routing, output: str) -> Iterator[str]:
    """What later steps can see: a return takes the value away, a decline the later steps."""
    for button in source.buttons:
        if button.action in ("complete", "skip_forward"):
            yield button.label if output == "label" else button.action


def _numbers(source: Number, rules: tuple[Rule, ...]) -> Iterator[float]:
    """Every number that a rule names, and one of each gap between them."""
    named = sorted({float(text_of(_plain(rule))) for rule in rules if rule.value is not None})
    gaps = [(left + right) / 2 for left, right in pairwise(named)]
    ends = [named[0] - 1, named[-1] + 1] if named else [0.0]
    bounds = [float(one) for one in (source.minimum, source.maximum) if one is not None]
    for number in {*named, *gaps, *ends, *bounds, *_whole(named)}:
        is_low = source.minimum is not None and number < source.minimum
        is_high = source.maximum is not None and number > source.maximum
        if not is_low and not is_high and (number.is_integer() or not source.is_whole):
            yield number


def _whole(named: list[float]) -> Iterator[float]:
    """Whole numbers beside each that is named: a gap may hold no other."""
    for number in named:
        yield from (float(number // 1), float(number // 1 + 1), float(number // 1 - 1))


def _date_cells(rules: tuple[Rule, ...]) -> Iterator[Cell]:
    """Days around each that is named; what depends on today may be either way."""
    near = timedelta(days=1)
    named = [date.fromisoformat(text_of(_plain(r)).strip()) for r in rules if _names_day(r)]
    days = {day for one in named for day in (one - near, one, one + near)} or {_ANY_DAY}
    moving = [place for place, rule in enumerate(rules) if rule.operator in _TODAY]
    for day in days:
        fixed = list(_cell(rules, day.isoformat()))
        for truths in product((True, False), repeat=len(moving)):
            for place, truth in zip(moving, truths, strict=True):
                fixed[place] = truth
            yield tuple(fixed)


def _names_day(rule: Rule) -> bool:
    return rule.operator in ("on", "before", "after")


def _lists(source: Checklist | DropdownMany, rules: tuple[Rule, ...]) -> Iterator[list[JSON]]:
    """Every choice among the items that a rule names and one that none does."""
    named = dict.fromkeys(
        matching_item(source.items, one) for rule in rules for one in _wanted(rule)
    )
    items = [item for item in named if item is not None]
    other = next((item for item in source.items if item not in items), None)
    items += [other] if other is not None else []
    is_single = isinstance(source, Checklist) and not source.is_multiple
    # More than this would be cut off by `MOST_CELLS` anyway.
    sizes = range(1, 2 if is_single else min(len(items), 12) + 1)
    for size in sizes:
        for chosen in combinations(items, size):
            yield list(chosen)


def _text_cells(rules: tuple[Rule, ...], *, is_one_text: bool) -> Iterator[Cell]:
    """Each text that a rule names, and other texts with any parts that can come together."""
    exact = {one for rule in rules if rule.operator in _ONE_OF for one in _wanted(rule)}
    yield from (_cell(rules, text) for text in sorted(exact))
    parts = tuple(dict.fromkeys(_part(rule) for rule in rules if rule.operator in _PART))
    if 2 ** len(parts) > MOST_CELLS * 4:
        # Too many to tell apart: more cells than are looked through.
        yield from product((True, False), repeat=len(rules))
        return
    for truths in product((True, False), repeat=len(parts)):
        said = dict(zip(parts, truths, strict=True))
        if not is_one_text or _can_be(said):
            yield tuple(_other_text(rule, said) for rule in rules)


def _other_text(rule: Rule, said: dict[_Part, bool]) -> bool:
    """How a rule comes out for a text that no rule names."""
    if rule.operator in _PART:
        return said[_part(rule)] is _PART[rule.operator][1]
    return rule.operator in ("is_not", "is_none_of", "is_not_empty")


def _part(rule: Rule) -> _Part:
    text = text_of(_plain(rule))
    kind = _PART[rule.operator][0]
    return kind, text if kind == "matches" else folded(text)


def _can_be(said: dict[_Part, bool]) -> bool:
    """Whether one text can have these parts and lack the others."""
    there = [part for part, truth in said.items() if truth and part[0] != "matches"]
    for (kind, text), truth in said.items():
        if kind != "matches" and not truth and any(_brings(one, (kind, text)) for one in there):
            return False
    return _agree([text for kind, text in there if kind == "starts_with"], str.startswith) and (
        _agree([text for kind, text in there if kind == "ends_with"], str.endswith)
    )


def _brings(there: _Part, wanted: _Part) -> bool:
    """Whether a text with the one part has the other, too."""
    kind, text = wanted
    if kind == "contains":
        return text in there[1]
    if kind != there[0]:
        return False
    return there[1].startswith(text) if kind == "starts_with" else there[1].endswith(text)


def _agree(texts: Iterable[str], begins: Callable[[str, str], bool]) -> bool:
    return all(begins(one, other) or begins(other, one) for one, other in combinations(texts, 2))


def _wanted(rule: Rule) -> tuple[str, ...]:
    if isinstance(rule.value, tuple):
        return rule.value
    return () if rule.value is None else (text_of(rule.value),)


def _plain(rule: Rule) -> JSON:
    return list(rule.value) if isinstance(rule.value, tuple) else rule.value
