"""The ids of workflows, steps and fields: allotted once for each key, kept for ever."""

from __future__ import annotations

from collections.abc import Iterable

from waypost.engine.definition import Workflow
from waypost.workflows import models
from waypost.workflows.ids import Identities


def allot(row: models.Workflow, workflow: Workflow) -> None:
    """Give an id to every step and field that has none yet; one that was removed keeps its own."""
    models.StepIdentity.objects.bulk_create(
        [
            models.StepIdentity(workspace_id=row.workspace_id, workflow=row, key=step.key)
            for step in workflow.steps
        ],
        ignore_conflicts=True,
    )
    steps = models.StepIdentity.objects.filter(workflow=row)
    step_ids = dict(steps.values_list("key", "pk"))
    models.FieldIdentity.objects.bulk_create(
        [
            models.FieldIdentity(
                workspace_id=row.workspace_id,
                workflow=row,
                step_id=step_ids[step.key],
                key=field.key,
            )
            for step in workflow.steps
            for field in step.fields
        ],
        ignore_conflicts=True,
    )


def identities_of(workspace_id: int, keys: Iterable[str]) -> Identities:
    """Every id under these workflow keys."""
    rows = models.Workflow.objects.filter(
        workspace_id=workspace_id, key__in=set(keys), deleted_at=None
    )
    found = dict(rows.values_list("key", "pk"))
    workflow_ids = [*found.values()]
    steps = models.StepIdentity.objects.filter(workflow_id__in=workflow_ids)
    for key, step, pk in steps.values_list("workflow__key", "key", "pk"):
        found[f"{key}/{step}"] = pk
    fields = models.FieldIdentity.objects.filter(workflow_id__in=workflow_ids)
    for key, step, name, pk in fields.values_list("workflow__key", "step__key", "key", "pk"):
        found[f"{key}/{step}/{name}"] = pk
    return Identities(found)
