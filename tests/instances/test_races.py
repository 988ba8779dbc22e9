"""Two at once: nobody's change is lost, and the second sees everything that the first did."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from tests.instances.makers import a_form, a_place, published, started
from tests.instances.rows import rows, run
from waypost.instances import actions
from waypost.instances.actions import Changes, complete_step, update_instance
from waypost.instances.answers import ApiCall, IdempotentRequest, Replayed
from waypost.instances.changing import Done
from waypost.instances.loading import Loaded, Wanted, load

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_twin_that_waited_for_the_lock_gets_the_first_ones_answer() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_form("two"))
    instance = started(place, workflow)
    request = IdempotentRequest("k1", b"same", 200, lambda detail: {"id": detail.id})
    outcomes: list[object] = []

    def complete() -> None:
        call = ApiCall(idempotent=request)
        outcomes.append(complete_step(place.lead, instance.id, workflow.steps[0].id, {}, call=call))

    with pytest.MonkeyPatch.context() as patch, in_a_thread(complete) as second:
        # The second has lost twice already, and now takes the lock.
        patch.setattr("waypost.instances.changing.FREE_TRIES", 0)
        with transaction.atomic():
            first = complete_step(
                place.lead, instance.id, workflow.steps[0].id, {}, call=ApiCall(idempotent=request)
            )
            second.start()
            wait_for_a_lock()
        second.join()

    assert isinstance(first, Done)
    assert outcomes == [Replayed(200, {"id": instance.id})]


def test_two_updates_at_once_keep_both_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    place = a_place()
    instance = started(place, published(place, a_form()))
    read = load

    def read_then_be_overtaken(wanted: Wanted) -> Loaded | None:
        found = read(wanted)
        monkeypatch.setattr(actions, "load", read)
        update_instance(place.lead, instance.id, Changes(tags=("new",)))
        return found

    monkeypatch.setattr(actions, "load", read_then_be_overtaken)
    update_instance(place.lead, instance.id, Changes(priority="H"))

    assert rows("SELECT priority, tags FROM instance WHERE id = %s", instance.id) == [
        ("H", '["new"]')
    ]
    assert rows("SELECT tag FROM instance_tag WHERE instance_id = %s", instance.id) == [("new",)]


@contextmanager
def in_a_thread(action: Callable[[], None]) -> Iterator[threading.Thread]:
    """A thread that is not started yet, with a connection of its own."""

    def act() -> None:
        try:
            action()
        finally:
            connection.close()

    thread = threading.Thread(target=act)
    yield thread
    thread.join()


def wait_for_a_lock() -> None:
    """Return once somebody waits for a lock of ours."""
    for _ in range(2000):
        if rows("SELECT 1 FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"):
            return
        run("SELECT pg_sleep(0.005)")
    raise AssertionError("Nobody waits.")
