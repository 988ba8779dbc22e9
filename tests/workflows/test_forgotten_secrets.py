"""A secret that stood in a draft before it was known as one is not kept in its changes."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from tests.people.makers import an_admin
from tests.workflows.drafting import a_draft, done, names_in, opened, renamed
from waypost.engine.definition import Workflow
from waypost.engine.edits import replace_step
from waypost.engine.errors import Refusal
from waypost.engine.step_types.http_request import Header, HttpRequest
from waypost.integrations.credentials import list_credentials
from waypost.people.actor import Actor
from waypost.workflows.draft_changes import draft_at
from waypost.workflows.editing import Edit, Edited, edit_draft
from waypost.workflows.models import DraftChange
from waypost.workflows.models import Workflow as Row
from waypost.workflows.undoing import undo

pytestmark = pytest.mark.django_db

SECRET = "SG.quite-secret"


def with_headers(*headers: Header, body: str = "") -> Edit:
    def change(workflow: Workflow) -> Workflow | Refusal:
        step = workflow.step_by_key["send"]
        assert isinstance(step, HttpRequest)
        return replace_step(workflow, "send", replace(step, headers=headers, body=body))

    return change


def edited(actor: Actor, workflow_id: int, change: Edit) -> Edited:
    revision = opened(actor, workflow_id).revision
    return done(edit_draft(actor, workflow_id, revision, "Changed Send", change))


def kept() -> str:
    return json.dumps([*DraftChange.objects.values_list("changes", flat=True)])


@pytest.mark.parametrize("value", [SECRET, f"Bearer {SECRET}", "Basic dXNlcjpwYXNzd29yZA=="])
def test_what_became_a_credential_is_hidden_in_earlier_changes(value: str) -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    edited(admin, workflow_id, with_headers(Header(name="X-Mine", value=value)))
    assert value in kept()

    edited(admin, workflow_id, with_headers(Header(name="Authorization", value=value)))

    assert value.rpartition(" ")[2] not in kept()
    assert len(list_credentials(admin.workspace_id)) == 1


def test_earlier_drafts_can_still_be_read_and_changes_undone() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    edited(admin, workflow_id, with_headers(Header(name="X-Mine", value=SECRET)))
    renamed(admin, workflow_id, "ask", "Ask first")

    edited(admin, workflow_id, with_headers(Header(name="X-Token", value=SECRET)))

    row = Row.objects.get(pk=workflow_id)
    earlier = [draft_at(row, revision) for revision in range(1, row.draft_revision + 1)]
    assert all(isinstance(one, Workflow) for one in earlier)
    assert SECRET not in str(earlier)
    done(undo(admin, workflow_id))
    done(undo(admin, workflow_id))
    assert names_in(admin, workflow_id) == ["Ask", "Send"]


def test_what_still_stands_elsewhere_in_the_draft_stays_readable_in_its_changes() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    edited(admin, workflow_id, with_headers(Header(name="X-Mine", value=SECRET), body=SECRET))

    edited(admin, workflow_id, with_headers(Header(name="X-Token", value=SECRET), body=SECRET))

    row = Row.objects.get(pk=workflow_id)
    assert isinstance(draft_at(row, 1), Workflow)
