"""What a builder does to the fields of a step, as pure functions; the steps are in `edits.py`."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from waypost.engine.beginnings import new_key
from waypost.engine.definition import Workflow
from waypost.engine.edits import UNKNOWN_STEP, replace_step
from waypost.engine.errors import Refusal
from waypost.engine.field_types import AnyField
from waypost.engine.step_types import AnyStep

UNKNOWN_FIELD = Refusal("unknown_field", "This field is not in the step any more. Reload the page.")


def add_field(
    workflow: Workflow, step: str, field: AnyField, after: str | None = None
) -> Workflow | Refusal:
    """With this field behind the one called `after` ("" for the first place, None for the last),
    under a key made from its name where it has none of its own.
    """
    owner = workflow.step_by_key.get(step)
    if owner is None:
        return UNKNOWN_STEP
    new = replace(field, key=new_key(field.key or field.name, _taken(owner)), id=0)
    return _with_field(workflow, owner, new, after)


def remove_field(workflow: Workflow, step: str, field: str) -> Workflow | Refusal:
    """Without the field; what refers to it stays, for the check to report."""
    owner = _owner(workflow, step, field)
    if owner is None:
        return UNKNOWN_FIELD
    return _with_fields(workflow, owner, [one for one in owner.fields if one.key != field])


def move_field(
    workflow: Workflow, step: str, field: str, after: str | None = None
) -> Workflow | Refusal:
    """With the field behind another of its step ("" for the first place, None for the last)."""
    owner = _owner(workflow, step, field)
    moved = owner.field(field) if owner else None
    if owner is None or moved is None or after == field:
        return UNKNOWN_FIELD
    rest = replace(owner, fields=tuple(one for one in owner.fields if one is not moved))
    return _with_field(workflow, rest, moved, after)


def shift_field(workflow: Workflow, step: str, field: str, down: bool) -> Workflow | Refusal:
    """With the field one place further up or down."""
    owner = _owner(workflow, step, field)
    if owner is None:
        return UNKNOWN_FIELD
    keys = [one.key for one in owner.fields]
    place = keys.index(field)
    if (down and place + 1 == len(keys)) or (not down and place == 0):
        where = "last" if down else "first"
        return Refusal("at_the_edge", f"This field is the {where} one already.")
    beside = place + 1 if down else place - 2
    return move_field(workflow, step, field, keys[beside] if beside >= 0 else "")


def duplicate_field(workflow: Workflow, step: str, field: str) -> Workflow | Refusal:
    """With a copy of the field behind it."""
    owner = _owner(workflow, step, field)
    copied = owner.field(field) if owner else None
    if copied is None:
        return UNKNOWN_FIELD
    return add_field(workflow, step, replace(copied, name=f"{copied.name} (copy)"), field)


def replace_field(workflow: Workflow, step: str, field: str, new: AnyField) -> Workflow | Refusal:
    """With another content for the field; its key and place stay."""
    owner = _owner(workflow, step, field)
    if owner is None:
        return UNKNOWN_FIELD
    kept = replace(new, key=field)
    return _with_fields(
        workflow, owner, [kept if one.key == field else one for one in owner.fields]
    )


def _owner(workflow: Workflow, step: str, field: str) -> AnyStep | None:
    owner = workflow.step_by_key.get(step)
    return owner if owner is not None and owner.field(field) is not None else None


def _taken(step: AnyStep) -> set[str]:
    return {field.key for field in step.fields} | {one.name for one in step.variables}


def _with_field(
    workflow: Workflow, step: AnyStep, field: AnyField, after: str | None
) -> Workflow | Refusal:
    keys = [one.key for one in step.fields]
    if after and after not in keys:
        return UNKNOWN_FIELD
    place = len(keys) if after is None else keys.index(after) + 1 if after else 0
    return _with_fields(workflow, step, (*step.fields[:place], field, *step.fields[place:]))


def _with_fields(
    workflow: Workflow, step: AnyStep, fields: Sequence[AnyField]
) -> Workflow | Refusal:
    return replace_step(workflow, step.key, replace(step, fields=tuple(fields)))
