"""Moments: which days and which time they count, in any zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.engine.play import Play, a_workflow
from waypost.engine.commands import CompleteStep
from waypost.engine.moment import Moment
from waypost.engine.timing import counted_from

BERLIN = ZoneInfo("Europe/Berlin")
WORKDAYS = (1, 2, 3, 4, 5)


def moved(start: str, **moment: object) -> str:
    """Where a moment lies that counts from this local time in Berlin."""
    anchor = datetime.fromisoformat(start).replace(tzinfo=BERLIN)
    found = counted_from(anchor, msgspec.convert(moment, Moment)).astimezone(BERLIN)
    return found.strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "moment", "expected"),
    [
        ("2026-03-02 08:00", {"amount": 3}, "Thu 2026-03-05 08:00"),
        ("2026-03-02 08:00", {"amount": 3, "direction": "before"}, "Fri 2026-02-27 08:00"),
        ("2026-03-02 08:00", {"amount": 2, "unit": "weeks"}, "Mon 2026-03-16 08:00"),
        ("2026-03-02 08:00", {"time_of_day": "17:30"}, "Mon 2026-03-02 17:30"),
        ("2026-03-02 08:00", {"amount": 1, "time_of_day": "00:00"}, "Tue 2026-03-03 00:00"),
        # Clocks go forward on the 29th, and a day is a day all the same.
        ("2026-03-28 08:00", {"amount": 1}, "Sun 2026-03-29 08:00"),
        ("2026-03-28 08:00", {"amount": 24, "unit": "hours"}, "Sun 2026-03-29 09:00"),
        ("2026-03-02 08:00", {"amount": 90, "unit": "minutes"}, "Mon 2026-03-02 09:30"),
        (
            "2026-03-02 08:00",
            {"amount": 9, "unit": "hours", "direction": "before"},
            "Sun 2026-03-01 23:00",
        ),
    ],
)
def test_a_moment_lies_as_far_away_as_it_says(
    start: str, moment: dict[str, object], expected: str
) -> None:
    assert moved(start, **moment) == expected


@pytest.mark.parametrize(
    ("start", "moment", "expected"),
    [
        ("2026-03-06 08:00", {"amount": 1}, "Mon 2026-03-09 08:00"),
        ("2026-03-06 08:00", {"amount": 5}, "Fri 2026-03-13 08:00"),
        ("2026-03-06 08:00", {"amount": 11}, "Mon 2026-03-23 08:00"),
        ("2026-03-07 08:00", {"amount": 5}, "Fri 2026-03-13 08:00"),
        ("2026-03-07 08:00", {}, "Mon 2026-03-09 08:00"),
        ("2026-03-08 08:00", {"direction": "before"}, "Fri 2026-03-06 08:00"),
        ("2026-03-09 08:00", {"amount": 1, "direction": "before"}, "Fri 2026-03-06 08:00"),
        ("2026-03-07 08:00", {"amount": 1, "unit": "weeks"}, "Mon 2026-03-16 08:00"),
        ("2026-03-06 22:00", {"amount": 4, "unit": "hours"}, "Mon 2026-03-09 02:00"),
        ("2026-03-06 22:00", {"amount": 2, "unit": "hours"}, "Mon 2026-03-09 00:00"),
        ("2026-03-07 12:00", {"amount": 30, "unit": "minutes"}, "Mon 2026-03-09 00:30"),
        ("2026-03-06 12:00", {"amount": 48, "unit": "hours"}, "Tue 2026-03-10 12:00"),
        (
            "2026-03-09 02:00",
            {"amount": 4, "unit": "hours", "direction": "before"},
            "Fri 2026-03-06 22:00",
        ),
        (
            "2026-03-08 12:00",
            {"amount": 1, "unit": "hours", "direction": "before"},
            "Fri 2026-03-06 23:00",
        ),
    ],
)
def test_only_the_chosen_weekdays_count(
    start: str, moment: dict[str, object], expected: str
) -> None:
    assert moved(start, weekdays=WORKDAYS, **moment) == expected


def test_weekdays_that_are_none_count_like_all_days() -> None:
    assert moved("2026-03-06 08:00", amount=1, weekdays=(0, 9)) == "Sat 2026-03-07 08:00"


def test_a_zone_that_is_not_known_here_is_utc() -> None:
    schedule = {"amount": 1, "time_of_day": "09:00"}
    play = Play(a_workflow({"key": "later", "schedule": schedule})).start("Atlantis/Capital")

    assert play.run("later").due_at == datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_nobody_waits_for_the_end_of_the_calendar(day: str) -> None:
    schedule = {"anchor": "date", "source": "ask.day", "amount": 9, "unit": "weeks"}
    ask: dict[str, object] = {"key": "ask", "fields": [{"key": "day", "type": "date"}]}
    play = Play(a_workflow(ask, {"key": "then", "schedule": schedule})).start()

    play.do(CompleteStep("ask", {"day": {"date": day}}))

    assert play.run("then").status == "active"
