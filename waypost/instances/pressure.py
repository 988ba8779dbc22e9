"""Back-pressure: whether the workers keep up with what is due."""

from __future__ import annotations

import time

from waypost.instances.sql import Statement

#: New starts wait while the oldest due and untouched piece of work is older than this.
LATEST_SECONDS = 60
_REMEMBERED_SECONDS = 2.0

# Claimed rows are being worked on, however long that takes.
_OLDEST = Statement("""
SELECT COALESCE(extract(epoch FROM clock_timestamp() - min(due_at)), 0)
FROM open_step WHERE due_at IS NOT NULL AND claims = 0""")


class _Gauge:
    """The last reading of this process, and until when it is good."""

    is_busy = False
    good_until = 0.0


def is_busy() -> bool:
    """Whether the oldest due work has waited over a minute; read at most every two seconds."""
    now = time.monotonic()
    if now >= _Gauge.good_until:
        row = _OLDEST.row()
        _Gauge.is_busy = row is not None and row[0] > LATEST_SECONDS
        _Gauge.good_until = now + _REMEMBERED_SECONDS
    return _Gauge.is_busy


def forget() -> None:
    """Read again the next time."""
    _Gauge.good_until = 0.0
