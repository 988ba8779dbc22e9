"""The one statement: what it writes, and that it writes all of it or nothing."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.instances.makers import a_call, a_form, a_place, published, started
from waypost.engine.errors import Refusal
from waypost.engine.evolve import evolve
from waypost.engine.instance import NEW
from waypost.instances.actions import complete_step
from waypost.instances.changing import Done
from waypost.instances.history import FIRST_HASH, canonical, next_hash, read_event
from waypost.instances.loading import Wanted, load
from waypost.instances.models import EventRow, Instance, InstanceState, OpenStep


def _rows(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@pytest.mark.django_db
def test_replaying_the_events_gives_the_state() -> None:
    place = a_place()
    workflow = published(place, a_form("one"), a_form("two"), a_call())
    instance = started(place, workflow)

    for step in workflow.steps[:2]:
        value = {step.fields[0].id: {"inputValue": "Ann"}}
        assert isinstance(complete_step(place.lead, instance.id, step.id, value), Done)

    state = NEW
    for payload, personal, at in _rows(
        "SELECT payload::text, personal::text, at FROM event WHERE instance_id = %s ORDER BY seq",
        instance.id,
    ):
        state = evolve(state, read_event(payload, personal), at)
    loaded = load(Wanted(instance.id))
    assert loaded is not None
    assert state == loaded.state
    assert loaded.version == EventRow.objects.filter(instance_id=instance.id).count()


@pytest.mark.django_db
def test_hashes_chain_and_survive_erasure() -> None:
    place = a_place()
    workflow = published(place, a_form())
    instance = started(place, workflow)
    values = {workflow.steps[0].fields[0].id: {"inputValue": "Ann"}}
    complete_step(place.lead, instance.id, workflow.steps[0].id, values)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE event SET personal = NULL WHERE instance_id = %s", [instance.id])

    last = FIRST_HASH
    for payload, digest, kept in _rows(
        "SELECT payload::text, personal_digest, hash FROM event WHERE instance_id = %s ORDER BY seq",
        instance.id,
    ):
        last = next_hash(last, canonical(payload), None if digest is None else bytes(digest))
        assert bytes(kept) == last


@pytest.mark.django_db
def test_open_steps_follow_the_state() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_call())
    instance = started(place, workflow)
    opened = OpenStep.objects.get(instance_id=instance.id)
    assert (opened.kind, opened.step_id) == ("person", workflow.steps[0].id)
    assert opened.assignee_id == place.lead.principal_id

    complete_step(place.lead, instance.id, workflow.steps[0].id, {})

    opened = OpenStep.objects.get(instance_id=instance.id)
    assert (opened.kind, opened.step_id, opened.claims) == ("call", workflow.steps[1].id, 0)
    payload = f"{instance.id}:{opened.step_id}:{opened.visit}".encode()
    assert _rows("SELECT count(*) FROM pgqueuer WHERE payload = %s", payload) == [(1,)]


@pytest.mark.django_db
def test_finishing_closes_everything() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_form("notes", is_blocking=False))
    instance = started(place, workflow)

    for step in workflow.steps:
        outcome = complete_step(place.lead, instance.id, step.id, {})

    assert isinstance(outcome, Done)
    assert outcome.instance.row.status == "completed"
    row = Instance.objects.get(pk=instance.id)
    assert (row.status, row.progress) == ("completed", 100)
    assert row.completed_at == row.ended_at is not None
    assert not OpenStep.objects.filter(instance_id=instance.id).exists()


@pytest.mark.django_db
def test_a_step_only_completes_once() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_form("two"))
    instance = started(place, workflow)
    complete_step(place.lead, instance.id, workflow.steps[0].id, {})

    again = complete_step(place.lead, instance.id, workflow.steps[0].id, {})

    assert isinstance(again, Refusal)
    assert again.code == "step_already_completed"


@pytest.mark.django_db
def test_field_values_go_by_field_id() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_form("two"))
    instance = started(place, workflow)
    field = workflow.steps[0].fields[0]

    complete_step(place.lead, instance.id, workflow.steps[0].id, {field.id: {"inputValue": "x"}})

    stored = InstanceState.objects.get(pk=instance.id).field_values
    assert stored == {str(field.id): {"inputValue": "x"}}
