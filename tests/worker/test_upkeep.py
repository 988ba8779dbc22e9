"""The sweep and the clearing up."""

from __future__ import annotations

import pytest

from tests.instances.makers import a_call, a_form, a_place, published, started
from tests.instances.rows import rows, run
from waypost.worker.upkeep import clear_up, sweep

pytestmark = pytest.mark.django_db

JOBS = "SELECT convert_from(payload, 'UTF8'), status::text FROM pgqueuer ORDER BY id"


def test_the_sweep_queues_what_has_no_job_and_nothing_twice() -> None:
    place = a_place()
    instance = started(place, published(place, a_call(), a_form(is_blocking=False)))
    job = f"{instance.id}:{instance.workflow.steps[0].id}:1"
    assert rows(JOBS) == [(job, "queued")]
    assert sweep() == 0
    run("UPDATE pgqueuer SET status = 'picked'")
    assert sweep() == 0

    run("TRUNCATE pgqueuer")

    assert sweep() == 1
    assert sweep() == 0
    assert rows(JOBS) == [(job, "queued")]


def test_the_sweep_leaves_what_is_due_much_later() -> None:
    place = a_place()
    started(place, published(place, a_call()))
    run("TRUNCATE pgqueuer")

    run("UPDATE open_step SET due_at = now() + interval '5 minutes'")
    assert sweep() == 0
    run("UPDATE open_step SET due_at = now() + interval '30 seconds'")
    assert sweep() == 1

    assert rows("SELECT execute_after > now() FROM pgqueuer") == [(True,)]


def test_a_held_job_is_queued_again_by_the_sweep() -> None:
    place = a_place()
    started(place, published(place, a_call()))
    run("UPDATE pgqueuer SET status = 'failed'")

    assert sweep() == 1


def test_clearing_up_drops_what_is_old_and_makes_months_ahead() -> None:
    place = a_place()
    for key, age in (("old", "25 hours"), ("new", "1 hour")):
        run(
            "INSERT INTO idempotency (workspace_id, caller, key, body_sha256, status, answer, at)"
            " VALUES (%s, 'c', %s, '', 200, '{}', now() - %s::interval)",
            *(place.workspace.pk, key, age),
        )
    run(
        "CREATE TABLE exchange_2001_01 PARTITION OF exchange"
        " FOR VALUES FROM ('2001-01-01') TO ('2001-02-01')"
    )

    clear_up()

    assert rows("SELECT key FROM idempotency") == [("new",)]
    assert rows("SELECT to_regclass('exchange_2001_01')") == [(None,)]
    [(months,)] = rows("SELECT count(*) FROM pg_inherits WHERE inhparent = 'event'::regclass")
    assert months >= 5
