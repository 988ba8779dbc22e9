"""What dies is started again, more patiently each time, and a signal ends all in order."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from waypost.cli.parts import Kept
from waypost.cli.supervisor import Supervisor


@dataclass
class Clockwork:
    """A part without a process: it runs until somebody says it died."""

    name: str
    journal: list[str] = field(default_factory=list)
    runs: bool = False
    is_broken: bool = False

    def start(self) -> None:
        if self.is_broken:
            raise OSError("no such program")
        self.runs = True
        self.journal.append(f"start {self.name}")

    def is_alive(self) -> bool:
        return self.runs

    def stop(self, in_a_hurry: Callable[[], bool]) -> None:
        self.runs = False
        self.journal.append(f"stop {self.name}")


def test_dead_part_is_started_again_after_a_short_pause() -> None:
    part, said = Clockwork("worker"), list[str]()
    kept = Kept(part, said.append)
    kept.keep(now=0.0)

    part.runs = False
    kept.keep(now=1.0)
    was_running_at_once = part.runs
    kept.keep(now=1.3)

    assert not was_running_at_once
    assert part.runs
    assert said == ["worker ended unexpectedly; starting it again in 0.2 s."]


def test_pause_grows_with_each_failure_up_to_a_limit() -> None:
    part, said = Clockwork("worker", is_broken=True), list[str]()
    kept = Kept(part, said.append)

    for minute in range(8):
        kept.keep(now=minute * 60.0)

    pauses = [line.rsplit(" in ", 1)[1] for line in said]
    assert pauses == [
        f"{seconds} s." for seconds in ("0.2", "0.4", "0.8", "1.6", "3.2", "6.4", 10, 10)
    ]
    assert "no such program" in said[0]


def test_part_that_ran_steadily_is_started_without_a_grudge() -> None:
    part, said = Clockwork("web"), list[str]()
    kept = Kept(part, said.append, failures=6)
    kept.keep(now=0.0)

    part.runs = False
    kept.keep(now=60.0)

    assert said == ["web ended unexpectedly; starting it again in 0.2 s."]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_the_parts_in_reverse_order(number: signal.Signals) -> None:
    journal: list[str] = []
    names = ("postgres", "worker", "web")
    parts = [Kept(Clockwork(name, journal), journal.append) for name in names]

    # To this thread, as to a process of one thread: others that a test run has would not block it.
    here = threading.get_ident()
    Supervisor(parts, look=lambda: signal.pthread_kill(here, number)).run()

    started, stopped = journal[:3], journal[3:]
    assert started == ["start postgres", "start worker", "start web"]
    assert stopped == ["stop web", "stop worker", "stop postgres"]
