"""The check of conditions: sources that are there, operators that fit, values that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from waypost.engine.choice import matching_item
from waypost.engine.conditions import Condition, Rule
from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.finding import Finding
from waypost.engine.operators import OPERATORS, Operator, operators_for
from waypost.engine.pattern import pattern_fault
from waypost.engine.step_types import AnyStep

_OF_CALLS = frozenset({"run_succeeded", "run_failed_skipped"})
_EXACT = frozenset({"is", "is_not", "is_any_of", "is_none_of", "contains_all_of", "is_exactly"})


@dataclass(frozen=True, slots=True)
class _Source:
    """What a rule looks at: a step, and one of its fields or variables unless the step itself."""

    subject: str
    step: AnyStep
    field: AnyField | None = None


def condition_findings(workflow: Workflow) -> Iterator[Finding]:
    """What is wrong with the conditions of steps and fields."""
    for step in workflow.steps:
        yield from _findings(workflow, step, step.condition)
        for field in step.fields:
            yield from _findings(workflow, step, field.condition, field.key)


def _findings(
    workflow: Workflow, step: AnyStep, condition: Condition | None, field: str = ""
) -> Iterator[Finding]:
    if condition is None:
        return
    ruled = [(f"condition.rules.{n}", rule) for n, rule in enumerate(condition.rules)]
    for number, group in enumerate(condition.groups):
        place = f"condition.groups.{number}.rules"
        ruled += [(f"{place}.{n}", rule) for n, rule in enumerate(group.rules)]
    for place, rule in ruled:
        for finding in _rule_findings(workflow, step, rule):
            yield replace(finding, step=step.key, field=field, attribute=place)


def _rule_findings(workflow: Workflow, step: AnyStep, rule: Rule) -> Iterator[Finding]:
    source = _source(workflow, rule.source)
    if isinstance(source, Finding):
        yield source
        return
    if workflow.position_by_key[source.step.key] >= workflow.position_by_key[step.key]:
        yield Finding(
            "later_source",
            f"The condition looks at {source.step.name}, which comes later or is this step itself.",
            "Choose an earlier step, or move that step up.",
        )
    operator = OPERATORS.get(rule.operator)
    if operator is None or not _fits(operator, source):
        yield _operator_fault(rule, source, operator)
        return
    yield from _value_findings(rule, operator, source)


def _source(workflow: Workflow, written: str) -> _Source | Finding:
    key, _, rest = written.partition(".")
    step = workflow.step_by_key.get(key)
    if step is None:
        return _unknown(f"There is no step `{key}`.", ", ".join(workflow.step_by_key))
    if not rest:
        return _Source("step", step)
    name, _, output = rest.partition(".")
    field = step.field(name)
    if field is not None and field.outputs:
        known = (*field.outputs, "inputValue")
        if output and output not in known:
            return _unknown(f"{field.name} has no output `{output}`.", ", ".join(field.outputs))
        is_action = field.compares_as != "routing" or output in ("", "action")
        return _Source(field.compares_as if is_action else "text", step, field)
    if field is None and step.variable(name) is not None and not output:
        return _Source("variable", step)
    usable = [one.key for one in step.fields if one.outputs] + [v.name for v in step.variables]
    return _unknown(
        f"{step.name} has no field or variable `{rest}` to compare.", ", ".join(usable) or "none"
    )


def _unknown(message: str, choices: str) -> Finding:
    return Finding("unknown_source", message, f"Choose from: {choices}.")


def _fits(operator: Operator, source: _Source) -> bool:
    if operator.name in _OF_CALLS and source.step.waits_for != "call":
        return False
    return source.subject in operator.subjects


def _operator_fault(rule: Rule, source: _Source, operator: Operator | None) -> Finding:
    offered = [row.name for row in operators_for(source.subject) if _fits(row, source)]
    code = "unknown_operator" if operator is None else "wrong_operator"
    what = "is no operator" if operator is None else f"cannot compare `{rule.source}`"
    return Finding(code, f"`{rule.operator}` {what}.", f"Choose from: {', '.join(offered)}.")


def _value_findings(rule: Rule, operator: Operator, source: _Source) -> Iterator[Finding]:
    problem = _value_problem(rule, operator)
    if problem:
        yield Finding(
            "wrong_condition_value", f"`{operator.name}` cannot use {rule.value!r}.", problem
        )
        return
    items = getattr(source.field, "items", ())
    if operator.name not in _EXACT or not items or getattr(source.field, "accepts_other", False):
        return
    wanted = rule.value if isinstance(rule.value, tuple) else (str(rule.value),)
    strange = [text for text in wanted if matching_item(items, text) is None]
    if strange:
        yield Finding(
            "unknown_item",
            f"`{rule.source}` is never {strange[0]!r}.",
            f"Compare with one of its items: {', '.join(items)}.",
            "warning",
        )


def _value_problem(rule: Rule, operator: Operator) -> str:
    """What to do about the value; empty when it can be used."""
    value = rule.value
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
            return "" if is_text else "Write one text; to look for no value use `is_empty`."


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
