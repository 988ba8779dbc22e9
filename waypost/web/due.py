"""By when something should be done, and whether that is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as pages tell it (`_due.html`)."""

    at: datetime
    is_overdue: bool


def due_of(deadline_at: datetime | None, now: datetime) -> Due | None:
    """The deadline as it stands now; None without one."""
    return None if deadline_at is None else Due(deadline_at, deadline_at <= now)
