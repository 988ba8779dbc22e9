"""The check of conditions: sources that are there, operators that fit, values that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from waypost.engine.choice import matching_item
from waypost.engine.conditions import Condition, Rule
from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.finding import Finding
from waypost.engine.operators import OPERATORS, Operator, operators_for, value_problem
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import runs_before

_OF_CALLS = frozenset({"run_succeeded", "run_failed_skipped"})
_EXACT = frozenset({"is", "is_not", "is_any_of", "is_none_of", "contains_all_of", "is_exactly"})
# As stored, and as the old product printed it.
_REFERENCE = re.compile(r"\{\{=|^\{\d+(\.\d+)*\. .* - .*\}$")


@dataclass(frozen=True, slots=True)
class _Source:
    """What a rule looks at: a step, and one of its fields or variables unless the step itself."""

    subject: str
    step: AnyStep
    field: AnyField | None = None


def condition_findings(workflow: Workflow) -> Iterator[Finding]:
    """What is wrong with the conditions of steps and fields."""
    for step in workflow.steps:
        yield from faults_of(workflow, step, step.condition)
        for field in step.fields:
            yield from faults_of(workflow, step, field.condition, field.key)


def faults_of(
    workflow: Workflow, step: AnyStep, condition: Condition | None, field: str = ""
) -> Iterator[Finding]:
    """What is wrong with the rules of one condition, each by itself."""
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
    if not runs_before(workflow, source.step.key, step.key):
        yield Finding(
            "later_source",
            f"The condition looks at {source.step.name}, which comes later, runs beside it or is "
            "this step itself.",
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
    problem = value_problem(operator, rule.value)
    if problem:
        value = f"cannot use {rule.value!r}" if rule.value else "has nothing to compare with"
        yield Finding("wrong_condition_value", f"“{operator.label}” {value}.", problem)
        return
    wanted = rule.value if isinstance(rule.value, tuple) else (str(rule.value),)
    if any(_REFERENCE.search(text) for text in wanted):
        yield Finding(
            "reference_in_value",
            f"{rule.value!r} is compared as it is written; a reference in it is not filled in.",
            "Write the value itself. What a later step compares, a radio field can hold.",
        )
        return
    items = getattr(source.field, "items", ())
    if operator.name not in _EXACT or not items or getattr(source.field, "accepts_other", False):
        return
    strange = [text for text in wanted if matching_item(items, text) is None]
    if strange:
        yield Finding(
            "unknown_item",
            f"`{rule.source}` is never {strange[0]!r}.",
            f"Compare with one of its items: {', '.join(items)}.",
            "warning",
        )
