"""Routing: a set of buttons that say where the workflow goes on."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from waypost.engine.choice import folded
from waypost.engine.errors import Refusal
from waypost.engine.field import Field
from waypost.engine.json_value import JSON, clean_text, text_of
from waypost.engine.setting import Setting

#: What the REST API writes in `returnToStep` where there is no step (Next Matter, Routing field).
TO_DECLINE = -2
TO_COMPLETE = -1
MAX_COMMENT = 5000


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

    label: ClassVar[str] = "Routing"
    widget: ClassVar[str] = "routing"
    outputs: ClassVar[tuple[str, ...]] = ("action", "comment", "label")
    compares_as: ClassVar[str] = "routing"
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("buttons", "Buttons", "buttons", "One way on each."),
    )

    buttons: tuple[Button, ...]

    @property
    def example(self) -> JSON:
        """The first button."""
        return (
            {"action": self.buttons[0].action, "label": self.buttons[0].label}
            if self.buttons
            else None
        )

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Accepts `{"action", "comment", "label", "returnToStep"}` that fits one of the buttons."""
        inner = raw.get("inputValue", raw) if isinstance(raw, dict) else None
        button = self.chosen(inner)
        if button is None or not isinstance(inner, dict):
            ways = ", ".join(
                f"{one.label!r} ({one.action} {one.return_to_step})" for one in self.buttons
            )
            return self.refuse(f"choose one of the buttons: {ways}.")
        comment = clean_text(text_of(inner.get("comment"))).strip()
        if len(comment) > MAX_COMMENT:
            return self.refuse(f"shorten the comment to {MAX_COMMENT} characters.")
        return {
            "action": button.action,
            "comment": comment,
            "label": button.label,
            "returnToStep": button.return_to_step,
        }

    def chosen(self, value: JSON) -> Button | None:
        """The button that a value names by action, target and label; what it leaves out must not
        make a difference. A label that no button has is a renamed one and says nothing.
        """
        if not isinstance(value, dict):
            return None
        action, target = value.get("action"), value.get("returnToStep")
        label = folded(text_of(value.get("label")))
        fits = [
            one
            for one in self.buttons
            if action in (None, "", one.action)
            and (target in (None, "") or text_of(target) == str(one.return_to_step))
        ]
        labelled = [one for one in fits if folded(one.label) == label]
        if labelled:
            return labelled[0]
        return fits[0] if len(fits) == 1 and action else None

    def shown(self, value: JSON) -> str:
        """The button's label, with the comment behind it."""
        label, comment = self.output(value, "label"), self.output(value, "comment")
        return f"{label}: {comment}" if comment else text_of(label)
