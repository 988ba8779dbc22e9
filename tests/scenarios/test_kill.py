"""The kill test: 200 verifications at once while worker, web server and database are killed with
-9 at random moments; every one must still end, rightly, with nothing done twice.
"""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.scenarios.crowd import Customer, Mailboxes
from tests.scenarios.verification import World
from tests.stack import Stack, a_stack
from waypost.postgres.places import places_of
from waypost.postgres.traces import processes

VERIFICATIONS = 200
HANDS = 16
VICTIMS = ("worker", "web", "postgres") * 3
OUTCOMES = """
SELECT i.name, s.state #>> '{runs,verification_outcome,values,outcome,inputValue,radioItemSelected}'
FROM instance i JOIN instance_state s ON s.instance_id = i.id WHERE i.parent_id IS NULL
"""
SUBS = "SELECT p.name, c.status FROM instance c JOIN instance p ON p.id = c.parent_id"
ENDED_TWICE = """
SELECT instance_id, step_id, visit, array_agg(kind) FROM event
WHERE kind IN ('step_completed', 'call_answered', 'call_failed', 'step_skipped', 'step_declined')
GROUP BY instance_id, step_id, visit HAVING count(*) > 1
"""
BEGUN_TWICE = """
SELECT instance_id, step_id, visit FROM event WHERE kind = 'step_activated'
GROUP BY instance_id, step_id, visit HAVING count(*) > 1
"""
GAPS = """
SELECT e.instance_id FROM event e JOIN instance_state s ON s.instance_id = e.instance_id
GROUP BY e.instance_id, s.version
HAVING min(e.seq) <> 1 OR max(e.seq) <> count(*) OR max(e.seq) <> s.version
"""
TWO_KEYS = """
SELECT instance_id, step_id, visit FROM exchange GROUP BY instance_id, step_id, visit
HAVING count(DISTINCT idempotency_key) > 1
"""
FAILURES = "SELECT instance_id, step_id, payload FROM event WHERE kind = 'call_failed'"
MAILS = 'SELECT "to", idempotency_key FROM sandbox_sendgrid_mail'
TEXTS = 'SELECT "to", idempotency_key FROM sandbox_twilio_text'


@pytest.fixture(scope="module")
def stack(data: Path) -> Iterator[Stack]:
    """A Waypost of its own, to be mistreated; the crowd shares one API key."""
    with a_stack(data / "killed", WAYPOST_API_REQUESTS_PER_MINUTE="0") as stack:
        yield stack


def test_nothing_is_lost_or_doubled_when_everything_is_killed(stack: Stack) -> None:
    mailboxes = Mailboxes(World(stack))
    crowd = [Customer(mailboxes, number) for number in range(VERIFICATIONS)]

    with mailboxes.watched(), killing(stack) as kills, ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(Customer.begin, crowd))
        list(hands.map(Customer.verify, crowd))
    stack.wait_until(lambda: stack.answers() and has_ended(stack))

    assert Counter(kills) == Counter(VICTIMS)
    assert dict(stack.sql(OUTCOMES)) == {one.name: one.outcome for one in crowd}
    assert sorted(stack.sql(SUBS)) == [(one.name, "completed") for one in crowd]
    for nothing in (ENDED_TWICE, BEGUN_TWICE, GAPS, TWO_KEYS, FAILURES):
        assert stack.sql(nothing) == []
    mails, texts = stack.sql(MAILS), stack.sql(TEXTS)
    assert Counter(to for to, _ in mails) == {one.email: 2 for one in crowd}
    assert Counter(to for to, _ in texts) == {one.phone: 1 for one in crowd}
    assert set(Counter(mails + texts).values()) == {1}
    assert all(key for _, key in mails + texts)


def has_ended(stack: Stack) -> bool:
    """Whether no verification runs any more and every main workflow was told."""
    running = "SELECT 1 FROM instance WHERE parent_id IS NOT NULL AND status = 'running' LIMIT 1"
    return stack.sql(running) == [] and all(outcome for _, outcome in stack.sql(OUTCOMES))


@contextmanager
def killing(stack: Stack) -> Iterator[list[str]]:
    """Kill each of the victims three times, at random moments, while the block runs."""
    seed = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(10_000)))
    dice, done, is_over = random.Random(seed), list[str](), threading.Event()  # noqa: S311
    victims = dice.sample(VICTIMS, len(VICTIMS))

    def kill_all() -> None:
        for victim in victims:
            is_over.wait(dice.uniform(1, 10))
            kill(stack, victim)
            done.append(victim)

    thread = threading.Thread(target=kill_all)
    thread.start()
    try:
        yield done
    finally:
        is_over.set()
        thread.join()
        # pytest shows it when the test fails.
        print(f"KILL_SEED={seed}", victims)  # noqa: T201


def kill(stack: Stack, victim: str) -> None:
    """kill -9, every process of that part at once."""
    if victim != "postgres":
        stack.kill("waypost.cli", victim)
        return
    for pid in processes(places_of(stack.data)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
