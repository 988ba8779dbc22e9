"""A form as somebody meets it: which fields are shown, what may be filled in, what they offer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from waypost.engine.commands import CompleteStep
from waypost.engine.conditions import condition_holds
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.field_types import AnyField
from waypost.engine.instance import By, Instance, StepRun
from waypost.engine.json_value import JSON, clean_json
from waypost.engine.step_types import AnyStep


def visible_fields(
    step: AnyStep, workflow: Workflow, instance: Instance, now: datetime
) -> tuple[AnyField, ...]:
    """The fields whose condition holds, in order."""
    return tuple(
        field for field in step.fields if condition_holds(field.condition, workflow, instance, now)
    )


def offered_values(step: AnyStep, run: StepRun) -> dict[str, JSON]:
    """What a reopened form may show again: what a person entered in the last round, one-time codes
    apart.
    """
    secret = {field.key for field in step.fields if field.is_one_time_code}
    return {key: value for key, value in run.prefill.items() if key not in secret}


def parse_values(
    step: AnyStep, raw: Mapping[str, JSON], visible: tuple[AnyField, ...]
) -> dict[str, JSON] | Refusal:
    """The stored input objects by field key, or every reason why they cannot be taken.

    None counts as not given. Only `visible` fields are required or may be filled.
    """
    unknown = [key for key in raw if step.field(key) is None]
    if unknown:
        known = ", ".join(field.key for field in step.fields) or "none"
        return Refusal(
            "unknown_action",
            f"{step.name} has no field {', '.join(unknown)}. Its fields are: {known}.",
        )
    shown = {field.key for field in visible}
    found = {field.key: _parsed(field, raw, field.key in shown) for field in step.fields}
    faults = [(key, value.message) for key, value in found.items() if isinstance(value, Refusal)]
    if faults:
        return Refusal("invalid_value", " ".join(fault for _, fault in faults), tuple(faults))
    return {
        key: value
        for key, value in found.items()
        if value is not None and not isinstance(value, Refusal)
    }


def completion_by_ids(
    step: AnyStep, values: Mapping[int, JSON], visit: int | None, by: By
) -> CompleteStep | Refusal:
    """The command that completes a step with input objects by field id, as calls bring them."""
    key_by_id = {field.id: field.key for field in step.fields}
    unknown = [field_id for field_id in values if field_id not in key_by_id]
    if unknown:
        return Refusal(
            "unknown_action",
            f"{step.name} has no field {', '.join(map(str, unknown))}. "
            "Read the instance for the ids in process_snapshot.steps[].actions.",
        )
    cleaned = {key_by_id[field_id]: clean_json(value) for field_id, value in values.items()}
    return CompleteStep(step.key, cleaned, visit, by)


def _parsed(field: AnyField, raw: Mapping[str, JSON], is_shown: bool) -> JSON | Refusal:
    given = raw.get(field.key)
    if not is_shown:
        return None if given in (None, "", {}) else field.refuse(_HIDDEN)
    if given is None:
        return field.refuse(_MISSING) if field.is_required and field.outputs else None
    value = field.parse(given)
    if isinstance(value, Refusal):
        return value
    if field.is_required and field.outputs and not field.is_answered(value):
        return field.refuse(_MISSING)
    return value


_MISSING = "fill this in; it is required."
_HIDDEN = "leave this out; its condition does not hold, so it is not asked now."
