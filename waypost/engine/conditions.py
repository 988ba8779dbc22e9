"""When a step or a field takes part: rules on what happened earlier."""

from __future__ import annotations

from typing import Literal

import msgspec

Match = Literal["all", "any"]


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
