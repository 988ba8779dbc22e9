"""A secret stored for the workspace and chosen in a step at once: both, or neither."""

from __future__ import annotations

from django.db import transaction
from msgspec.structs import replace

from waypost.engine.definition import Workflow
from waypost.engine.edits import UNKNOWN_STEP, replace_step
from waypost.engine.errors import Refusal
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest
from waypost.integrations.credentials import NewCredential, create_credential
from waypost.people.actor import Actor
from waypost.workflows.editing import Edited, edit_draft
from waypost.workspace.audit import Subject, record

_ONLY_ADMINS = Refusal("not_permitted", "Only an admin stores credentials. Ask one of them.")


@transaction.atomic
def store_and_choose(
    actor: Actor, workflow_id: int, revision: int, chosen: AnyStep, new: NewCredential
) -> Edited | Refusal:
    """Keep the secret, and name it in the step as a builder saw it at this revision."""
    if not actor.is_admin:
        return _ONLY_ADMINS
    stored = create_credential(actor.workspace_id, new)
    if isinstance(stored, Refusal):
        return stored
    record(actor, "credential_stored", Subject("credential", None, {"name": new.name}))

    def choose(workflow: Workflow) -> Workflow | Refusal:
        step = workflow.step_by_key.get(chosen.key)
        if not isinstance(step, HttpRequest):
            return UNKNOWN_STEP
        return replace_step(workflow, chosen.key, replace(step, credential=new.name))

    label = f"Chose the credential {new.name} in {chosen.name}"
    outcome = edit_draft(actor, workflow_id, revision, label, choose)
    if isinstance(outcome, Refusal):
        transaction.set_rollback(True)
    return outcome
