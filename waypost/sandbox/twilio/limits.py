"""Counting requests in fixed windows of time, atomically, however many arrive at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection

_COUNT = """
INSERT INTO sandbox_twilio_counter AS counter (key, window_start, hits)
SELECT key, window_start, 1
FROM unnest(%s::text[], %s::timestamptz[]) AS wanted (key, window_start)
ORDER BY key
ON CONFLICT (key, window_start) DO UPDATE SET hits = counter.hits + 1
RETURNING key, hits
"""
_GIVE_BACK = """
UPDATE sandbox_twilio_counter SET hits = hits - 1
WHERE (key, window_start) IN (SELECT * FROM unnest(%s::text[], %s::timestamptz[]))
"""


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` requests under `subject` in `seconds`."""

    subject: str
    seconds: int
    most: int

    @property
    def key(self) -> str:
        """A hash, as the subject may hold somebody's address."""
        return hashlib.sha256(f"{self.seconds} {self.subject}".encode()).hexdigest()

    def start(self, now: datetime) -> datetime:
        """When the present window began."""
        epoch = int(now.timestamp())
        return datetime.fromtimestamp(epoch - epoch % self.seconds, UTC)

    def seconds_left(self, now: datetime) -> int:
        """How long until the next window."""
        return self.seconds - int(now.timestamp()) % self.seconds


def count_request(windows: Sequence[Window], now: datetime) -> Window | None:
    """Count a request in every window; if one is full, count it in none and return that one."""
    if not windows:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _arguments(windows, now))
        hits = dict(cursor.fetchall())
    full = [window for window in windows if hits[window.key] > window.most]
    if not full:
        return None
    give_back(windows, now)
    return max(full, key=lambda window: window.seconds_left(now))


def give_back(windows: Sequence[Window], now: datetime) -> None:
    """Take a counted request back, because something else refused it."""
    if windows:
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, _arguments(windows, now))


def _arguments(windows: Sequence[Window], now: datetime) -> list[list[str] | list[datetime]]:
    return [[window.key for window in windows], [window.start(now) for window in windows]]
