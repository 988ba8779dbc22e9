"""A form as somebody meets it: which fields are shown, what may be filled in, what is offered."""

from __future__ import annotations

from datetime import datetime

from waypost.engine.conditions import condition_holds
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.field_types import AnyField
from waypost.engine.instance import Instance, StepRun
from waypost.engine.json_value import JSON
from waypost.engine.step_types import AnyStep


def visible_fields(
    step: AnyStep, workflow: Workflow, instance: Instance, now: datetime
) -> tuple[AnyField, ...]:
    """The fields whose condition holds, in order."""
    return tuple(
        field for field in step.fields if condition_holds(field.condition, workflow, instance, now)
    )


def parse_values(
    step: AnyStep, fields: tuple[AnyField, ...], raw: dict[str, JSON]
) -> dict[str, JSON] | Refusal:
    """The stored values of a filled-in form, by field key; every fault of it is named at once.

    A value for a field that is not shown is dropped; one for a field that the step does not have is
    refused.
    """
    unknown = raw.keys() - {field.key for field in step.fields}
    if unknown:
        names = ", ".join(sorted(unknown))
        return Refusal(
            "unknown_action", f"{step.name} has no field {names}. Read the step for its ids."
        )
    parsed = {field.key: _parse(field, raw) for field in fields}
    faults = tuple(
        (key, value.message) for key, value in parsed.items() if isinstance(value, Refusal)
    )
    if faults:
        return Refusal("invalid_value", " ".join(message for _, message in faults), faults)
    return {
        field.key: value
        for field in fields
        if field.outputs
        and not isinstance(value := parsed[field.key], Refusal)
        and field.key in raw
    }


def offered_values(step: AnyStep, run: StepRun) -> dict[str, JSON]:
    """What a reopened form may show again: what a person entered in the last round, one-time codes
    apart.
    """
    secret = {field.key for field in step.fields if field.is_one_time_code}
    return {key: value for key, value in run.prefill.items() if key not in secret}


def _parse(field: AnyField, raw: dict[str, JSON]) -> JSON | Refusal:
    if field.key not in raw:
        return _missing(field) if field.is_required else None
    value = field.parse(raw[field.key])
    if isinstance(value, Refusal):
        return value
    return _missing(field) if field.is_required and field.is_empty(value) else value


def _missing(field: AnyField) -> Refusal:
    return Refusal("invalid_value", f"Please fill in {field.name}.")
