"""Beginning a workflow: an empty draft under a key of its own, led by whoever made it."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from waypost.engine.beginnings import new_key
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.json_value import clean_text
from waypost.people.actor import Actor
from waypost.workflows import models
from waypost.workflows.canonical import plain
from waypost.workflows.draft_changes import keep_change
from waypost.workflows.editing import Edited, edit_draft, is_good_key
from waypost.workflows.sight import NO_BUILDER

_NO_NAME = Refusal("no_name", "A workflow needs a name. Enter one.")
_BAD_KEY = Refusal(
    "unusable_key", "A key has letters, digits, - and _ only, 100 at most. Choose another."
)
_TAKEN = Refusal(
    "key_taken", "There is a workflow with this key already. Choose another, or change that one."
)


def new_workflow(actor: Actor, name: str, key: str | None = None) -> Edited | Refusal:
    """An empty draft; without a key it gets one made from its name."""
    if actor.principal_id is None or actor.is_light:
        return NO_BUILDER
    name = clean_text(name).strip()
    if not name:
        return _NO_NAME
    if key is not None and not is_good_key(key):
        return _BAD_KEY
    chosen = key or free_key(actor.workspace_id, name)
    try:
        with transaction.atomic():
            return _created(actor, Workflow(key=chosen, name=name, steps=()))
    except IntegrityError:
        return _TAKEN


def free_key(workspace_id: int, name: str) -> str:
    """A key made from a name that no workflow of the workspace has."""
    rows = models.Workflow.objects.filter(workspace_id=workspace_id, deleted_at=None)
    return new_key(name, set(rows.values_list("key", flat=True)))


@transaction.atomic
def create_workflow(actor: Actor, workflow: Workflow) -> Edited | Refusal:
    """A draft with this definition under its key, whether or not it would run."""
    made = new_workflow(actor, workflow.name, workflow.key)
    if isinstance(made, Refusal):
        return made
    outcome = edit_draft(actor, made.workflow_id, made.revision, "Filled in", lambda _: workflow)
    if isinstance(outcome, Refusal):
        transaction.set_rollback(True)
    return outcome


def _created(actor: Actor, workflow: Workflow) -> Edited:
    row = models.Workflow.objects.create(
        workspace_id=actor.workspace_id,
        key=workflow.key,
        name=workflow.name[:255],
        lead_id=actor.principal_id,
        draft=plain(workflow, has_ids=False),
    )
    keep_change(actor, row, "Created", ())
    return Edited(row.pk, row.draft_revision, workflow, ())
