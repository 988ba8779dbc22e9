"""The end of a workflow: set aside in the archive, brought back, or removed for good."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.workflows.models import Workflow
from waypost.workflows.sight import led
from waypost.workspace.audit import Subject, record


def archive_workflow(actor: Actor, workflow_id: int) -> Refusal | None:
    """Take a workflow out of use: no new instances, those that run go on; twice is as once."""
    row = led(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    if row.archived_at is None:
        with transaction.atomic():
            Workflow.objects.filter(pk=row.pk).update(archived_at=timezone.now())
            record(actor, "workflow_archived", Subject("workflow", row.pk, {"key": row.key}))
    return None


def unarchive_workflow(actor: Actor, workflow_id: int) -> Refusal | None:
    """Bring a workflow back into use."""
    row = led(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    if row.archived_at is not None:
        with transaction.atomic():
            Workflow.objects.filter(pk=row.pk).update(archived_at=None)
            record(actor, "workflow_unarchived", Subject("workflow", row.pk, {"key": row.key}))
    return None


def remove_workflow(actor: Actor, workflow_id: int) -> None:
    """Mark a workflow as deleted, which frees its key; whether it may go is decided before.

    Its row, versions and ids stay: finished instances are read with them.
    """
    with transaction.atomic():
        row = Workflow.objects.select_for_update().get(
            workspace_id=actor.workspace_id, pk=workflow_id
        )
        Workflow.objects.filter(pk=row.pk).update(deleted_at=timezone.now())
        record(actor, "workflow_deleted", Subject("workflow", row.pk, {"key": row.key}))
