"""When a moment is in one instance: its schedules and deadlines, by the days of its own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import assert_never
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from waypost.engine.conditions import read_source
from waypost.engine.definition import Workflow
from waypost.engine.instance import ENDED, READABLE, Instance
from waypost.engine.moment import EVERY_DAY, Moment
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import plain_steps_of

_DAY = timedelta(days=1)
#: What a date without a time means: a step starts when the day does, and is due when it ends.
_DAY_STARTS = time(0)
_DAY_ENDS = time(23, 59)


def start_of(
    step: AnyStep, workflow: Workflow, instance: Instance, now: datetime
) -> datetime | None:
    """When the step is to start if its turn is now; None without a schedule, or one that counts
    from what did not happen.
    """
    if step.schedule is None:
        return None
    return _moment(step.schedule, _DAY_STARTS, workflow, instance, now)


def deadline_of(
    step: AnyStep, workflow: Workflow, instance: Instance, now: datetime
) -> datetime | None:
    """By when the step is to be done if it starts now; None like for `start_of`."""
    if step.deadline is None:
        return None
    return _moment(step.deadline, _DAY_ENDS, workflow, instance, now)


def _moment(
    moment: Moment, time_of_dates: time, workflow: Workflow, instance: Instance, now: datetime
) -> datetime | None:
    zone = _zone(instance.time_zone)
    try:
        anchor = _anchor(moment, workflow, instance, now)
        if anchor is None:
            return None
        if not isinstance(anchor, datetime):
            anchor = datetime.combine(anchor, time_of_dates)
        local = anchor.astimezone(zone) if anchor.tzinfo else anchor.replace(tzinfo=zone)
        return counted_from(local, moment).astimezone(UTC)
    except OverflowError:
        # Before the year 1 or after 9999: somebody mistyped a date, and nobody can wait for that.
        return None


def counted_from(anchor: datetime, moment: Moment) -> datetime:
    """The moment that lies as far from the anchor as it says, by the days of the anchor's zone."""
    counted = frozenset(moment.weekdays) & frozenset(EVERY_DAY) or frozenset(EVERY_DAY)
    match moment.unit:
        case "minutes":
            length = timedelta(minutes=moment.amount)
        case "hours":
            length = timedelta(hours=moment.amount)
        case "days" | "weeks":
            return _on_day(anchor, moment, counted)
        case _:
            assert_never(moment.unit)
    return (_time_after if moment.direction == "after" else _time_before)(anchor, length, counted)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    """The zone; UTC for one that is not known here, because an instance has to go on."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _anchor(
    moment: Moment, workflow: Workflow, instance: Instance, now: datetime
) -> datetime | date | None:
    """What the moment counts from: a moment, one without a zone, or a day."""
    match moment.anchor:
        case "turn":
            return now
        case "instance_start":
            return instance.started_at
        case "step_start":
            return _start_of_step(moment.source, workflow, instance)
        case "step_end":
            return _end_of_step(moment.source, workflow, instance)
        case "date":
            return _entered(read_source(moment.source, workflow, instance).value)
        case _:
            assert_never(moment.anchor)


def _start_of_step(key: str, workflow: Workflow, instance: Instance) -> datetime | None:
    """When the step, or the first within it, started; None when it was skipped."""
    runs = [instance.run(step.key) for step in plain_steps_of(workflow, key)]
    return min((run.activated_at for run in runs if run.activated_at is not None), default=None)


def _end_of_step(key: str, workflow: Workflow, instance: Instance) -> datetime | None:
    """When the step, or the last within it, ended; None when it did not or was skipped."""
    runs = [instance.run(step.key) for step in plain_steps_of(workflow, key)]
    if any(run.status not in ENDED for run in runs):
        return None
    ends = (run.ended_at for run in runs if run.status in READABLE)
    return max((end for end in ends if end is not None), default=None)


def _entered(value: object) -> datetime | date | None:
    """A date as its field stores it, with or without a time."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None


def _on_day(anchor: datetime, moment: Moment, counted: frozenset[int]) -> datetime:
    """Whole days or weeks away, at the time of day that it says, else the anchor's."""
    step = _DAY if moment.direction == "after" else -_DAY
    day = anchor.date()
    if moment.unit == "weeks":
        day += 7 * moment.amount * step
    elif moment.amount > 0:
        # Seven days in a row hold every counted weekday once.
        weeks, days = divmod(moment.amount - 1, len(counted))
        day += 7 * weeks * step
        for _ in range(days):
            day = _next_counted(day + step, step, counted)
        day += step
    day = _next_counted(day, step, counted)
    at = time.fromisoformat(moment.time_of_day) if moment.time_of_day else anchor.time()
    return datetime.combine(day, at, anchor.tzinfo)


def _next_counted(day: date, step: timedelta, counted: frozenset[int]) -> date:
    """The day itself if it counts, else the next one that does."""
    while day.isoweekday() not in counted:
        day += step
    return day


def _time_after(anchor: datetime, length: timedelta, counted: frozenset[int]) -> datetime:
    """Later by so much time, of which only that on counted days counts."""
    at, day = anchor.astimezone(UTC), anchor.date()
    while True:
        end = _midnight(day + _DAY, anchor)
        if day.isoweekday() in counted:
            if length < end - at:
                return at + length
            length -= end - at
        at, day = end, day + _DAY


def _time_before(anchor: datetime, length: timedelta, counted: frozenset[int]) -> datetime:
    """Earlier by so much time, of which only that on counted days counts."""
    at, day = anchor.astimezone(UTC), anchor.date()
    while True:
        beginning = _midnight(day, anchor)
        if day.isoweekday() in counted:
            if length <= at - beginning:
                return at - length
            length -= at - beginning
        at, day = beginning, day - _DAY


def _midnight(day: date, anchor: datetime) -> datetime:
    """When the day begins in the anchor's zone; in UTC, where differences are lengths of time."""
    return datetime.combine(day, time(0), anchor.tzinfo).astimezone(UTC)
