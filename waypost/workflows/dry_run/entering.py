"""What people enter in a dry run, as files write it: plain values in place of input objects."""

from __future__ import annotations

from collections.abc import Mapping

from waypost.engine.choice import folded
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.routing import Routing
from waypost.engine.json_value import JSON
from waypost.engine.step_types import AnyStep


def input_objects(step: AnyStep, entered: Mapping[str, JSON]) -> dict[str, JSON]:
    """The input objects by field key that stand for what was entered."""
    return {key: _object(step.field(key), value) for key, value in entered.items()}


def entered_values(step: AnyStep, posted: Mapping[int, JSON]) -> dict[str, JSON]:
    """What was posted by field id, as a file writes it."""
    return {
        one.key: _plain(one, posted[one.id])
        for one in step.fields
        if one.id in posted and one.outputs
    }


def _object(field: AnyField | None, value: JSON) -> JSON:
    """The label of a button becomes its way; all other types take plain values themselves."""
    if not isinstance(field, Routing) or not isinstance(value, str):
        return value
    found = (one for one in field.buttons if folded(one.label) == folded(value))
    button = next(found, None)
    if button is None:
        return {"label": value}
    return {
        "action": button.action,
        "label": button.label,
        "returnToStep": button.return_to_step,
    }


def _plain(field: AnyField, value: JSON) -> JSON:
    if isinstance(field, Routing):
        return _button(value)
    output = field.output(value, "inputValue" if field.widget == "phone" else field.default_output)
    return value if output is None else output


def _button(value: JSON) -> JSON:
    """The label alone where no comment came with it."""
    if not isinstance(value, dict) or value.get("comment"):
        return value
    return value.get("label", "")
