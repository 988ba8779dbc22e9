"""The one statement: what it writes, and that it writes all of it or nothing."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from tests.instances.makers import a_call, a_form, a_place, published, started
from tests.instances.rows import rows, run, statements_into
from waypost.engine.commands import Stop
from waypost.engine.decide import Decision, decide
from waypost.engine.errors import Refusal
from waypost.engine.evolve import evolve
from waypost.engine.instance import NEW
from waypost.engine.json_value import JSON
from waypost.instances.actions import complete_step
from waypost.instances.answers import PLAIN_CALL
from waypost.instances.changing import Done, apply
from waypost.instances.history import FIRST_HASH, canonical, next_hash, read_event
from waypost.instances.loading import Wanted, load
from waypost.instances.models import EventRow, Instance, InstanceState, OpenStep

Values = dict[int, JSON]


@pytest.mark.django_db
def test_replaying_the_events_gives_the_state() -> None:
    place = a_place()
    workflow = published(place, a_form("one"), a_form("two"), a_call())
    instance = started(place, workflow)

    for step in workflow.steps[:2]:
        values: Values = {step.fields[0].id: {"inputValue": "Ann"}}
        assert isinstance(complete_step(place.lead, instance.id, step.id, values), Done)

    state = NEW
    for payload, personal, at in rows(
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
    values: Values = {workflow.steps[0].fields[0].id: {"inputValue": "Ann"}}
    complete_step(place.lead, instance.id, workflow.steps[0].id, values)

    run("UPDATE event SET personal = NULL WHERE instance_id = %s", instance.id)

    last = FIRST_HASH
    for payload, digest, kept in rows(
        "SELECT payload::text, personal_digest, hash FROM event"
        " WHERE instance_id = %s ORDER BY seq",
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
    assert rows("SELECT count(*) FROM pgqueuer WHERE payload = %s", payload) == [(1,)]


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

    values: Values = {field.id: {"inputValue": "x"}}
    complete_step(place.lead, instance.id, workflow.steps[0].id, values)

    stored = InstanceState.objects.get(pk=instance.id).field_values
    assert stored == {str(field.id): {"inputValue": "x"}}


@pytest.mark.django_db
def test_a_change_of_a_row_that_moved_on_writes_nothing() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_call())
    instance = started(place, workflow)
    stale = load(Wanted(instance.id))
    assert stale is not None
    complete_step(place.lead, instance.id, workflow.steps[0].id, {})
    counts = "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM open_step),"
    counts += " (SELECT count(*) FROM pgqueuer), (SELECT max(updated_at) FROM instance)"
    before = rows(counts)
    decision = decide(stale.workflow, stale.state, Stop(), stale.now)
    assert isinstance(decision, Decision)

    written = apply(stale, decision, place.lead, PLAIN_CALL)

    assert written is None
    assert rows(counts) == before


@pytest.mark.django_db(transaction=True)
def test_two_at_once_complete_a_step_once() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_form("two"))
    instance = started(place, workflow)
    gate = threading.Barrier(4)
    outcomes: list[object] = []

    def press() -> None:
        gate.wait()
        outcomes.append(complete_step(place.lead, instance.id, workflow.steps[0].id, {}))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    codes = sorted(one.code if isinstance(one, Refusal) else "done" for one in outcomes)
    assert codes == ["done"] + ["step_already_completed"] * 3
    kinds = rows("SELECT kind FROM event WHERE instance_id = %s ORDER BY seq", instance.id)
    assert [kind for (kind,) in kinds].count("step_completed") == 1


@pytest.mark.django_db(transaction=True)
def test_many_changes_at_once_all_arrive() -> None:
    place = a_place()
    forms = [a_form(f"form-{number}", is_blocking=False) for number in range(6)]
    workflow = published(place, *forms)
    instance = started(place, workflow)
    gate = threading.Barrier(len(forms))
    outcomes: list[object] = []

    def press(step_id: int) -> None:
        gate.wait()
        outcomes.append(complete_step(place.lead, instance.id, step_id, {}))
        connection.close()

    threads = [threading.Thread(target=press, args=(step.id,)) for step in workflow.steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(isinstance(one, Done) for one in outcomes), outcomes
    assert Instance.objects.get(pk=instance.id).status == "completed"
    seqs = rows("SELECT seq FROM event WHERE instance_id = %s ORDER BY seq", instance.id)
    assert [seq for (seq,) in seqs] == list(range(1, len(seqs) + 1))


@pytest.mark.django_db
def test_a_form_step_queues_no_job_and_wakes_nobody() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_form("two"))
    instance = started(place, workflow)
    before = rows("SELECT count(*) FROM pgqueuer")

    complete_step(place.lead, instance.id, workflow.steps[0].id, {})

    assert rows("SELECT count(*) FROM pgqueuer") == before


@pytest.mark.django_db
def test_a_step_completes_in_two_queries() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_form("two"), a_form("three"))
    instance = started(place, workflow)
    complete_step(place.lead, instance.id, workflow.steps[0].id, {})
    asked: list[str] = []

    with statements_into(asked):
        complete_step(place.lead, instance.id, workflow.steps[1].id, {})

    assert len(asked) == 2


@pytest.mark.django_db
def test_nul_and_lone_surrogates_are_left_out() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_form("two"))
    instance = started(place, workflow, name="A\x00nn\ud800")
    values: Values = {workflow.steps[0].fields[0].id: {"inputValue": "\x00x\udfff"}}

    outcome = complete_step(place.lead, instance.id, workflow.steps[0].id, values)

    assert isinstance(outcome, Done)
    assert outcome.instance.row.name == "Ann"
    assert outcome.instance.state.run("ask").values == {"text": {"inputValue": "x"}}
