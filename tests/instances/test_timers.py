"""Scheduled steps and deadlines in the database: what opens, what starts when, what is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.instances.makers import Place, a_call, a_form, a_group, a_place, published, started
from tests.instances.rows import rows, run
from waypost.engine.instance import Status
from waypost.instances.actions import Done, complete_step, skip_step, stop_instances
from waypost.instances.detail import InstanceDetail
from waypost.instances.exchanges import Job
from waypost.instances.listing import InstanceFilter, Listing, list_instances
from waypost.instances.queries import load_instance
from waypost.instances.timers import fire_timer
from waypost.worker.upkeep import sweep

pytestmark = pytest.mark.django_db

OPEN = "SELECT kind, visit, due_at IS NULL FROM open_step WHERE instance_id = %s ORDER BY step_id"
JOBS = "SELECT entrypoint, convert_from(payload, 'UTF8') FROM pgqueuer ORDER BY id"
TOMORROW: dict[str, object] = {"amount": 1}
SOON: dict[str, object] = {"amount": 1, "unit": "minutes"}


def job_of(instance: InstanceDetail, number: int = 0) -> Job:
    """The job of a step's first visit."""
    return Job(instance.id, instance.workflow.steps[number].id, 1)


def now_of(place: Place, instance: InstanceDetail) -> InstanceDetail:
    """The instance as it is now."""
    found = load_instance(place.lead, instance.id)
    assert isinstance(found, InstanceDetail)
    return found


def time_passes(instance: InstanceDetail, key: str) -> None:
    """Let the scheduled start of a step have come."""
    run(
        "UPDATE instance_state SET state = jsonb_set(state, ARRAY['runs', %s, 'due_at'],"
        " to_jsonb(clock_timestamp() - interval '1 second')) WHERE instance_id = %s",
        *(key, instance.id),
    )
    run(
        "UPDATE open_step SET due_at = clock_timestamp() - interval '1 second'"
        " WHERE instance_id = %s AND kind = 'timer'",
        instance.id,
    )


def found_by(place: Place, **narrowed: object) -> list[int]:
    """The ids of the instances that a filter finds."""
    found = list_instances(place.lead, InstanceFilter(**narrowed))  # type: ignore[arg-type]
    assert isinstance(found, Listing)
    return [row.id for row in found.rows]


def test_a_scheduled_step_waits_as_a_timer_and_nothing_else() -> None:
    place = a_place()
    workflow = published(place, a_form(schedule=TOMORROW), a_form("next"))

    instance = started(place, workflow)

    assert instance.state.run("ask").status is Status.SCHEDULED
    assert instance.active_step_ids == ()
    assert rows(OPEN, instance.id) == [("timer", 1, False)]
    assert rows(JOBS) == []
    assert sweep() == 0
    assert found_by(place, active_step_id=workflow.steps[0].id) == []


def test_a_timer_that_is_due_soon_is_queued_and_queued_again_when_the_queue_is_lost() -> None:
    place = a_place()
    instance = started(place, published(place, a_form(schedule=SOON)))
    job = ("timer", f"{instance.id}:{instance.workflow.steps[0].id}:1")
    assert rows(JOBS) == [job]
    assert sweep() == 0

    run("TRUNCATE pgqueuer")

    assert sweep() == 1
    assert rows(JOBS) == [job]


def test_a_due_timer_starts_its_step_once() -> None:
    place = a_place()
    instance = started(place, published(place, a_form(schedule=TOMORROW), a_form("next")))
    fire_timer(job_of(instance))
    assert rows(OPEN, instance.id) == [("timer", 1, False)]

    time_passes(instance, "ask")
    fire_timer(job_of(instance))
    fire_timer(job_of(instance))

    assert now_of(place, instance).state.run("ask").status is Status.ACTIVE
    assert rows(OPEN, instance.id) == [("person", 1, True)]
    kinds = [kind for (kind,) in rows("SELECT kind FROM event WHERE instance_id = %s", instance.id)]
    assert sorted(kinds) == ["instance_started", "step_activated", "step_scheduled"]


def test_a_scheduled_call_is_queued_when_its_time_has_come() -> None:
    place = a_place()
    instance = started(place, published(place, a_call(schedule=TOMORROW)))
    time_passes(instance, "call")

    fire_timer(job_of(instance))

    assert rows(OPEN, instance.id) == [("call", 1, False)]
    assert [entrypoint for entrypoint, _ in rows(JOBS)] == ["call"]


def test_skipping_and_stopping_take_the_timer_away() -> None:
    place = a_place()
    workflow = published(place, a_form(schedule=TOMORROW), a_form("next"))
    skipped, stopped = started(place, workflow), started(place, workflow)

    assert isinstance(skip_step(place.lead, skipped.id, workflow.steps[0].id), Done)
    stop_instances(place.lead, [stopped.id])

    assert rows(OPEN, skipped.id) == [("person", 1, True)]
    assert rows(OPEN, stopped.id) == []
    fire_timer(job_of(stopped))
    assert now_of(place, stopped).row.status == "aborted"


def test_the_days_of_a_schedule_are_those_of_the_workspace() -> None:
    place = a_place()
    place.workspace.time_zone = "Asia/Tokyo"
    place.workspace.save()
    midnight: dict[str, object] = {"amount": 1, "time_of_day": "00:00"}

    instance = started(place, published(place, a_form(schedule=midnight)))

    due_at = instance.state.run("ask").due_at
    assert due_at is not None
    assert (due_at.hour, due_at.minute) == (15, 0)


def test_a_deadline_is_kept_with_the_open_step_and_found_by_it() -> None:
    place = a_place()
    workflow = published(place, a_form(deadline=TOMORROW), a_form("next"))
    instance = started(place, workflow)
    due = instance.row.started_at + timedelta(days=1)

    assert instance.step_deadlines == {workflow.steps[0].id: due}
    assert rows("SELECT deadline_at FROM open_step WHERE instance_id = %s", instance.id) == [(due,)]
    assert found_by(place, before={"step_deadline": due}) == [instance.id]
    assert found_by(place, after={"step_deadline": due + timedelta(seconds=1)}) == []

    complete_step(place.lead, instance.id, workflow.steps[0].id, {})

    assert now_of(place, instance).step_deadlines == {}
    assert found_by(place, before={"step_deadline": datetime(2999, 1, 1, tzinfo=UTC)}) == []


def test_progress_counts_steps_and_not_what_holds_them() -> None:
    place = a_place()
    steps = (a_group("papers"), a_form("collect", within="papers"), a_form("sign", within="papers"))
    workflow = published(place, *steps)
    instance = started(place, workflow)
    assert instance.active_step_ids == (workflow.steps[1].id,)

    outcome = complete_step(place.lead, instance.id, workflow.steps[1].id, {})

    assert isinstance(outcome, Done)
    assert outcome.instance.row.progress == 50
    assert outcome.instance.active_step_ids == (workflow.steps[2].id,)
