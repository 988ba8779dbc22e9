"""Ids as they stand in definitions: which path has which, filled in where they belong."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import structs

from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.routing import Routing
from waypost.engine.references import resolve_ids
from waypost.engine.step_types import AnyStep
from waypost.engine.texts import change_texts


@dataclass(frozen=True, slots=True)
class Identities:
    """Ids by path: `workflow`, `workflow/step`, `workflow/step/field`."""

    by_path: dict[str, int]

    def of(self, *keys: str) -> int:
        """The id of a workflow, step or field that is known to have one."""
        return self.by_path["/".join(keys)]


def with_ids(workflow: Workflow, known: Identities) -> Workflow:
    """The definition that a version freezes: its own ids filled in, literal ids as numbers."""
    resolved = change_texts(workflow, lambda text: resolve_ids(text, known.by_path.get))
    steps = tuple(_step_with_ids(workflow.key, step, known) for step in resolved.steps)
    return structs.replace(resolved, id=known.of(workflow.key), steps=steps)


def without_ids(workflow: Workflow) -> Workflow:
    """The workflow as drafts hold it."""
    return with_known_ids(workflow, Identities({}))


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
