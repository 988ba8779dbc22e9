"""The check of schedules and deadlines: moments that count from what has happened by then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.moment import EVERY_DAY, Moment
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import runs_before

MOST = 10_000
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def moment_findings(workflow: Workflow) -> Iterator[Finding]:
    """What is wrong with the schedule or deadline of a step."""
    for step in workflow.steps:
        for attribute in ("schedule", "deadline"):
            moment: Moment | None = getattr(step, attribute)
            found = () if moment is None else _findings(workflow, step, moment)
            for finding in found:
                place = f"{attribute}.{finding.attribute}"
                yield replace(finding, step=step.key, attribute=place)


def _findings(workflow: Workflow, step: AnyStep, moment: Moment) -> Iterator[Finding]:
    yield from _source_findings(workflow, step, moment)
    yield from _length_findings(moment)
    yield from _day_findings(moment)


def _source_findings(workflow: Workflow, step: AnyStep, moment: Moment) -> Iterator[Finding]:
    if moment.anchor in ("turn", "instance_start"):
        if moment.source:
            yield _wrong("`source` means nothing for this anchor.", "Remove it.", "source")
        return
    key, _, rest = moment.source.partition(".")
    source = workflow.step_by_key.get(key)
    if source is None:
        named = f"There is no step `{key}`." if key else "It is not said what it counts from."
        yield _wrong(named, "Choose an earlier step as `source`.", "source")
        return
    yield from _part_findings(moment, source, rest)
    if not runs_before(workflow, key, step.key):
        yield _wrong(
            f"It counts from {source.name}, which comes later, runs beside it or is this step.",
            "Choose an earlier step.",
            "source",
        )


def _part_findings(moment: Moment, source: AnyStep, rest: str) -> Iterator[Finding]:
    if moment.anchor != "date":
        if rest:
            yield _wrong(
                f"The start or end of {source.name} has no `{rest}`.",
                "Name the step only.",
                "source",
            )
        return
    field = source.field(rest)
    if field is None or field.compares_as != "date":
        dates = [f"{source.key}.{one.key}" for one in source.fields if one.compares_as == "date"]
        yield _wrong(
            f"`{moment.source}` is no field with a date.",
            f"Choose from: {', '.join(dates)}." if dates else "Choose a date field as step.field.",
            "source",
        )


def _length_findings(moment: Moment) -> Iterator[Finding]:
    if not 0 <= moment.amount <= MOST:
        yield _wrong(f"It counts {moment.amount} {moment.unit}.", f"Write 0 to {MOST}.", "amount")
    if moment.direction == "before" and moment.amount and moment.anchor != "date":
        yield _wrong(
            "It lies before something that has happened already.",
            "Only what counts from a `date` can come before it; use `direction: after`.",
            "direction",
        )


def _day_findings(moment: Moment) -> Iterator[Finding]:
    days = moment.weekdays
    if not days or len(set(days)) < len(days) or set(days) - set(EVERY_DAY):
        yield _wrong(
            "No such weekdays can be counted.",
            "Write each weekday that counts once, from 1 (Monday) to 7 (Sunday).",
            "weekdays",
        )
    if not moment.time_of_day:
        return
    if not _TIME_OF_DAY.fullmatch(moment.time_of_day):
        yield _wrong(
            f"`{moment.time_of_day}` is no time of day.", 'Write it as "09:30".', "time_of_day"
        )
    if moment.unit in ("minutes", "hours"):
        yield _wrong(
            f"After {moment.unit} the time of day is given already.",
            "Remove `time_of_day`, or count days or weeks.",
            "time_of_day",
        )


def _wrong(message: str, remedy: str, attribute: str) -> Finding:
    return Finding("wrong_moment", message, remedy, attribute=attribute)
