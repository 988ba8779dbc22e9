"""Folders: who sees what is in them, and who may change them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.people.makers import a_colleague, an_admin
from tests.workflows.makers import a_workflow, seen_afresh
from waypost.engine.errors import Refusal
from waypost.people.actions import add_to_team, change_role, ensure_team
from waypost.people.actor import Actor
from waypost.people.models import Member
from waypost.workflows.folders import (
    create_folder,
    delete_folder,
    find_folder,
    list_folders,
    move_workflow,
    rename_folder,
    share_folder,
)
from waypost.workflows.models import Workflow
from waypost.workflows.queries import find_workflow, list_workflows
from waypost.workspace.models import AuditEntry

pytestmark = pytest.mark.django_db


def a_folder(actor: Actor, name: str = "Sales", is_private: bool = False) -> int:
    made = create_folder(actor, name, is_private)
    assert isinstance(made, int), made
    return made


def code_of(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def seen(actor: Actor) -> list[str]:
    return [one.key for one in list_workflows(actor)]


def test_a_workflow_is_put_into_a_folder_and_out_again() -> None:
    admin = an_admin()
    folder, workflow = a_folder(admin), a_workflow(admin)

    assert move_workflow(admin, workflow, folder) is None
    inside = [one.folder_id for one in list_workflows(admin)]
    assert move_workflow(admin, workflow, None) is None

    assert inside == [folder]
    assert [one.folder_id for one in list_workflows(admin)] == [None]


def test_a_public_workflow_in_a_private_folder_is_seen_by_those_who_may_open_it() -> None:
    admin = an_admin()
    invited = a_colleague(admin, "invited@acme.example")
    stranger = a_colleague(admin, "stranger@acme.example")
    folder, workflow = a_folder(admin), a_workflow(admin)
    move_workflow(admin, workflow, folder)

    assert share_folder(admin, folder, True, [invited.principal_id or 0]) is None

    assert seen(admin) == seen(invited) == ["ask"]
    assert seen(stranger) == []
    assert find_workflow(stranger, workflow) is None
    assert [one.name for one in list_folders(invited)] == ["Sales"]
    assert list_folders(stranger) == []


def test_a_team_opens_a_folder_for_its_members() -> None:
    admin = an_admin()
    colleague = a_colleague(admin)
    team = ensure_team(admin, "Sales team")
    add_to_team(admin, team.pk, colleague.principal_id or 0)
    in_team = seen_afresh(colleague)
    folder, workflow = a_folder(admin), a_workflow(admin)
    move_workflow(admin, workflow, folder)

    share_folder(admin, folder, True, [team.pk])

    assert seen(in_team) == ["ask"]


def test_a_lead_keeps_sight_of_a_workflow_in_a_folder_closed_to_them() -> None:
    admin = an_admin()
    lead = a_colleague(admin)
    led, other = a_workflow(lead, "led"), a_workflow(admin, "other")
    folder = a_folder(admin)
    for workflow in (led, other):
        move_workflow(admin, workflow, folder)

    share_folder(admin, folder, True, [])

    assert seen(lead) == ["led"]
    assert [(one.name, one.is_open) for one in list_folders(lead)] == [("Sales", False)]


def test_what_leaves_a_private_folder_is_seen_again() -> None:
    admin = an_admin()
    colleague = a_colleague(admin)
    folder, workflow = a_folder(admin, is_private=True), a_workflow(admin)
    move_workflow(admin, workflow, folder)
    hidden = seen(colleague)

    share_folder(admin, folder, False, [])
    opened = seen(colleague)
    share_folder(admin, folder, True, [])
    move_workflow(admin, workflow, None)

    assert (hidden, opened, seen(colleague)) == ([], ["ask"], ["ask"])


def test_the_database_keeps_what_a_workflow_says_of_its_folder() -> None:
    admin = an_admin()
    folder, workflow = a_folder(admin, is_private=True), a_workflow(admin)

    with pytest.raises(IntegrityError), transaction.atomic():
        Workflow.objects.filter(pk=workflow).update(folder_id=folder, is_in_private_folder=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Workflow.objects.filter(pk=workflow).update(folder_id=None, is_in_private_folder=True)


def test_nobody_moves_a_workflow_into_a_folder_closed_to_them() -> None:
    admin = an_admin()
    lead = a_colleague(admin)
    workflow, folder = a_workflow(lead), a_folder(admin, is_private=True)

    assert code_of(move_workflow(lead, workflow, folder)) == "unknown_folder"


def test_a_folder_is_changed_by_who_may_change_all_in_it() -> None:
    admin = an_admin()
    lead = a_colleague(admin)
    folder = a_folder(lead)
    move_workflow(lead, a_workflow(lead, "mine"), folder)
    mine = rename_folder(lead, folder, "Mine")
    move_workflow(admin, a_workflow(admin, "theirs"), folder)

    refused = rename_folder(lead, folder, "Still mine")

    assert mine is None
    assert code_of(refused) == "not_permitted"
    assert code_of(share_folder(lead, folder, True, [])) == "not_permitted"


def test_who_closes_a_folder_is_not_shut_out() -> None:
    admin = an_admin()
    lead = a_colleague(admin)
    folder = a_folder(lead)

    share_folder(lead, folder, True, [admin.principal_id or 0])

    found = find_folder(lead, folder)
    assert found is not None
    assert found.principal_ids == {admin.principal_id, lead.principal_id}


def test_only_an_empty_folder_is_deleted() -> None:
    admin = an_admin()
    folder, workflow = a_folder(admin), a_workflow(admin)
    move_workflow(admin, workflow, folder)

    refused = delete_folder(admin, folder)
    move_workflow(admin, workflow, None)

    assert code_of(refused) == "folder_not_empty"
    assert delete_folder(admin, folder) is None
    assert list_folders(admin) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 256, "Sales"])
def test_a_folder_needs_a_name_of_its_own(name: str) -> None:
    admin = an_admin()
    a_folder(admin, "Sales")

    assert code_of(create_folder(admin, name)) in ("invalid_value", "duplicate_folder")


def test_light_users_keep_no_folders() -> None:
    admin = an_admin()
    colleague = a_colleague(admin)
    change_role(admin, colleague.principal_id or 0, Member.Role.LIGHT)
    light = seen_afresh(colleague)

    assert code_of(create_folder(light, "Mine")) == "not_permitted"


def test_another_workspace_s_folders_are_out_of_reach() -> None:
    ours, theirs = an_admin(), an_admin("other")
    folder, workflow = a_folder(theirs), a_workflow(ours)

    assert list_folders(ours) == []
    assert find_folder(ours, folder) is None
    assert code_of(move_workflow(ours, workflow, folder)) == "unknown_folder"
    assert code_of(delete_folder(ours, folder)) == "unknown_folder"


def test_every_change_is_on_record() -> None:
    admin = an_admin()
    folder, workflow = a_folder(admin), a_workflow(admin)
    move_workflow(admin, workflow, folder)
    rename_folder(admin, folder, "Trade")
    share_folder(admin, folder, True, [admin.principal_id or 0])
    move_workflow(admin, workflow, None)
    delete_folder(admin, folder)

    acts = list(AuditEntry.objects.order_by("seq").values_list("act", flat=True))

    expected = ["folder_created", "workflow_moved", "folder_renamed", "folder_shared"]
    assert [act for act in acts if act.startswith("folder") or act == "workflow_moved"] == [
        *expected,
        "workflow_moved",
        "folder_deleted",
    ]


def test_lists_take_one_query_however_long() -> None:
    admin = an_admin()
    colleague = a_colleague(admin)
    for number in range(5):
        workflow = a_workflow(admin, f"flow-{number}")
        move_workflow(admin, workflow, a_folder(admin, f"Folder {number}", number % 2 == 0))

    with CaptureQueriesContext(connection) as folders:
        found = list_folders(colleague)
    with CaptureQueriesContext(connection) as workflows:
        listed = seen(colleague)

    assert (len(found), len(listed)) == (2, 2)
    assert (len(folders), len(workflows)) == (1, 1)
