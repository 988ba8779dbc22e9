"""The dialog of moments: when a step starts, and by when it is due."""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.moment import EVERY_DAY, Moment
from waypost.engine.sources import sources_before
from waypost.engine.step_types import AnyStep
from waypost.web.editor.asked import Asked, number_of
from waypost.web.editor.rules import Option

_ANCHORS = (
    ("turn", "its turn comes"),
    ("instance_start", "the instance starts"),
    ("step_start", "another step starts"),
    ("step_end", "another step ends"),
    ("date", "a date that was entered"),
)
_UNITS = (("minutes", "minutes"), ("hours", "hours"), ("days", "days"), ("weeks", "weeks"))
_DIRECTIONS = (("after", "after"), ("before", "before"))
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: Anchors that need to be told which step or date.
_SOURCED = frozenset({"step_start", "step_end", "date"})
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_NO_SOURCE = Refusal("no_source", "Choose the step or the date to count from.")


@dataclass(frozen=True, slots=True)
class MomentForm:
    """What the dialog shows."""

    amount: int
    time_of_day: str
    units: tuple[Option, ...]
    directions: tuple[Option, ...]
    anchors: tuple[Option, ...]
    steps: tuple[Option, ...]
    dates: tuple[Option, ...]
    weekdays: tuple[Option, ...]


def moment_form(workflow: Workflow, step: AnyStep, moment: Moment | None) -> MomentForm:
    """The dialog for a stored moment, or for a new one."""
    moment = moment or Moment(amount=1)
    offered = sources_before(workflow, step.key)
    steps = [
        (one.path, f"{workflow.number_by_key[one.path]}. {one.step.name}")
        for one in offered
        if one.subject == "step" and not one.step.holds
    ]
    dates = [(one.path, f"{one.step.name}: {one.name}") for one in offered if one.subject == "date"]
    return MomentForm(
        moment.amount,
        moment.time_of_day,
        _options(_UNITS, moment.unit),
        _options(_DIRECTIONS, moment.direction),
        _options(_ANCHORS, moment.anchor),
        _options(steps, moment.source),
        _options(dates, moment.source),
        tuple(Option(str(day), _DAYS[day - 1], day in moment.weekdays) for day in EVERY_DAY),
    )


def read_moment(asked: Asked) -> Moment | Refusal:
    """The moment that a form posts."""
    anchor = asked.line("anchor")
    source = asked.line("date" if anchor == "date" else "step") if anchor in _SOURCED else ""
    if anchor in _SOURCED and not source:
        return _NO_SOURCE
    days = [int(day) for day in asked.post.getlist("weekday") if len(day) == 1 and day in "1234567"]
    time = asked.line("time_of_day")
    written = {
        "anchor": anchor,
        "source": source,
        "amount": number_of(asked.post, "amount"),
        "unit": asked.line("unit"),
        "direction": asked.line("direction"),
        "time_of_day": time if _TIME.fullmatch(time) else "",
        "weekdays": days or EVERY_DAY,
    }
    try:
        return msgspec.convert(written, Moment)
    except msgspec.ValidationError:
        return Refusal("invalid_moment", "Choose what the time is counted from, and in what unit.")


def _options(
    pairs: tuple[tuple[str, str], ...] | list[tuple[str, str]], chosen: str
) -> tuple[Option, ...]:
    return tuple(Option(value, label, value == chosen) for value, label in pairs)
