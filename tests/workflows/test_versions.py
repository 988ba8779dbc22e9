"""Versions: publishing with warnings, what they say, restoring."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace

from tests.people.makers import a_colleague, an_admin
from tests.workflows.drafting import TEXT, a_draft, done, names_in, opened, renamed
from waypost.engine.edits import remove_step
from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.workflows.actions import Imported, Rejected, publish_workflow
from waypost.workflows.editing import edit_draft
from waypost.workflows.models import Workflow as Row
from waypost.workflows.models import WorkflowEditor
from waypost.workflows.undoing import undo
from waypost.workflows.versions import Version, list_versions, restore_version, version

pytestmark = pytest.mark.django_db

WARNING = "missing_credential:send"


def published(actor: Actor, workflow_id: int) -> Imported:
    outcome = publish_workflow(actor, workflow_id)
    assert isinstance(outcome, Imported), outcome
    return outcome


def with_warning(admin: Actor) -> int:
    """A draft with a warning."""
    return a_draft(
        admin,
        TEXT.replace(
            'url: "https://api.example/send"',
            'url: "https://api.example/send", credential: nowhere',
        ),
    )


def test_versions_are_listed_with_who_and_which_is_current() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    published(admin, workflow_id)
    renamed(admin, workflow_id, "ask", "Question")
    published(admin, workflow_id)

    with CaptureQueriesContext(connection) as asked:
        versions = list_versions(admin, workflow_id)

    assert not isinstance(versions, Refusal)
    seen = [(one.number, one.is_current, one.published_by) for one in versions]
    assert seen == [(2, True, "Olivia Owner"), (1, False, "Olivia Owner")]
    assert len(asked) == 2


def test_a_version_keeps_what_it_froze() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    published(admin, workflow_id)
    renamed(admin, workflow_id, "ask", "Question")

    found = version(admin, workflow_id, 1)

    assert isinstance(found, Version)
    assert found.workflow.steps[0].name == "Ask"
    assert version(admin, workflow_id, 2) == Refusal(
        "unknown_version",
        "This workflow has no such version. Look at its versions for their numbers.",
    )


def test_restoring_is_a_change_that_keeps_ids_and_can_be_undone() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    published(admin, workflow_id)
    ids = [step.id for step in opened(admin, workflow_id).workflow.steps]
    edit_draft(admin, workflow_id, 1, "Removed", lambda one: remove_step(one, "ask"))
    published(admin, workflow_id)

    restored = done(restore_version(admin, workflow_id, 1))
    draft = opened(admin, workflow_id)
    done(undo(admin, workflow_id))

    assert [step.id for step in restored.workflow.steps] == ids
    assert draft.published_number == 2
    assert draft.undoable.undo == "Restored version 1"
    assert names_in(admin, workflow_id) == ["Send"]


def test_a_restored_version_names_other_workflows_by_key_again() -> None:
    admin = an_admin()
    text = TEXT.replace("api.example/send", "api.example/{{=id ask}}")
    workflow_id = a_draft(admin, text)
    published(admin, workflow_id)
    renamed(admin, workflow_id, "ask", "Question")

    restored = done(restore_version(admin, workflow_id, 1))

    assert "{{=id ask}}" in str(restored.workflow)


def test_warnings_ask_before_publishing_and_the_draft_notes_the_answer() -> None:
    admin = an_admin()
    workflow_id = with_warning(admin)

    asking = publish_workflow(admin, workflow_id)
    answered = publish_workflow(admin, workflow_id, acknowledged=[WARNING])

    assert isinstance(asking, Rejected)
    assert [one.acknowledgement for one in asking.findings["ask"]] == [WARNING]
    assert isinstance(answered, Imported)
    assert opened(admin, workflow_id).workflow.acknowledged == (WARNING,)
    assert isinstance(publish_workflow(admin, workflow_id), Imported)


def test_errors_cannot_be_acknowledged() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    edit_draft(admin, workflow_id, 1, "Emptied", lambda one: replace(one, steps=()))

    outcome = publish_workflow(admin, workflow_id, acknowledged=["no_steps"])

    assert isinstance(outcome, Rejected)
    assert [one.code for one in outcome.findings["ask"]] == ["no_steps"]


def test_only_the_revision_that_was_looked_at_is_published() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    renamed(admin, workflow_id, "ask", "Question")

    outcome = publish_workflow(admin, workflow_id, revision=1)

    assert isinstance(outcome, Refusal)
    assert outcome.code == "draft_conflict"
    assert isinstance(publish_workflow(admin, workflow_id, revision=2), Imported)


def test_only_admins_say_in_a_draft_who_leads() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    editor = a_colleague(admin)
    row = Row.objects.get(pk=workflow_id)
    WorkflowEditor.objects.create(
        workspace_id=row.workspace_id, workflow=row, principal_id=editor.principal_id or 0
    )

    def name_themselves(actor: Actor) -> object:
        change = edit_draft(
            actor,
            workflow_id,
            1,
            "Lead",
            lambda one: replace(one, lead="user:colleague@acme.example"),
        )
        return change.code if isinstance(change, Refusal) else change.revision

    assert name_themselves(editor) == "not_permitted"
    assert name_themselves(admin) == 2


def test_versions_of_another_workspace_are_unknown() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    published(admin, workflow_id)
    stranger = an_admin("two")

    for outcome in (
        list_versions(stranger, workflow_id),
        version(stranger, workflow_id, 1),
        restore_version(stranger, workflow_id, 1),
        publish_workflow(stranger, workflow_id),
    ):
        assert isinstance(outcome, Refusal)
        assert outcome.code == "unknown_process"


def test_who_may_only_look_restores_nothing() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    published(admin, workflow_id)

    outcome = restore_version(a_colleague(admin), workflow_id, 1)

    assert isinstance(outcome, Refusal)
    assert outcome.code == "not_permitted"
