"""What a workflow's folder, visibility, archive and end mean for its instances."""

from __future__ import annotations

import pytest

from tests.instances.makers import Place, a_form, a_place, an_actor, published, started
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.instances.actions import (
    Done,
    NewInstance,
    complete_step,
    start_instance,
    stop_instances,
)
from waypost.instances.deleting import delete_workflow, run_counts
from waypost.instances.listing import InstanceFilter, Listing, list_instances
from waypost.instances.queries import load_instance
from waypost.people.actor import Actor
from waypost.workflows.archiving import archive_workflow
from waypost.workflows.folders import create_folder, move_workflow, share_folder
from waypost.workflows.models import Workflow as Row
from waypost.workflows.queries import list_workflows
from waypost.workflows.standing import Visibility, set_visibility

pytestmark = pytest.mark.django_db


def names(actor: Actor) -> list[str]:
    listing = list_instances(actor, InstanceFilter())
    assert isinstance(listing, Listing)
    return [row.name for row in listing.rows]


def code_of(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def in_private_folder(place: Place, workflow: Workflow, *invited: Actor) -> None:
    """Put it into a folder that only the lead and the invited may open."""
    folder = create_folder(place.lead, "Closed")
    assert isinstance(folder, int)
    move_workflow(place.lead, workflow.id, folder)
    people = [one.principal_id or 0 for one in (place.lead, *invited)]
    assert share_folder(place.lead, folder, True, people) is None


def test_instances_of_a_workflow_in_a_private_folder_are_seen_by_who_may_open_it() -> None:
    place = a_place()
    invited, stranger = an_actor(place.workspace, "Invited"), an_actor(place.workspace)
    workflow = published(place, a_form())
    instance = started(place, workflow, "Case")

    in_private_folder(place, workflow, invited)

    assert names(invited) == names(place.lead) == ["Case"]
    assert names(stranger) == []
    assert not isinstance(load_instance(invited, instance.id), Refusal)
    assert isinstance(load_instance(stranger, instance.id), Refusal)


def test_private_instances_are_not_opened_by_the_folder() -> None:
    place = a_place()
    invited = an_actor(place.workspace, "Invited")
    workflow = published(place, a_form())
    instance = started(place, workflow, "Case")
    in_private_folder(place, workflow, invited)

    set_visibility(place.lead, workflow.id, Visibility(are_instances_private=True))

    assert names(invited) == []
    assert isinstance(load_instance(invited, instance.id), Refusal)
    assert names(place.lead) == ["Case"]


def test_instances_are_private_while_their_workflow_is_public() -> None:
    place = a_place()
    colleague = an_actor(place.workspace)
    workflow = published(place, a_form())
    started(place, workflow, "Case")

    set_visibility(place.lead, workflow.id, Visibility(are_instances_private=True))

    assert [one.id for one in list_workflows(colleague)] == [workflow.id]
    assert names(colleague) == []
    outcome = start_instance(colleague, workflow.id, NewInstance(name="Own"))
    assert isinstance(outcome, Done)
    assert names(colleague) == ["Own"]


def test_who_may_not_open_the_folder_does_not_start_what_is_in_it() -> None:
    place = a_place()
    invited, stranger = an_actor(place.workspace, "Invited"), an_actor(place.workspace)
    workflow = published(place, a_form())
    in_private_folder(place, workflow, invited)

    refused = start_instance(stranger, workflow.id, NewInstance(name="Case"))

    assert code_of(refused) == "workflow_not_found"
    assert isinstance(start_instance(invited, workflow.id, NewInstance(name="Case")), Done)


def test_who_has_a_step_sees_its_workflow_but_not_the_others_of_the_folder() -> None:
    place = a_place()
    involved = an_actor(place.workspace)
    theirs, other = published(place, a_form()), published(place, a_form())
    in_private_folder(place, theirs)
    move_workflow(place.lead, other.id, Row.objects.get(pk=theirs.id).folder_id)
    chosen = {theirs.steps[0].id: involved.principal_id or 0}

    start_instance(place.lead, theirs.id, NewInstance(name="Case", step_assignments=chosen))

    assert [one.id for one in list_workflows(involved)] == [theirs.id]
    assert names(involved) == ["Case"]


def test_an_archived_workflow_starts_no_more_while_what_runs_goes_on() -> None:
    place = a_place()
    workflow = published(place, a_form())
    instance = started(place, workflow)

    archive_workflow(place.lead, workflow.id)

    refused = start_instance(place.lead, workflow.id, NewInstance(name="Late"))
    assert code_of(refused) == "workflow_archived"
    outcome = complete_step(place.lead, instance.id, workflow.steps[0].id, {})
    assert isinstance(outcome, Done)
    assert outcome.instance.row.status == "completed"


def test_a_workflow_is_deleted_once_nothing_of_it_runs() -> None:
    place = a_place()
    workflow = published(place, a_form())
    instance = started(place, workflow, "Case")

    refused = delete_workflow(place.lead, workflow.id)
    stop_instances(place.lead, [instance.id])

    assert code_of(refused) == "workflow_running"
    assert run_counts(place.lead, workflow.id).ended == 1
    assert delete_workflow(place.lead, workflow.id) is None
    assert list_workflows(place.lead, with_archived=True) == []
    assert names(place.lead) == ["Case"]


def test_a_deleted_workflow_frees_its_key() -> None:
    place = a_place()
    workflow = published(place, a_form())

    delete_workflow(place.lead, workflow.id)

    Row.objects.create(workspace=place.workspace, key=workflow.key, name="Again")


def test_only_who_leads_a_workflow_deletes_it() -> None:
    place = a_place()
    workflow = published(place, a_form())

    assert code_of(delete_workflow(an_actor(place.workspace), workflow.id)) == "not_permitted"
