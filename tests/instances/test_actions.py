"""Starting, completing, mending, stopping, deleting and changing: who may, and what comes of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from tests.instances.makers import a_call, a_form, a_place, an_actor, published, started
from tests.instances.rows import rows, run
from waypost.engine.commands import FailStep
from waypost.engine.errors import Refusal
from waypost.engine.step_types import AnyStep
from waypost.instances import pressure
from waypost.instances.actions import (
    Changes,
    Done,
    NewInstance,
    complete_step,
    delete_instances,
    restart_step,
    skip_step,
    start_instance,
    stop_instances,
    update_instance,
)
from waypost.instances.changing import change
from waypost.instances.detail import InstanceDetail, InstanceRow
from waypost.instances.listing import InstanceFilter, list_instances
from waypost.instances.loading import Wanted
from waypost.instances.models import Instance, OpenStep
from waypost.instances.queries import children, instance_log, load_instance
from waypost.people.actor import Actor
from waypost.people.models import Principal
from waypost.workflows.models import Workflow
from waypost.workflows.queries import list_workflows
from waypost.workflows.queries import published as published_definition


def code_of(outcome: object) -> str:
    """The code of a refusal."""
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def listed(actor: Actor) -> tuple[InstanceRow, ...]:
    """The runs that a list shows."""
    found = list_instances(actor, InstanceFilter())
    assert not isinstance(found, Refusal)
    return found.rows


@pytest.mark.django_db
def test_a_start_keeps_what_it_brought() -> None:
    place = a_place()
    workflow = published(place, a_form())
    due = datetime(2030, 1, 2, tzinfo=UTC)

    outcome = start_instance(
        place.lead,
        workflow.id,
        NewInstance(name=" Acme ", deadline_at=due, priority="V", tags=("b", "a", "b", "")),
    )

    assert isinstance(outcome, Done)
    found = load_instance(place.lead, outcome.instance.id)
    assert found == outcome.instance
    assert (found.row.name, found.row.priority, found.row.tags) == ("Acme", "V", ("b", "a"))
    assert found.row.deadline_at == due
    assert found.active_step_ids == (workflow.steps[0].id,)


@pytest.mark.django_db
def test_a_workflow_that_names_its_instances_takes_no_name() -> None:
    place = a_place()
    workflow = published(
        place, a_form(), has_automatic_names=True, name_template="Case {{=instance.id}}"
    )

    given = start_instance(place.lead, workflow.id, NewInstance(name="Mine"))
    named = start_instance(place.lead, workflow.id, NewInstance())

    assert code_of(given) == "invalid_value"
    assert isinstance(named, Done)
    assert named.instance.row.name == f"Case {named.instance.id}"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "  ", "x" * 256])
def test_a_start_needs_a_name_that_fits(name: str) -> None:
    place = a_place()
    workflow = published(place, a_form())

    outcome = start_instance(place.lead, workflow.id, NewInstance(name=name))

    assert code_of(outcome) == "invalid_value"


@pytest.mark.django_db
def test_another_workspace_sees_nothing() -> None:
    place, other = a_place(), a_place()
    workflow = published(place, a_form())
    instance = started(place, workflow)
    stranger = an_actor(other.workspace, admin=True)
    step_id = workflow.steps[0].id

    assert code_of(load_instance(stranger, instance.id)) == "not_found"
    assert code_of(instance_log(stranger, instance.id)) == "not_found"
    assert code_of(complete_step(stranger, instance.id, step_id, {})) == "not_found"
    assert code_of(stop_instances(stranger, [instance.id])) == "not_found"
    assert code_of(delete_instances(stranger, [instance.id])) == "not_found"
    assert code_of(update_instance(stranger, instance.id, Changes(name="x"))) == "not_found"
    assert code_of(start_instance(stranger, workflow.id, NewInstance(name="x"))) == (
        "workflow_not_found"
    )
    assert children(stranger, instance.id) == ()


@pytest.mark.django_db
@pytest.mark.parametrize("instance_id", [0, -1, 2**63, 10**40])
def test_ids_that_cannot_be_are_not_found(instance_id: int) -> None:
    place = a_place()

    assert code_of(load_instance(place.lead, instance_id)) == "not_found"
    assert code_of(stop_instances(place.lead, [instance_id])) == "not_found"
    assert code_of(start_instance(place.lead, instance_id, NewInstance(name="x"))) == (
        "workflow_not_found"
    )


@pytest.mark.django_db
def test_only_the_assignee_the_lead_or_an_admin_completes() -> None:
    place = a_place()
    ann = an_actor(place.workspace, "Ann")
    team = Principal.objects.create(workspace=place.workspace, kind="team", name="Checkers")
    steps = [a_form(f"form-{one}", assignee="team:Checkers") for one in range(3)]
    workflow = published(place, *steps)
    instance = started(place, workflow)
    first, second, third = (step.id for step in workflow.steps)
    member = type(ann)(
        ann.workspace_id, ann.principal_id, False, "api", ann.principal_ids | {team.pk}
    )

    assert code_of(complete_step(ann, instance.id, first, {})) == "not_permitted"
    assert isinstance(complete_step(member, instance.id, first, {}), Done)
    assert isinstance(complete_step(place.lead, instance.id, second, {}), Done)
    admin = an_actor(place.workspace, "Root", admin=True)
    assert isinstance(complete_step(admin, instance.id, third, {}), Done)


@pytest.mark.django_db
def test_a_private_workflow_shows_its_instances_to_its_people_only() -> None:
    place = a_place()
    ann = an_actor(place.workspace, "Ann")
    assignee = an_actor(place.workspace, "Bob")
    workflow = published(place, a_form(), a_form("two"))
    Workflow.objects.filter(pk=workflow.id).update(is_private=True)
    instance = started(place, workflow)
    run(
        "UPDATE open_step SET assignee_id = %s WHERE instance_id = %s",
        assignee.principal_id or 0,
        instance.id,
    )

    assert code_of(load_instance(ann, instance.id)) == "not_found"
    assert isinstance(load_instance(assignee, instance.id), InstanceDetail)
    complete_step(assignee, instance.id, workflow.steps[0].id, {})
    assert isinstance(load_instance(assignee, instance.id), InstanceDetail)


@pytest.mark.django_db
def test_a_light_user_sees_only_runs_they_take_part_in() -> None:
    place = a_place()
    light = an_actor(place.workspace, "Light", light=True)
    workflow = published(place, a_form(), a_form("two"))
    theirs, other = started(place, workflow), started(place, workflow)
    run(
        "UPDATE open_step SET assignee_id = %s WHERE instance_id = %s",
        light.principal_id or 0,
        theirs.id,
    )

    assert code_of(load_instance(light, other.id)) == "not_found"
    assert [row.id for row in listed(light)] == [theirs.id]
    assert isinstance(complete_step(light, theirs.id, workflow.steps[0].id, {}), Done)
    assert isinstance(load_instance(light, theirs.id), InstanceDetail)
    assert [row.id for row in listed(light)] == [theirs.id]


@pytest.mark.django_db
def test_a_light_user_neither_starts_nor_reads_workflows() -> None:
    place = a_place()
    light = an_actor(place.workspace, "Light", light=True)
    workflow = published(place, a_form())

    outcome = start_instance(light, workflow.id, NewInstance(name="x"))

    assert code_of(outcome) == "workflow_not_found"
    assert list_workflows(light) == []
    assert code_of(published_definition(light, workflow.id)) == "unknown_process"


@pytest.mark.django_db
def test_acting_on_a_private_run_tells_strangers_nothing_of_it() -> None:
    place = a_place()
    ann = an_actor(place.workspace, "Ann")
    workflow = published(place, a_form())
    Workflow.objects.filter(pk=workflow.id).update(is_private=True)
    instance = started(place, workflow)

    for step_id in (workflow.steps[0].id, 999_999):
        assert code_of(complete_step(ann, instance.id, step_id, {})) == "not_found"
        assert code_of(skip_step(ann, instance.id, step_id)) == "not_found"
        assert code_of(restart_step(ann, instance.id, step_id)) == "not_found"


@pytest.mark.django_db
def test_unknown_steps_and_fields_are_named() -> None:
    place = a_place()
    workflow = published(place, a_form())
    instance = started(place, workflow)

    no_step = complete_step(place.lead, instance.id, 999_999, {})
    no_field = complete_step(place.lead, instance.id, workflow.steps[0].id, {999_999: {}})

    assert code_of(no_step) == "unknown_step"
    assert code_of(no_field) == "unknown_action"


@pytest.mark.django_db
def test_step_assignments_decide_who_gets_a_step() -> None:
    place = a_place()
    ann = an_actor(place.workspace, "Ann")
    workflow = published(place, a_form())
    chosen = {workflow.steps[0].id: ann.principal_id or 0}

    outcome = start_instance(
        place.lead, workflow.id, NewInstance(name="x", step_assignments=chosen)
    )

    assert isinstance(outcome, Done)
    assert OpenStep.objects.get(instance_id=outcome.instance.id).assignee_id == ann.principal_id


@pytest.mark.django_db
def test_only_who_may_delegate_gives_a_step_to_somebody_at_the_start() -> None:
    place = a_place()
    ann = an_actor(place.workspace, "Ann")
    workflow = published(place, a_form())
    chosen = {workflow.steps[0].id: ann.principal_id or 0}

    outcome = start_instance(ann, workflow.id, NewInstance(name="x", step_assignments=chosen))

    assert code_of(outcome) == "not_permitted"


@pytest.mark.django_db
def test_a_step_is_assigned_only_to_active_people_of_the_workspace() -> None:
    place = a_place()
    stranger = an_actor(a_place().workspace, "Eve")
    gone = an_actor(place.workspace, "Gone")
    Principal.objects.filter(pk=gone.principal_id or 0).update(deactivated_at=timezone.now())
    workflow = published(place, a_form())

    for principal_id in (stranger.principal_id, gone.principal_id, 0, 2**62):
        chosen = {workflow.steps[0].id: principal_id or 0}
        new = NewInstance(name="x", step_assignments=chosen)
        assert code_of(start_instance(place.lead, workflow.id, new)) == "invalid_value"


@pytest.mark.django_db
def test_a_step_for_customers_or_of_another_workflow_takes_no_assignment() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_form("two", assignee="external"))
    other = published(place, a_form())

    for step in (workflow.steps[1], other.steps[0]):
        chosen = {step.id: place.lead.principal_id or 0}
        new = NewInstance(name="x", step_assignments=chosen)
        assert code_of(start_instance(place.lead, workflow.id, new)) == "invalid_value"


@pytest.mark.django_db
def test_a_failed_call_goes_to_the_tech_lead_and_can_be_restarted_or_skipped() -> None:
    place = a_place()
    tech = an_actor(place.workspace, "Tech")
    workflow = published(place, a_call(url="https://example.org/{{=ask.text}}"), a_form())
    Workflow.objects.filter(pk=workflow.id).update(tech_lead_id=tech.principal_id)
    instance = started(place, workflow)
    call: AnyStep = workflow.steps[0]
    fail(instance, call)

    opened = OpenStep.objects.get(instance_id=instance.id)
    assert (opened.kind, opened.is_failed) == ("person", True)
    assert opened.assignee_id == tech.principal_id
    ann = an_actor(place.workspace, "Ann")
    assert code_of(restart_step(ann, instance.id, call.id)) == "not_permitted"
    assert isinstance(restart_step(tech, instance.id, call.id), Done)
    assert OpenStep.objects.get(instance_id=instance.id).visit == 2
    fail(instance, call, visit=2)
    assert isinstance(skip_step(tech, instance.id, call.id), Done)
    assert OpenStep.objects.get(instance_id=instance.id).step_id == workflow.steps[1].id


@pytest.mark.django_db
def test_stopping_is_all_or_none_and_ended_ones_stay() -> None:
    place = a_place()
    workflow = published(place, a_form())
    first, second = started(place, workflow), started(place, workflow)
    ann = an_actor(place.workspace, "Ann")

    assert code_of(stop_instances(ann, [first.id])) == "not_permitted"
    assert code_of(stop_instances(place.lead, [first.id, 10**9])) == "not_found"
    assert Instance.objects.get(pk=first.id).status == "running"
    assert stop_instances(place.lead, [first.id, second.id]) == (first.id, second.id)
    assert stop_instances(place.lead, [first.id]) == (first.id,)
    row = Instance.objects.get(pk=first.id)
    assert (row.status, row.aborted_at) == ("aborted", row.ended_at)
    assert not OpenStep.objects.filter(instance_id=first.id).exists()


@pytest.mark.django_db
def test_deleting_stops_and_hides() -> None:
    place = a_place()
    workflow = published(place, a_form())
    instance = started(place, workflow)

    assert delete_instances(place.lead, [instance.id]) == (instance.id,)

    assert code_of(load_instance(place.lead, instance.id)) == "not_found"
    assert Instance.objects.get(pk=instance.id).status == "aborted"


@pytest.mark.django_db
def test_an_update_changes_what_it_names() -> None:
    place = a_place()
    workflow = published(place, a_form())
    due = datetime(2030, 1, 2, tzinfo=UTC)
    new = NewInstance(name="Old", deadline_at=due, tags=("a", "b"))
    outcome = start_instance(place.lead, workflow.id, new)
    assert isinstance(outcome, Done)

    changed = update_instance(
        place.lead,
        outcome.instance.id,
        Changes(name="New", clears_deadline=True, priority="H", tags=("b", "c")),
    )

    assert isinstance(changed, Done)
    row = changed.instance.row
    assert (row.name, row.deadline_at, row.priority, row.tags) == ("New", None, "H", ("b", "c"))
    tags = rows("SELECT tag FROM instance_tag WHERE instance_id = %s ORDER BY tag", row.id)
    assert tags == [("b",), ("c",)]
    assert code_of(update_instance(place.lead, row.id, Changes(priority="X"))) == "invalid_value"


@pytest.mark.django_db
def test_new_starts_wait_while_work_is_late() -> None:
    place = a_place()
    workflow = published(place, a_call(), a_form(is_blocking=False))
    instance = started(place, workflow)
    run(
        "UPDATE open_step SET due_at = now() - interval '2 minutes' WHERE instance_id = %s",
        instance.id,
    )
    pressure.forget()

    outcome = start_instance(place.lead, workflow.id, NewInstance(name="x"))

    pressure.forget()
    assert code_of(outcome) == "busy"


@pytest.mark.django_db
def test_an_older_visit_cannot_complete_the_new_round() -> None:
    place = a_place()
    workflow = published(place, a_form())
    instance = started(place, workflow)

    outcome = complete_step(place.lead, instance.id, workflow.steps[0].id, {}, visit=7)

    assert code_of(outcome) == "step_reopened"


def fail(instance: InstanceDetail, step: AnyStep, visit: int = 1) -> None:
    """Let the worker give the call up."""
    worker = Actor(instance.row.workspace_id, None, True, "worker")
    command = FailStep(step.key, visit, "It broke.")
    assert isinstance(change(worker, Wanted(instance.id), lambda _: command), Done)
