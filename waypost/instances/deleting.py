"""Deleting a workflow: its runs decide whether it may go."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from waypost.engine.errors import Refusal
from waypost.instances.models import Instance
from waypost.people.actor import Actor
from waypost.workflows.archiving import remove_workflow
from waypost.workflows.sight import led


@dataclass(frozen=True, slots=True)
class RunCounts:
    """How many instances of a workflow run now, and how many have ended."""

    running: int
    ended: int


def run_counts(actor: Actor, workflow_id: int) -> RunCounts:
    """The instances of a workflow, private ones too: numbers only."""
    rows = Instance.objects.filter(
        workspace_id=actor.workspace_id, workflow_id=workflow_id, deleted_at=None
    )
    running = rows.filter(status=Instance.Status.RUNNING).count()
    return RunCounts(running, rows.count() - running)


@transaction.atomic
def delete_workflow(actor: Actor, workflow_id: int) -> Refusal | None:
    """Delete a workflow of which nothing runs; what has run stays readable."""
    row = led(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    running = run_counts(actor, workflow_id).running
    if running:
        return Refusal(
            "workflow_running",
            f"{running} instance{' is' if running == 1 else 's are'} still running. "
            "Stop them first, or archive the workflow: then nothing new starts.",
        )
    remove_workflow(actor, workflow_id)
    return None
