"""Routing: a set of buttons that say where the workflow goes on."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from waypost.engine.errors import Refusal
from waypost.engine.field import Field
from waypost.engine.json_value import JSON

#: What the REST API writes in `returnToStep` where there is no step (Next Matter, Routing field).
TO_DECLINE = -2
TO_COMPLETE = -1


class Button(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One way on. `target` is a step key, for `return` and `skip_forward`; `target_id` its id once
    published.
    """

    label: str
    action: Literal["complete", "return", "skip_forward", "decline"]
    target: str = ""
    target_id: int = 0

    @property
    def return_to_step(self) -> int:
        """The number the REST API knows the way by."""
        fixed = {"complete": TO_COMPLETE, "decline": TO_DECLINE}
        return fixed.get(self.action, self.target_id)


class Routing(Field, frozen=True, kw_only=True, tag="routing"):
    """Buttons; the chosen one travels with a comment."""

    widget: ClassVar[str] = "routing"
    outputs: ClassVar[tuple[str, ...]] = ("action", "comment", "label")
    compares_as: ClassVar[str] = "routing"

    buttons: tuple[Button, ...]

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Accepts `{"action", "comment", "label", "returnToStep"}`; must match one of the buttons."""
        inner = raw.get("inputValue", raw) if isinstance(raw, dict) else None
        button = self.chosen(inner)
        if button is None or not isinstance(inner, dict):
            ways = ", ".join(
                f"{one.label!r} ({one.action} {one.return_to_step})" for one in self.buttons
            )
            return Refusal("invalid_value", f"Choose one of the buttons of {self.name}: {ways}.")
        return {
            "action": button.action,
            "comment": str(inner.get("comment") or ""),
            "label": str(inner.get("label") or ""),
            "returnToStep": button.return_to_step,
        }

    def chosen(self, value: JSON) -> Button | None:
        """The button that a value names by action and target; without a target the action must be
        unambiguous.
        """
        if not isinstance(value, dict):
            return None
        fits = [one for one in self.buttons if one.action == value.get("action")]
        target = value.get("returnToStep")
        if target in (None, ""):
            return fits[0] if len(fits) == 1 else None
        if len(fits) == 1 and fits[0].return_to_step < 0:
            return fits[0]
        return next((one for one in fits if str(one.return_to_step) == str(target)), None)

    def output(self, value: JSON, name: str) -> JSON:
        """The action, comment or label of the choice."""
        return value.get(name) if isinstance(value, dict) else None
