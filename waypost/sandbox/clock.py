"""The sandbox's time: the real time plus an offset in the database, moved by tests and demos."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection

from waypost.sandbox.models import Clock

_ADVANCE = """
INSERT INTO sandbox_clock (id, offset_seconds) VALUES (1, %s)
ON CONFLICT (id) DO UPDATE SET offset_seconds = sandbox_clock.offset_seconds +
EXCLUDED.offset_seconds
"""


def now() -> datetime:
    """The sandbox's present moment, in UTC; one query."""
    return at_offset(offset_seconds())


def at_offset(seconds: float) -> datetime:
    """The present moment of a clock that is `seconds` ahead, for those who have its offset."""
    return datetime.now(UTC) + timedelta(seconds=seconds)


def offset_seconds() -> float:
    """How far the sandbox is ahead of the real time."""
    return Clock.objects.filter(id=1).values_list("offset_seconds", flat=True).first() or 0.0


def set_offset(seconds: float) -> None:
    """Put the sandbox this far ahead of the real time; 0 resets it."""
    Clock.objects.update_or_create(id=1, defaults={"offset_seconds": seconds})


def advance(seconds: float) -> None:
    """Let time pass; two calls at once both count."""
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE, [seconds])
