"""Starts, watches and stops the server process."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waypost.postgres.account import ENVIRONMENT, Account, server_account
from waypost.postgres.cluster import make_cluster, prepare_folders
from waypost.postgres.findings import PostgresFailed
from waypost.postgres.lifeline import tied_to_us
from waypost.postgres.places import Places, embedded_url, places_of
from waypost.postgres.program import programs
from waypost.postgres.traces import clear_traces, end_processes, pid_lines, server_pid

LOGGER = logging.getLogger(__name__)
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "40",
    "jit": "off",
    "idle_in_transaction_session_timeout": "10s",
    "lock_timeout": "2s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    "fsync": "on",
}
FAST_STOP_SECONDS = 30
POLL_SECONDS = 0.02
TELL_AFTER_SECONDS = 5
LONGEST_LOG_BYTES = 10_000_000

# Kept so that a server we started is reaped when it ends.
_started: dict[Path, subprocess.Popen[bytes]] = {}


def start(data: Path) -> str:
    """Start the server unless it runs, wait until it answers, and return its address.

    It ends with the thread that started it: call this in the main thread. Recovery after a crash
    may take long; this waits as long as the server works on it.
    """
    launch(data)
    places = places_of(data)
    tell_at = time.monotonic() + TELL_AFTER_SECONDS
    while not is_ready(data):
        if not is_running(data):
            raise PostgresFailed(
                f"PostgreSQL ended while starting. Its last words:\n{_last_words(places)}\n"
                f"The whole log is {places.log}; `waypost doctor` looks for the usual causes."
            )
        if time.monotonic() > tell_at:
            LOGGER.warning("PostgreSQL is recovering; waiting for it. Its log: %s", places.log)
            tell_at = time.monotonic() + 6 * TELL_AFTER_SECONDS
        time.sleep(POLL_SECONDS)
    return embedded_url(data)


def launch(data: Path) -> None:
    """Start the server process unless there is one, without waiting until it answers."""
    places = places_of(data)
    account = server_account(places.cluster)
    prepare_folders(places, account)
    with _only_one_starter(places):
        _wait_until_stopped(places)
        if _running_pid(places) is not None:
            return
        binaries = programs(places, account)
        make_cluster(places, account, binaries)
        clear_traces(places, account)
        _started[places.data] = _spawn(places, account, binaries)


def stop(data: Path) -> None:
    """Stop the server in order (fast shutdown), and by force if it does not obey."""
    places = places_of(data)
    pid = _running_pid(places)
    if pid is not None:
        _signal(pid, signal.SIGINT)
        if not _has_ended(places, FAST_STOP_SECONDS):
            end_processes(places, server_account(places.cluster))
    _reap(places, wait=True)


def is_running(data: Path) -> bool:
    """True while there is a server process, also while it recovers or stops."""
    return _running_pid(places_of(data)) is not None


def is_ready(data: Path) -> bool:
    """True when the server takes connections."""
    return _state(places_of(data)) == "ready" and is_running(data)


def _running_pid(places: Places) -> int | None:
    """The server's process id; one that we have just started has not written its file yet."""
    _reap(places, wait=False)
    ours = _started.get(places.data)
    return ours.pid if ours else server_pid(places)


def _reap(places: Places, wait: bool) -> None:
    ours = _started.get(places.data)
    if ours is None:
        return
    if wait:
        ours.wait()
    if ours.poll() is not None:
        del _started[places.data]


def _state(places: Places) -> str:
    """What the server says of itself: starting, ready, stopping (PostgreSQL's pidfile.h)."""
    lines = pid_lines(places)
    if len(lines) < 8 or lines[0].strip() != str(_running_pid(places)):
        return "starting"
    return lines[7].strip()


@contextmanager
def _only_one_starter(places: Places) -> Iterator[None]:
    """A lock on the folder itself: there is no lock file that another user could leave behind."""
    folder = os.open(places.home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _wait_until_stopped(places: Places) -> None:
    """A server on its way out belongs to a process that has gone: let it finish."""
    if _state(places) == "stopping" and not _has_ended(places, FAST_STOP_SECONDS):
        end_processes(places, server_account(places.cluster))


def _has_ended(places: Places, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while _running_pid(places) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _spawn(places: Places, account: Account, binaries: Path) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C reaches us first. SIGINT is PostgreSQL's fast stop."""
    settings = SETTINGS | {
        "cluster_name": places.mark,
        "unix_socket_directories": '"{}"'.format(str(places.sockets).replace('"', '""')),
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [str(binaries / "postgres"), "-D", str(places.cluster), *options]
    is_other = not account.is_us
    with _open_log(places.log, account) as log:
        return subprocess.Popen(  # noqa: S603 - a program of the wheel with arguments of ours
            command,
            env=ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=account.uid if is_other else None,
            group=account.gid if is_other else None,
            extra_groups=[] if is_other else None,
            preexec_fn=tied_to_us(signal.SIGINT),
        )


@contextmanager
def _open_log(path: Path, account: Account) -> Iterator[int]:
    """Owned by the server's user, who must be able to write it when root no longer starts it."""
    if path.exists() and path.stat().st_size > LONGEST_LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if not account.is_us:
            os.fchown(log, account.uid, account.gid)
        yield log
    finally:
        os.close(log)


def _last_words(places: Places) -> str:
    if not places.log.exists():
        return "(none)"
    return "\n".join(places.log.read_text(errors="replace").splitlines()[-8:])


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
