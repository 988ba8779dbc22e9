"""Filling in a form: all values of a step checked at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from waypost.engine.errors import Refusal
from waypost.engine.field import Field
from waypost.engine.json_value import JSON
from waypost.engine.step import Step

_MISSING = "fill this in; it is required."
_HIDDEN = "leave this out; its condition does not hold, so it is not asked now."


def parse_values(
    step: Step, raw: Mapping[str, JSON], visible: Iterable[Field] | None = None
) -> dict[str, JSON] | Refusal:
    """The stored input objects by field key, or every reason why they cannot be taken.

    None counts as not given. Only `visible` fields (all of them when it is None) are required or
    may be filled.
    """
    unknown = [key for key in raw if step.field(key) is None]
    if unknown:
        known = ", ".join(field.key for field in step.fields) or "none"
        return Refusal(
            "unknown_action",
            f"{step.name} has no field {', '.join(unknown)}. Its fields are: {known}.",
        )
    shown = {field.key for field in (step.fields if visible is None else visible)}
    found = {field.key: _parsed(field, raw, field.key in shown) for field in step.fields}
    faults = [(key, value.message) for key, value in found.items() if isinstance(value, Refusal)]
    if faults:
        return Refusal("invalid_value", " ".join(fault for _, fault in faults), tuple(faults))
    return {
        key: value
        for key, value in found.items()
        if value is not None and not isinstance(value, Refusal)
    }


def _parsed(field: Field, raw: Mapping[str, JSON], is_shown: bool) -> JSON | Refusal:
    given = raw.get(field.key)
    if not is_shown:
        return None if given in (None, "", {}) else field.refuse(_HIDDEN)
    if given is None:
        return field.refuse(_MISSING) if field.is_required and field.outputs else None
    value = field.parse(given)
    if field.is_required and not isinstance(value, Refusal) and not field.is_answered(value):
        return field.refuse(_MISSING)
    return value
