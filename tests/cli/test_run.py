"""`waypost run`, started for real: it serves, heals, and leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from waypost import postgres
from waypost.postgres.places import places_of
from waypost.postgres.traces import processes

PATIENCE_SECONDS = 120


@dataclass
class Place:
    """A data folder and a port of one's own."""

    data: Path
    port: int

    def waypost(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command without the test's own database and settings."""
        ours = {"WAYPOST_DATA": str(self.data), "WAYPOST_PORT": str(self.port)}
        hidden = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "WAYPOST_PUBLIC_URL"}
        kept = {name: value for name, value in os.environ.items() if name not in hidden}
        return subprocess.Popen(
            [sys.executable, "-m", "waypost.cli", *arguments],
            env=kept | ours,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def answers(self) -> bool:
        """True when a page comes back."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    data = Path(tempfile.mkdtemp(prefix="waypost-test-", dir="/tmp"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    yield Place(data, port)
    postgres.stop(data)
    shutil.rmtree(data)


@pytest.fixture(scope="module")
def started() -> Iterator[list[subprocess.Popen[str]]]:
    """What was started, the newest last; whatever a test does to it, nothing of it is left."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        family = descendants(process) if process.poll() is None else []
        process.kill()
        process.communicate()
        assert psutil.wait_procs(family, timeout=PATIENCE_SECONDS)[1] == []


@pytest.fixture
def running(place: Place, started: list[subprocess.Popen[str]]) -> subprocess.Popen[str]:
    """A `waypost run` that serves: the one of the test before, unless that ended it."""
    if not started or started[-1].poll() is not None:
        started.append(place.waypost("run"))
        wait_until_ready(started[-1])
    return started[-1]


def test_kill_of_any_part_is_healed(place: Place, running: subprocess.Popen[str]) -> None:
    for victims in (web_processes(running)[:1], web_processes(running)[1:2], servers(place)):
        for victim in victims:
            with suppress(psutil.NoSuchProcess):  # Its parent's end was its own.
                victim.kill()
        assert psutil.wait_procs(victims, timeout=PATIENCE_SECONDS)[1] == []
        assert_soon(lambda: postgres.is_ready(place.data) and place.answers())

    assert running.poll() is None


def test_second_start_is_refused_with_the_way_out(
    place: Place, running: subprocess.Popen[str]
) -> None:
    said, _ = place.waypost("run").communicate(timeout=PATIENCE_SECONDS)

    assert "Waypost already runs with the data folder" in said
    assert place.answers()


def test_doctor_finds_nothing_wrong_with_a_running_waypost(
    place: Place, running: subprocess.Popen[str]
) -> None:
    doctor = place.waypost("doctor")

    said, _ = doctor.communicate(timeout=PATIENCE_SECONDS)

    assert doctor.returncode == 0, said
    assert "Tables: up to date" in said


def test_ctrl_c_stops_every_process(place: Place, running: subprocess.Popen[str]) -> None:
    family = descendants(running)

    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=PATIENCE_SECONDS)

    assert running.returncode == 0
    assert said.endswith("Stopped.\n")
    assert psutil.wait_procs(family, timeout=0)[1] == []
    assert not postgres.is_running(place.data)


def test_taken_port_is_refused_with_the_way_out(place: Place) -> None:
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", place.port))
        stranger.listen()

        said, _ = place.waypost("run").communicate(timeout=PATIENCE_SECONDS)

    assert f"Port {place.port} is taken by process {os.getpid()}" in said
    assert f"WAYPOST_PORT={place.port + 1} make run" in said


def test_kill_of_the_supervisor_leaves_nothing(
    place: Place, running: subprocess.Popen[str]
) -> None:
    family = descendants(running)

    running.kill()

    assert psutil.wait_procs(family, timeout=PATIENCE_SECONDS)[1] == []
    assert not place.answers()


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    said = []
    too_late = threading.Timer(PATIENCE_SECONDS, process.kill)
    too_late.start()
    for line in process.stdout or ():
        said.append(line)
        if line.startswith("Waypost is ready."):
            too_late.cancel()
            return
    too_late.cancel()
    pytest.fail("".join(said))


def descendants(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def web_processes(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The main process of the web server first, then those that serve."""
    return [one for one in descendants(process) if "web" in one.cmdline()]


def servers(place: Place) -> list[psutil.Process]:
    return [psutil.Process(pid) for pid in processes(places_of(place.data))]


def assert_soon(holds: Callable[[], bool]) -> None:
    """Ask again and again; the answers come from other processes, which give no sign."""
    deadline, pause = time.monotonic() + PATIENCE_SECONDS, threading.Event()
    while not holds():
        assert time.monotonic() < deadline
        pause.wait(0.05)
