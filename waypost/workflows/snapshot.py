"""Workflows in the words of the wire: steps and fields with their ids (Next Matter, Instance
object).
"""

from __future__ import annotations

import msgspec

from waypost.engine.definition import Workflow
from waypost.engine.field import Field
from waypost.engine.json_value import JSON
from waypost.engine.step_types import AnyStep

#: What a field says elsewhere on the wire, or what the old product did not show.
_NOT_SETTINGS = ("id", "key", "name", "type", "condition")


def process_object(workflow_id: int, workflow: Workflow) -> dict[str, JSON]:
    """A workflow with the ids of its steps and fields."""
    return {"id": workflow_id, "name": workflow.name, "steps": [*map(step_object, workflow.steps)]}


def step_object(step: AnyStep) -> dict[str, JSON]:
    """A step without values."""
    actions: list[JSON] = [action_object(field) for field in step.fields]
    return {"id": step.id, "name": step.name, "type": type_name(step), "actions": actions}


def action_object(field: Field) -> dict[str, JSON]:
    """A field without its value."""
    return {
        "id": field.id,
        "name": field.name,
        "type": type_name(field),
        "settings": settings_of(field),
    }


def settings_of(field: Field) -> dict[str, JSON]:
    """A field's own settings: items, what is accepted, whether it is required."""
    said: dict[str, JSON] = msgspec.to_builtins(field)
    return {name: value for name, value in said.items() if name not in _NOT_SETTINGS}


def type_name(part: AnyStep | Field) -> str:
    """`short_text`, `form` …: the tag of the type."""
    return str(part.__struct_config__.tag)
