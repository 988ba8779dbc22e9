"""Duplicating: a copy of its own, here or in another workspace."""

from __future__ import annotations

import pytest

from tests.people.makers import a_colleague, an_admin
from tests.workflows.makers import a_definition, a_workflow, account_of
from waypost.engine.errors import Refusal
from waypost.engine.step_types.http_request import HttpRequest
from waypost.integrations.credentials import NewCredential, create_credential, list_credentials
from waypost.integrations.kinds import Kind
from waypost.people.actions import add_member
from waypost.people.actor import Actor
from waypost.people.models import Member
from waypost.people.queries import administered_elsewhere
from waypost.workflows.actions import Imported, import_workflow
from waypost.workflows.duplicating import Copied, Copy, duplicate_workflow
from waypost.workflows.folders import create_folder
from waypost.workflows.models import Workflow
from waypost.workflows.queries import list_workflows, load_version, read_draft

pytestmark = pytest.mark.django_db

CALL = """
key: call
name: Call
lead: user:owner@acme.example
steps:
  - {key: ask, name: Ask, type: form, assignee: "team:Callers",
     fields: [{key: answer, name: Answer, type: short_text}]}
  - {key: outside, name: Outside, type: form, assignee: external,
     fields: [{key: answer, name: Answer, type: short_text}]}
  - key: send
    name: Send
    type: http_request
    method: POST
    url: https://api.example.org/{{=id call/ask/answer}}/{{=id other}}
    credential: example
"""


def a_call(admin: Actor) -> int:
    create_credential(
        admin.workspace_id,
        NewCredential("example", Kind.BEARER, "s3cret", "", ("https://api.example.org",)),
    )
    a_workflow(admin, "other")
    outcome = import_workflow(admin, a_definition(CALL))
    assert isinstance(outcome, Imported), outcome
    return outcome.workflow_id


def copied(actor: Actor, workflow_id: int, copy: Copy) -> Copied:
    outcome = duplicate_workflow(actor, workflow_id, copy)
    assert isinstance(outcome, Copied), outcome
    return outcome


def an_admin_elsewhere(admin: Actor, slug: str, role: Member.Role = Member.Role.ADMIN) -> Actor:
    """The owner of another workspace, who lets the admin's account in there."""
    owner = an_admin(slug)
    assert not isinstance(add_member(owner, account_of(admin), "Guest", role), Refusal)
    return owner


def test_a_copy_is_a_draft_with_a_key_of_its_own() -> None:
    admin = an_admin()
    workflow = a_call(admin)

    copy = copied(admin, workflow, Copy("Call"))

    made = {one.key: one for one in list_workflows(admin)}["call_2"]
    assert (made.id, made.name, made.is_published) == (copy.workflow_id, "Call", False)
    assert made.lead_id == admin.principal_id


def test_ids_of_its_own_parts_follow_the_key_and_others_stay() -> None:
    admin = an_admin()
    workflow = a_call(admin)

    copy = copied(admin, workflow, Copy("Call again"))
    draft = read_draft(admin, copy.workflow_id)

    assert not isinstance(draft, Refusal)
    send = draft.steps[-1]
    assert isinstance(send, HttpRequest)
    assert send.url == "https://api.example.org/{{=id call_again/ask/answer}}/{{=id other}}"


def test_a_published_copy_has_new_ids() -> None:
    admin = an_admin()
    workflow = a_call(admin)
    copy = copied(admin, workflow, Copy("Call again"))
    draft = read_draft(admin, copy.workflow_id)
    assert not isinstance(draft, Refusal)

    outcome = import_workflow(admin, draft)

    assert isinstance(outcome, Imported), outcome
    version = Workflow.objects.get(pk=workflow).published_version_id
    old, new = load_version(version or 0), load_version(outcome.version_id or 0)
    assert not {step.id for step in old.steps} & {step.id for step in new.steps}


@pytest.mark.parametrize(
    ("clears", "assignees"),
    [
        (False, ["team:Callers", "external", "workflow_lead"]),
        (True, ["workflow_lead", "external", "workflow_lead"]),
    ],
)
def test_assignees_stay_unless_they_are_to_be_cleared(clears: bool, assignees: list[str]) -> None:
    admin = an_admin()
    workflow = a_call(admin)

    copy = copied(admin, workflow, Copy("Call again", clears_assignees=clears))
    draft = read_draft(admin, copy.workflow_id)

    assert not isinstance(draft, Refusal)
    assert [step.assignee for step in draft.steps] == assignees


def test_a_copy_goes_to_another_workspace_without_its_credentials() -> None:
    admin = an_admin()
    owner = an_admin_elsewhere(admin, "branch")
    workflow = a_call(admin)
    folder = create_folder(owner, "From Acme")
    assert isinstance(folder, int)

    copy = copied(admin, workflow, Copy("Call", folder, owner.workspace_id))

    made = {one.key: one for one in list_workflows(owner)}["call"]
    assert (made.id, made.folder_id) == (copy.workflow_id, folder)
    assert {"missing_credential", "unknown_id"} <= {one.code for one in copy.findings}
    assert list_credentials(owner.workspace_id) == []
    assert "call" in {one.key for one in list_workflows(admin)}


@pytest.mark.parametrize("role", [Member.Role.COLLEAGUE, Member.Role.LIGHT])
def test_only_workspaces_that_one_administers_are_offered(role: Member.Role) -> None:
    admin = an_admin()
    owner = an_admin_elsewhere(admin, "branch", role)
    workflow = a_call(admin)

    outcome = duplicate_workflow(admin, workflow, Copy("Call", workspace_id=owner.workspace_id))

    assert administered_elsewhere(admin) == []
    assert isinstance(outcome, Refusal)
    assert outcome.code == "unknown_workspace"
    assert list_workflows(owner) == []


def test_a_stranger_duplicates_nothing() -> None:
    admin = an_admin()
    workflow = a_call(admin)

    outcome = duplicate_workflow(a_colleague(admin), workflow, Copy("Mine"))

    assert isinstance(outcome, Refusal)
    assert outcome.code == "not_permitted"


def test_a_copy_of_a_private_workflow_is_private() -> None:
    admin = an_admin()
    workflow = a_call(admin)
    Workflow.objects.filter(pk=workflow).update(is_private=True, are_instances_private=True)

    copy = copied(admin, workflow, Copy("Secret"))

    row = Workflow.objects.get(pk=copy.workflow_id)
    assert (row.is_private, row.are_instances_private) == (True, True)


@pytest.mark.parametrize("name", ["", " ", "x" * 256])
def test_a_copy_needs_a_name(name: str) -> None:
    admin = an_admin()

    outcome = duplicate_workflow(admin, a_call(admin), Copy(name))

    assert isinstance(outcome, Refusal)
    assert outcome.code == "invalid_value"
