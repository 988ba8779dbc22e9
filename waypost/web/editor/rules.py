"""The dialog of conditions: rules as a form shows them, and as it posts them.

Rows are numbered: `r0.source`, `r0.operator`, `r0.value`; `r0.group` says which of the nested
groups a row is in, empty for none, and `g1.match` how that group combines its rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.http import QueryDict

from waypost.engine.conditions import Condition, Match, Rule, RuleGroup
from waypost.engine.definition import Workflow
from waypost.engine.json_value import text_of
from waypost.engine.operators import OPERATORS, Operator
from waypost.engine.sources import Choices, Source, source_at, sources_before
from waypost.engine.step_types import AnyStep

#: How a rule's value is entered.
Control = Literal["none", "text", "listed", "one", "several", "number", "date"]
MOST_ROWS = 50
_EXACT = frozenset({"is", "is_not", "action_is"})


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select."""

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """A step with what can be looked at in it."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule as the dialog shows it."""

    number: int
    group: str
    sources: tuple[SourceGroup, ...]
    operators: tuple[Option, ...]
    control: Control
    value: str
    choices: tuple[Option, ...]
    has_source: bool


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that are combined in one way; the outermost has no name."""

    name: str
    match: Match
    rows: tuple[RuleRow, ...]


def read_condition(post: QueryDict) -> Condition | None:
    """The condition that a form posts; None when no rule has a source."""
    rows = [(group, rule) for group, rule in _posted(post) if rule.source]
    if not rows:
        return None
    names = dict.fromkeys(group for group, _ in rows if group)
    groups = [
        RuleGroup(
            match=_match(post, f"g{name}.match"),
            rules=tuple(rule for group, rule in rows if group == name),
        )
        for name in names
    ]
    return Condition(
        match=_match(post, "match"),
        rules=tuple(rule for group, rule in rows if not group),
        groups=tuple(groups),
    )


def is_unfinished(condition: Condition) -> bool:
    """Whether a rule has a source but nothing to compare it by: so the form posts it without
    script, as long as the way to compare was not asked for.
    """
    nested = (rule for group in condition.groups for rule in group.rules)
    return any(not rule.operator for rule in (*condition.rules, *nested))


def shown_groups(
    workflow: Workflow, step: AnyStep, condition: Condition | None
) -> tuple[RowGroup, ...]:
    """The rows of a stored condition; one blank row when there is none."""
    condition = condition or Condition()
    blank = () if condition.rules or condition.groups else (Rule(source="", operator=""),)
    drawn = _Drawing(workflow, step)
    outer = RowGroup("", condition.match, drawn.rows("", (*condition.rules, *blank)))
    inner = [
        RowGroup(str(place), group.match, drawn.rows(str(place), group.rules))
        for place, group in enumerate(condition.groups, start=1)
    ]
    return (outer, *inner)


def refitted_groups(workflow: Workflow, step: AnyStep, asked: QueryDict) -> tuple[RowGroup, ...]:
    """The rows of a form that is being filled in, fitted to what was chosen; `drop` names a row to
    leave out, `more` a group that gets one more, `new` asks for another group.
    """
    rows = list(_posted(asked, but=asked.get("drop", "")))
    names = list(dict.fromkeys(["", *(group for group, _ in rows)]))
    if "group" in asked:
        names.append(str(max((int(name) for name in names if name), default=0) + 1))
        rows.append((names[-1], Rule(source="", operator="")))
    more = str(asked.get("more", "-"))
    if more in names:
        rows.append((more, Rule(source="", operator="")))
    drawn = _Drawing(workflow, step)
    return tuple(
        RowGroup(
            name,
            _match(asked, f"g{name}.match" if name else "match"),
            drawn.rows(name, tuple(rule for group, rule in rows if group == name)),
        )
        for name in names
    )


class _Drawing:
    """Numbers rows through all groups of one dialog, and knows what they can look at."""

    def __init__(self, workflow: Workflow, step: AnyStep) -> None:
        self.workflow = workflow
        self.offered = sources_before(workflow, step.key)
        self.number = -1

    def rows(self, group: str, rules: tuple[Rule, ...]) -> tuple[RuleRow, ...]:
        """The rows of one group."""
        return tuple(self._row(group, rule) for rule in rules)

    def _row(self, group: str, rule: Rule) -> RuleRow:
        self.number += 1
        source = source_at(self.workflow, rule.source) if rule.source else None
        operators = source.operators if source else ()
        operator = next((row for row in operators if row.name == rule.operator), None)
        operator = operator or (operators[0] if operators else None)
        control = _control(source, operator)
        return RuleRow(
            self.number,
            group,
            self._sources(rule.source),
            tuple(Option(row.name, row.label, row is operator) for row in operators),
            control,
            _shown_value(rule),
            _options(source, rule, control),
            bool(rule.source),
        )

    def _sources(self, chosen: str) -> tuple[SourceGroup, ...]:
        numbers = self.workflow.number_by_key
        groups: dict[str, list[Option]] = {}
        for one in self.offered:
            label = f"{numbers[one.step.key]}. {one.step.name}"
            name = f"{one.step.name}: {one.name or 'the step itself'}"
            groups.setdefault(label, []).append(Option(one.path, name, one.path == chosen))
        if chosen and chosen not in {one.path for one in self.offered}:
            groups["Not before this step"] = [Option(chosen, chosen, is_chosen=True)]
        return tuple(SourceGroup(label, tuple(options)) for label, options in groups.items())


def _control(source: Source | None, operator: Operator | None) -> Control:
    if source is None or operator is None or operator.needs == "nothing":
        return "none"
    if operator.needs in ("number", "days"):
        return "number"
    if operator.needs == "date":
        return "date"
    if operator.needs == "texts":
        return "several" if source.choices else "text"
    if source.choices and operator.needs == "text":
        is_whole = operator.name in _EXACT or source.subject == "checklist"
        return "one" if is_whole else "listed"
    return "text"


def _options(source: Source | None, rule: Rule, control: Control) -> tuple[Option, ...]:
    if source is None or control not in ("one", "several", "listed"):
        return ()
    values = rule.value if isinstance(rule.value, tuple) else (text_of(rule.value),)
    known: Choices = source.choices
    strange = [(one, one) for one in values if one and one not in dict(known)]
    return tuple(Option(value, label, value in values) for value, label in (*known, *strange))


def _shown_value(rule: Rule) -> str:
    return ", ".join(rule.value) if isinstance(rule.value, tuple) else text_of(rule.value)


def _posted(post: QueryDict, but: str = "") -> Iterator[tuple[str, Rule]]:
    """Each row with its group, in order."""
    for number in range(MOST_ROWS):
        source = post.get(f"r{number}.source")
        if source is None:
            return
        if str(number) == but:
            continue
        group = post.get(f"r{number}.group", "")
        name = post.get(f"r{number}.operator", "")
        rule = Rule(source=source, operator=name, value=_value(post, number, name))
        yield group if _is_group(group) else "", rule


def _is_group(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) < 4


def _value(post: QueryDict, number: int, name: str) -> str | int | float | tuple[str, ...] | None:
    entered = [one.strip() for one in post.getlist(f"r{number}.value") if one.strip()]
    operator = OPERATORS.get(name)
    if operator is None or operator.needs == "nothing":
        return entered[0] if operator is None and entered else None
    if operator.needs == "texts":
        listed = entered if len(entered) != 1 else entered[0].split(",")
        return tuple(one.strip() for one in listed if one.strip())
    text = entered[0] if entered else ""
    return _number(text) if operator.needs in ("number", "days") else text


def _number(text: str) -> str | int | float:
    """The number; the text itself when it is none, for the check to report."""
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    return int(number) if number.is_integer() else number


def _match(post: QueryDict, name: str) -> Match:
    return "any" if post.get(name) == "any" else "all"
