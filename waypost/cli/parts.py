"""The parts that `waypost run` keeps alive: processes of ours, and the embedded database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from waypost import postgres
from waypost.postgres.lifeline import tied_to_us

GRACE_SECONDS = 20
STEADY_SECONDS = 10
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10


class Part(Protocol):
    """Something that runs, may die, and is started again."""

    @property
    def name(self) -> str:
        """How it is called in messages."""

    def start(self) -> None:
        """Start it without waiting."""

    def is_alive(self) -> bool:
        """True while it runs."""

    def stop(self, in_a_hurry: Callable[[], bool]) -> None:
        """End it and wait for it; by force when asked to hurry or when it takes too long."""


@dataclass(slots=True)
class Command:
    """A `waypost` command in a process group of its own."""

    name: str
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it is killed with us, so that even our kill -9 leaves nothing behind."""
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            waypost_command(*self.arguments),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=tied_to_us(signal.SIGKILL),
        )

    def is_alive(self) -> bool:
        """Also ends what its processes left when it is gone."""
        if self.process is None:
            return False
        if self.process.poll() is None:
            return True
        self._signal_group(signal.SIGKILL)
        return False

    def stop(self, in_a_hurry: Callable[[], bool]) -> None:
        """Ask with SIGTERM, wait, then kill."""
        if self.process is None:
            return
        deadline = time.monotonic() + GRACE_SECONDS
        self._signal(signal.SIGTERM)
        while self.process.poll() is None and time.monotonic() < deadline and not in_a_hurry():
            pass  # in_a_hurry() waits for a signal, the end of a child included.
        self._signal_group(signal.SIGKILL)
        self.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def _signal_group(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


@dataclass(frozen=True, slots=True)
class Database:
    """The embedded PostgreSQL of a data folder."""

    folder: Path
    name: str = "postgres"

    def start(self) -> None:
        """Start it; the others wait for its recovery by themselves."""
        postgres.launch(self.folder)

    def is_alive(self) -> bool:
        """True also while it recovers."""
        return postgres.is_running(self.folder)

    def stop(self, in_a_hurry: Callable[[], bool]) -> None:
        """A fast shutdown takes no longer than a hurry."""
        postgres.stop(self.folder)


@dataclass(slots=True)
class Kept:
    """A part with the memory of its failures: each start in quick succession waits longer."""

    part: Part
    say: Callable[[str], None]
    failures: int = 0
    started_at: float | None = None
    due_at: float = field(default=0.0)

    def keep(self, now: float) -> None:
        """Start the part when it is not alive and its pause is over."""
        if self.part.is_alive():
            self.started_at = now if self.started_at is None else self.started_at
            return
        if self.started_at is not None:
            self._fail(now, "ended unexpectedly")
        if now >= self.due_at:
            self._start(now)

    def _start(self, now: float) -> None:
        try:
            self.part.start()
        except (OSError, postgres.PostgresFailed) as error:
            self._fail(now, f"does not start: {error}")
        else:
            self.started_at = now

    def _fail(self, now: float, what: str) -> None:
        if self.started_at is not None and now - self.started_at > STEADY_SECONDS:
            self.failures = 0
        pause = min(FIRST_PAUSE_SECONDS * 2**self.failures, LONGEST_PAUSE_SECONDS)
        self.failures, self.started_at, self.due_at = self.failures + 1, None, now + pause
        self.say(f"{self.part.name} {what}; starting it again in {pause:g} s.")


def waypost_command(*arguments: str) -> list[str]:
    """This program with other arguments, never a package found in the current folder (-P)."""
    return [sys.executable, "-P", "-m", "waypost.cli", *arguments]
