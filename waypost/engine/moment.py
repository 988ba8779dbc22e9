"""A moment that a builder describes: when a step starts, or by when it should be done."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

#: What a moment counts from: the turn of the step itself, the start of the instance, the start or
#: end of another step, or a date that somebody entered.
Anchor: TypeAlias = Literal["turn", "instance_start", "step_start", "step_end", "date"]
Unit: TypeAlias = Literal["minutes", "hours", "days", "weeks"]
#: Monday is 1, Sunday 7 (ISO 8601).
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


class Moment(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """`amount` units after (or before) the anchor.

    `source` is a step key for `step_start` and `step_end`, `step.field` for `date`. `time_of_day`
    ("09:00", in the zone of the instance) is for days and weeks; empty keeps the anchor's. Only
    days named in `weekdays` are counted, and the moment falls on one of them.
    """

    anchor: Anchor = "turn"
    source: str = ""
    amount: int = 0
    unit: Unit = "days"
    direction: Literal["after", "before"] = "after"
    time_of_day: str = ""
    weekdays: tuple[int, ...] = EVERY_DAY
