"""What is asked about a workflow, as formulas of rules and of how steps ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from waypost.engine.conditions import Condition, Match, Rule
from waypost.engine.instance import Status

#: A step that took part: its condition held and nobody passed it.
RAN = frozenset({Status.COMPLETED, Status.FAILED_SKIPPED, Status.ACTIVE})


@dataclass(frozen=True, slots=True)
class Ended:
    """How the step stands is one of these."""

    step: str
    statuses: frozenset[Status]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Formula


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold; so does none."""

    parts: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """May hold or not: what it looks at could be different when it was looked at."""


Formula: TypeAlias = Rule | Ended | Not | Every | Some | Unknown


def formula_of(condition: Condition | None, is_known: Callable[[Rule], bool]) -> Formula:
    """The condition as a formula, with nothing claimed of the rules that are not known."""
    if condition is None:
        return Every()

    def ruled(rules: tuple[Rule, ...]) -> tuple[Formula, ...]:
        return tuple(rule if is_known(rule) else Unknown() for rule in rules)

    groups = tuple(_combined(group.match, ruled(group.rules)) for group in condition.groups)
    return _combined(condition.match, ruled(condition.rules) + groups)


def atoms_in(formula: Formula) -> Iterator[Rule | Ended]:
    """Everything the formula looks at."""
    match formula:
        case Rule() | Ended():
            yield formula
        case Not():
            yield from atoms_in(formula.part)
        case Every() | Some():
            for part in formula.parts:
                yield from atoms_in(part)
        case Unknown():
            return
        case _:
            assert_never(formula)


def evaluate(formula: Formula, holds: Callable[[Rule | Ended], bool | None]) -> bool | None:
    """Whether it holds, None while that is open."""
    match formula:
        case Rule() | Ended():
            return holds(formula)
        case Not():
            inner = evaluate(formula.part, holds)
            return None if inner is None else not inner
        case Every():
            return _first(formula.parts, holds, False)
        case Some():
            return _first(formula.parts, holds, True)
        case Unknown():
            return None
        case _:
            assert_never(formula)


def _first(
    parts: tuple[Formula, ...], holds: Callable[[Rule | Ended], bool | None], decisive: bool
) -> bool | None:
    """The decisive truth when a part has it, None when one may still have it."""
    is_open = False
    for part in parts:
        found = evaluate(part, holds)
        if found is decisive:
            return decisive
        is_open = is_open or found is None
    return None if is_open else not decisive


def _combined(match: Match, parts: tuple[Formula, ...]) -> Formula:
    return Every(parts) if match == "all" or not parts else Some(parts)
