"""When a step or a field takes part: rules on what happened earlier."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from waypost.engine.instance import ENDED, READABLE, Instance, Status
from waypost.engine.json_value import JSON
from waypost.engine.operators import NO_SOURCE, OPERATORS, Comparison, SourceValue
from waypost.engine.structure import plain_steps_of

if TYPE_CHECKING:  # the definition is made of conditions
    from waypost.engine.definition import Workflow

Match = Literal["all", "any"]
Read: TypeAlias = Callable[[str], SourceValue]


class Rule(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One comparison: what is looked at, how, and with what.

    `source` is `step.field`, `step.field.output` or `step.variable` by keys, or `step` alone for
    the operators that ask how the step itself ended.
    """

    source: str
    operator: str
    value: str | int | float | bool | tuple[str, ...] | None = None


class RuleGroup(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Rules that hold together or one by one, inside a condition (one level only)."""

    match: Match = "all"
    rules: tuple[Rule, ...]


class Condition(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """All or any of its rules and groups must hold; with none of them it always holds."""

    match: Match = "all"
    rules: tuple[Rule, ...] = ()
    groups: tuple[RuleGroup, ...] = ()


def condition_holds(
    condition: Condition | None, workflow: Workflow, instance: Instance, now: datetime
) -> bool:
    """Whether a step or field with this condition takes part, as the instance stands."""
    if condition is None:
        return True
    return holds(condition, lambda source: read_source(source, workflow, instance), now.date())


def holds(condition: Condition, read: Read, today: date) -> bool:
    """Whether the condition holds for what `read` gives for each source; `today` is the day that
    "within the next 3 days" counts from.
    """
    results = [_rule_holds(rule, read, today) for rule in condition.rules]
    results += [
        _combined(group.match, (_rule_holds(rule, read, today) for rule in group.rules))
        for group in condition.groups
    ]
    return _combined(condition.match, results)


def sources_in(condition: Condition | None) -> tuple[str, ...]:
    """Every source that the condition looks at."""
    if condition is None:
        return ()
    rules = (*condition.rules, *(rule for group in condition.groups for rule in group.rules))
    return tuple(rule.source for rule in rules)


def read_source(source: str, workflow: Workflow, instance: Instance) -> SourceValue:
    """What a rule sees: how the step ended, and the value it left in its current visit.

    A step that was skipped, or is not done, has no value: it counts as empty, and so does a
    variable of it whatever its default (platform.md §4). The default stands in only where the step
    ran and found nothing.
    """
    key, _, rest = source.partition(".")
    step = workflow.step_by_key.get(key)
    if step is None:
        return NO_SOURCE
    if step.holds:
        return SourceValue(container_status(workflow, instance, key), None)
    run = instance.run(key)
    if not rest or run.status not in READABLE:
        return SourceValue(run.status, None)
    name, _, output = rest.partition(".")
    field = step.field(name)
    if field is not None:
        value = field.output(run.values.get(name), output or field.default_output)
        return SourceValue(run.status, value)
    variable = step.variable(name)
    default = (variable.default if variable else "") or None
    found = run.variables.get(name)
    return SourceValue(run.status, default if found in (None, "") else found)


def container_status(workflow: Workflow, instance: Instance, key: str) -> Status:
    """How a container stands by what is within: it has ended when all of that has, and was skipped
    when all of that was.
    """
    found = {instance.run(step.key).status for step in plain_steps_of(workflow, key)}
    if found <= {Status.SKIPPED}:
        return Status.SKIPPED
    if found <= ENDED:
        return Status.COMPLETED
    return Status.NOT_STARTED if found == {Status.NOT_STARTED} else Status.ACTIVE


def _combined(match: Match, results: Iterable[bool]) -> bool:
    found = list(results)
    return all(found) if match == "all" or not found else any(found)


def _rule_holds(rule: Rule, read: Read, today: date) -> bool:
    operator = OPERATORS.get(rule.operator)
    if operator is None:
        return False
    wanted: JSON = list(rule.value) if isinstance(rule.value, tuple) else rule.value
    return operator.holds(Comparison(read(rule.source), wanted, today))
