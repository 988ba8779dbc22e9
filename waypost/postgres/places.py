"""Where the files of the embedded database lie, and its address."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

LONGEST_SOCKET_FOLDER = (
    89  # A socket path ends at 107 bytes; the server adds `/.s.PGSQL.5432.lock`.
)
SYSTEM_FOLDER = Path("/var/lib/waypost")


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files that belong to one data folder (an absolute path)."""

    data: Path

    @property
    def home(self) -> Path:
        """Everything of the database but its socket."""
        return self.data / "postgres"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.home / "cluster"

    @property
    def pid_file(self) -> Path:
        """Written by the server: process id first, its state in the last line."""
        return self.cluster / "postmaster.pid"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "server.log"

    @property
    def mark(self) -> str:
        """Stands in the command line of each process of this server, which everyone may read."""
        return f"waypost-{_digest(self.data)}"

    @property
    def sockets(self) -> Path:
        """The folder of the socket: in the data folder, or a short one when that path is too long.

        As root below /run, where nobody else can put a false server; else below /tmp, where
        `launch` refuses a folder that is not ours.
        """
        inside = self.data / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        if os.geteuid() == 0:
            return Path("/run") / self.mark
        return Path("/tmp") / f"{self.mark}-{os.geteuid()}"  # noqa: S108 - see above


def places_of(data: Path) -> Places:
    """The places of a data folder; a relative path is taken from the current folder."""
    return Places(Path(os.path.abspath(data)))


def embedded_url(data: Path) -> str:
    """The address of the embedded server that belongs to this data folder."""
    return f"postgresql://waypost@/waypost?host={quote(str(places_of(data).sockets), safe='')}"


def _digest(data: Path) -> str:
    return hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
