"""History: months of it, what can be erased, and what no column must be too small for."""

from __future__ import annotations

from functools import partial

import pytest

from tests.instances.makers import a_call, a_form, a_place, published, started
from tests.instances.rows import rows, run
from waypost.engine.commands import TakeReply
from waypost.engine.events import CallFailed, CallPostponed
from waypost.instances.actions import complete_step
from waypost.instances.changing import Done, change
from waypost.instances.history import read_event
from waypost.instances.loading import Loaded, Wanted
from waypost.people.actor import Actor

YEAR_IN_MS = 365 * 24 * 3600 * 1000


@pytest.mark.django_db
def test_a_step_that_was_open_for_a_year_can_be_completed() -> None:
    place = a_place()
    workflow = published(place, a_form())
    instance = started(place, workflow)
    run(
        "UPDATE instance_state SET state = jsonb_set(state, '{runs,ask,activated_at}', to_jsonb("
        "(state #>> '{runs,ask,activated_at}')::timestamptz - interval '365 days'))"
        " WHERE instance_id = %s",
        instance.id,
    )

    outcome = complete_step(place.lead, instance.id, workflow.steps[0].id, {})

    assert isinstance(outcome, Done)
    [(duration,)] = rows(
        "SELECT duration_ms FROM event WHERE instance_id = %s AND kind = 'step_completed'",
        instance.id,
    )
    assert duration >= YEAR_IN_MS


@pytest.mark.django_db
def test_what_another_system_said_about_somebody_can_be_erased() -> None:
    place = a_place()
    said = "Twilio answered 400: Invalid parameter `To`: +15005550001"
    instance = started(place, published(place, a_call()))
    worker = Actor(place.workspace.pk, None, True, "worker")
    for is_transient in (True, False):
        command = TakeReply("call", 1, 400, reason=said, is_transient=is_transient)
        change(worker, Wanted(instance.id), partial(_planned, command))

    found = rows(
        "SELECT payload::text, personal::text FROM event WHERE instance_id = %s ORDER BY seq",
        instance.id,
    )
    assert not any(said in payload for payload, _ in found)
    told = [read_event(payload, personal) for payload, personal in found]
    assert [one.reason for one in told if isinstance(one, CallPostponed | CallFailed)] == [said] * 2
    erased = [read_event(payload, None) for payload, _ in found]
    assert [one.reason for one in erased if isinstance(one, CallPostponed | CallFailed)] == ["", ""]


@pytest.mark.django_db
def test_a_month_whose_first_events_came_before_its_partition_stops_nothing() -> None:
    for part in ("event", "exchange"):
        run(
            f"DO $$ BEGIN EXECUTE 'DROP TABLE {part}_' || to_char(now() AT TIME ZONE 'UTC',"
            " 'YYYY_MM'); END $$"
        )
    place = a_place()
    instance = started(place, published(place, a_form()))

    run("SELECT make_month_partitions(4)")

    found = rows(
        "SELECT DISTINCT tableoid::regclass::text = 'event_' || to_char(at AT TIME ZONE 'UTC',"
        " 'YYYY_MM') FROM event WHERE instance_id = %s",
        instance.id,
    )
    assert found == [(True,)]


def _planned(command: TakeReply, _: Loaded) -> TakeReply:
    return command
