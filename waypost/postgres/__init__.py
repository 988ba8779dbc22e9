"""The embedded database: start, stop, recover. Imports nothing of ours."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote


def embedded_url(data: Path) -> str:
    """The address of the embedded server that belongs to this data folder."""
    return f"postgresql://waypost@/waypost?host={quote(str(data / 'run'), safe='')}"
