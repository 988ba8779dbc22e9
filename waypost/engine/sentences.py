"""Conditions and moments as people read them."""

from __future__ import annotations

from collections.abc import Iterable

from waypost.engine.conditions import Condition, Match, Rule
from waypost.engine.definition import Workflow
from waypost.engine.json_value import text_of
from waypost.engine.moment import EVERY_DAY, Moment
from waypost.engine.operators import OPERATORS
from waypost.engine.sources import source_at

_WORDS = {"all": " and ", "any": " or "}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_RUN_OF_DAYS = 3
_LONGEST = 40


def condition_sentence(condition: Condition | None, workflow: Workflow, verb: str = "Runs") -> str:
    """When a step or field takes part, such as `Runs when Verify Code: status is “approved”.`;
    empty when it always does.
    """
    phrase = condition_phrase(condition, workflow)
    return f"{verb} when {phrase}." if phrase else ""


def condition_phrase(condition: Condition | None, workflow: Workflow) -> str:
    """The rules of a condition in words, for the middle of a sentence; empty if there are none."""
    if condition is None:
        return ""
    parts = [_rule(rule, workflow) for rule in condition.rules]
    for group in condition.groups:
        inner = _joined(group.match, (_rule(rule, workflow) for rule in group.rules))
        is_alone = len(group.rules) == 1 or not (parts or len(condition.groups) > 1)
        parts.append(inner if is_alone else f"({inner})")
    return _joined(condition.match, parts)


def moment_sentence(moment: Moment | None, workflow: Workflow, verb: str = "Starts") -> str:
    """When a step starts, or by when it is due, such as `Due 2 days after its turn comes.`"""
    if moment is None:
        return ""
    anchor = _anchor(moment, workflow)
    when = f"{_amount(moment)} {moment.direction} {anchor}" if moment.amount else _exactly(anchor)
    at = f", at {moment.time_of_day}" if moment.time_of_day else ""
    return f"{verb} {when}{at}{_weekdays(moment.weekdays)}."


def _rule(rule: Rule, workflow: Workflow) -> str:
    source = source_at(workflow, rule.source)
    if source is None:
        return f"`{rule.source}`, which is gone, {_comparison(rule, {})}"
    named = ": ".join(_short(name) for name in (source.step.name, source.name) if name)
    return f"{named} {_comparison(rule, dict(source.choices))}"


def _short(name: str) -> str:
    """A field may be named by a whole paragraph."""
    return f"{name[:_LONGEST].rstrip(' .,:;')}…" if len(name) > _LONGEST else name


def _comparison(rule: Rule, labels: dict[str, str]) -> str:
    operator = OPERATORS.get(rule.operator)
    words = operator.label if operator else rule.operator
    if operator is not None and operator.subjects == ("date",):
        words = f"is {words}"
    if operator is not None and operator.needs == "nothing":
        return words
    if "…" in words:
        return words.replace("…", text_of(_plain(rule)))
    return f"{words} {_value(rule, labels)}"


def _plain(rule: Rule) -> str | int | float | bool | None:
    value = rule.value
    return ", ".join(value) if isinstance(value, tuple) else value


def _value(rule: Rule, labels: dict[str, str]) -> str:
    if isinstance(rule.value, tuple):
        return _listed([f"“{labels.get(one, one)}”" for one in rule.value])
    text = text_of(rule.value)
    return f"“{labels.get(text, text)}”" if isinstance(rule.value, str) else text or "…"


def _listed(texts: list[str]) -> str:
    if len(texts) < 2:
        return "".join(texts) or "…"
    return f"{', '.join(texts[:-1])} or {texts[-1]}"


def _joined(match: Match, parts: Iterable[str]) -> str:
    return _WORDS[match].join(parts)


def _anchor(moment: Moment, workflow: Workflow) -> str:
    if moment.anchor == "turn":
        return "its turn comes"
    if moment.anchor == "instance_start":
        return "the instance starts"
    source = source_at(workflow, moment.source)
    if source is None:
        return f"`{moment.source}`, which is gone" if moment.source else "a step to be chosen"
    if moment.anchor == "date":
        return f"the date in {source.step.name}: {source.name}"
    return f"{source.step.name} {'starts' if moment.anchor == 'step_start' else 'ends'}"


def _exactly(anchor: str) -> str:
    is_date = anchor.startswith("the date")
    return f"on {anchor}" if is_date else f"as soon as {anchor}"


def _amount(moment: Moment) -> str:
    unit = moment.unit.removesuffix("s") if moment.amount == 1 else moment.unit
    return f"{moment.amount} {unit}"


def _weekdays(days: tuple[int, ...]) -> str:
    if not days or set(days) == set(EVERY_DAY):
        return ""
    chosen = sorted({day for day in days if day in EVERY_DAY})
    names = [_DAYS[day - 1] for day in chosen]
    is_run = len(chosen) >= _RUN_OF_DAYS and chosen[-1] - chosen[0] == len(chosen) - 1
    listed = f"{names[0]} to {names[-1]}" if is_run else _and(names)
    return f", counting {listed} only"


def _and(names: list[str]) -> str:
    return " and ".join(", ".join(names).rsplit(", ", 1))
