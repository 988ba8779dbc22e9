"""What can be wrong with the embedded database, in words that say what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How much a finding matters: only errors make `waypost doctor` fail."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and the remedy when it is not right."""

    level: Level
    subject: str
    message: str
    remedy: str = ""


class PostgresFailed(Exception):
    """The embedded database cannot be used; the message says why and what to do."""
