"""Keeps the parts alive until a signal says stop."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from waypost.cli.parts import Kept

ENDING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Supervisor:
    """One thread and one loop: signals are waited for, so no handler interrupts anything."""

    parts: Sequence[Kept]
    look: Callable[[], None]

    def run(self) -> None:
        """Return after a signal asked for the end and every part has ended, last started first."""
        with _blocked({*ENDING, signal.SIGCHLD}):
            while not _asked({*ENDING}, LOOK_SECONDS):
                now = time.monotonic()
                for part in self.parts:
                    part.keep(now)
                self.look()
            for part in reversed(self.parts):
                part.part.stop(in_a_hurry=_second_interrupt)
            _forget({*ENDING})


def _asked(ending: set[signal.Signals], seconds: float) -> bool:
    """Wait for a signal; a child's end is one too, and makes the loop look at once."""
    caught = signal.sigtimedwait({*ending, signal.SIGCHLD}, seconds)
    return caught is not None and caught.si_signo in ending


def _second_interrupt() -> bool:
    """Only Ctrl-C again means hurry: `make` passes SIGTERM on, so that one may come twice."""
    return _asked({signal.SIGINT}, LOOK_SECONDS)


def _forget(ending: set[signal.Signals]) -> None:
    """What was asked twice has been done; left pending, it would end us with a failure."""
    while _asked(ending, 0):
        pass


@contextmanager
def _blocked(signals: set[signal.Signals]) -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
