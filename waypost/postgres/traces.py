"""What an earlier server left: its processes, its pid file, its lock files."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from waypost.postgres.account import Account
from waypost.postgres.places import Places

PATIENCE_SECONDS = 10


def server_pid(places: Places) -> int | None:
    """The process id of the running server.

    A pid file proves nothing: after a crash its number may belong to any other program.
    """
    lines = pid_lines(places)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    return pid if _is_ours(pid, places) else None


def pid_lines(places: Places) -> list[str]:
    """The lines of the server's pid file; none when it is absent or left by another user."""
    try:
        return places.pid_file.read_text(errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []


def processes(places: Places) -> list[int]:
    """Every process of this server, also those that outlived their main process."""
    numbers = (int(entry) for entry in os.listdir("/proc") if entry.isdigit())
    return [pid for pid in numbers if pid != os.getpid() and _is_ours(pid, places)]


def clear_traces(places: Places, account: Account) -> None:
    """Make way for a new server; call it only when `server_pid` found none."""
    end_processes(places, account)
    for path in (places.pid_file, *places.sockets.glob(".s.PGSQL.*")):
        path.unlink(missing_ok=True)


def end_processes(places: Places, account: Account) -> None:
    """Kill what is left. Nothing is lost: whatever was committed is in the write-ahead log."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := _processes_of(account, places)) and time.monotonic() < deadline:
        for pid in left:
            _kill(pid)
        time.sleep(0.02)


def _processes_of(account: Account, places: Places) -> list[int]:
    return [pid for pid in processes(places) if _owner(pid) == account.uid]


def _is_ours(pid: int, places: Places) -> bool:
    """Read from the command line, because a container's root may not look at /proc/<pid>/cwd."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False
    program = command.split(b"\0")[0]  # A path at first; later a title, `postgres: <mark>: ...`.
    is_postgres = program.startswith(b"postgres: ") or os.path.basename(program) == b"postgres"
    return is_postgres and os.fsencode(places.mark) in command


def _owner(pid: int) -> int | None:
    try:
        return Path(f"/proc/{pid}").stat().st_uid
    except FileNotFoundError:
        return None


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
