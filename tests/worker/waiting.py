"""Waiting for what other processes do."""

from __future__ import annotations

import time
from collections.abc import Callable

from waypost.instances.detail import InstanceDetail
from waypost.instances.queries import InstanceLog, LoggedExchange, instance_log, load_instance
from waypost.people.actor import Actor


def wait_until(holds: Callable[[], bool], seconds: float = 40) -> None:
    """Look again and again until it holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "It did not come."
        time.sleep(0.02)


def detail_of(actor: Actor, instance_id: int) -> InstanceDetail:
    """The instance as it is."""
    found = load_instance(actor, instance_id)
    assert isinstance(found, InstanceDetail)
    return found


def wait_for_end(actor: Actor, instance_id: int, seconds: float = 40) -> InstanceDetail:
    """The instance once it has ended."""
    wait_until(lambda: detail_of(actor, instance_id).row.status != "running", seconds)
    return detail_of(actor, instance_id)


def exchanges_of(actor: Actor, instance_id: int) -> tuple[LoggedExchange, ...]:
    """Every call that the instance made."""
    log = instance_log(actor, instance_id)
    assert isinstance(log, InstanceLog)
    return log.exchanges or ()
