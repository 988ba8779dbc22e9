"""The embedded database: start, stop, recover. Imports nothing of ours."""

from __future__ import annotations

from waypost.postgres.diagnose import diagnose
from waypost.postgres.findings import Finding, Level, PostgresFailed
from waypost.postgres.places import embedded_url
from waypost.postgres.server import is_ready, is_running, launch, start, stop

__all__ = [
    "Finding",
    "Level",
    "PostgresFailed",
    "diagnose",
    "embedded_url",
    "is_ready",
    "is_running",
    "launch",
    "start",
    "stop",
]
