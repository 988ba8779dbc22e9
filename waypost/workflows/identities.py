"""The ids of workflows, steps and fields: allotted once for each key, kept for ever."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec import structs

from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.routing import Routing
from waypost.engine.references import resolve_ids
from waypost.engine.step_types import AnyStep
from waypost.engine.texts import change_texts
from waypost.workflows import models


@dataclass(frozen=True, slots=True)
class Identities:
    """Ids by path: `workflow`, `workflow/step`, `workflow/step/field`."""

    by_path: dict[str, int]

    def of(self, *keys: str) -> int:
        """The id of a workflow, step or field that is known to have one."""
        return self.by_path["/".join(keys)]


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


def with_ids(workflow: Workflow, known: Identities) -> Workflow:
    """The definition that a version freezes: its own ids filled in, literal ids as numbers."""
    resolved = change_texts(workflow, lambda text: resolve_ids(text, known.by_path.get))
    steps = tuple(_step_with_ids(workflow.key, step, known) for step in resolved.steps)
    return structs.replace(resolved, id=known.of(workflow.key), steps=steps)


def with_known_ids(workflow: Workflow, known: Identities) -> Workflow:
    """The workflow with the ids that it and its parts have already; old references name them so."""
    steps = tuple(_step_with_known_ids(workflow.key, step, known) for step in workflow.steps)
    return structs.replace(workflow, id=known.by_path.get(workflow.key, 0), steps=steps)


def _step_with_known_ids(key: str, step: AnyStep, known: Identities) -> AnyStep:
    path = f"{key}/{step.key}"
    fields = tuple(
        structs.replace(field, id=known.by_path.get(f"{path}/{field.key}", 0))
        for field in step.fields
    )
    return structs.replace(step, id=known.by_path.get(path, 0), fields=fields)


def _step_with_ids(key: str, step: AnyStep, known: Identities) -> AnyStep:
    fields = tuple(_field_with_ids(key, step.key, field, known) for field in step.fields)
    return structs.replace(step, id=known.of(key, step.key), fields=fields)


def _field_with_ids(key: str, step: str, field: AnyField, known: Identities) -> AnyField:
    if isinstance(field, Routing):
        buttons = tuple(
            structs.replace(one, target_id=known.of(key, one.target)) if one.target else one
            for one in field.buttons
        )
        field = structs.replace(field, buttons=buttons)
    return structs.replace(field, id=known.of(key, step, field.key))
