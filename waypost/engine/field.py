"""What every form field has; the types are one file each in `field_types/`."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from waypost.engine.conditions import Condition
from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON, text_of
from waypost.engine.setting import Setting


class Field(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="type",
):
    """One question of a form. `id` is the form field ID of the REST API, 0 until it is known."""

    #: How a builder calls the type.
    label: ClassVar[str] = ""
    #: Template in `web/fields/` that draws it.
    widget: ClassVar[str] = "short_text"
    #: Names a reference may ask for, the default one first; none for a field that only shows
    #: something.
    outputs: ClassVar[tuple[str, ...]] = ("inputValue",)
    #: Row group of the operator table in `conditions.py`.
    compares_as: ClassVar[str] = "text"
    #: What a builder may set besides what every field has.
    settings: ClassVar[tuple[Setting, ...]] = ()

    key: str
    name: str
    id: int = 0
    is_required: bool = False
    info: str = ""
    condition: Condition | None = None

    @property
    def default_output(self) -> str:
        """The output a reference means when it names none; empty for a field without outputs."""
        return self.outputs[0] if self.outputs else ""

    @property
    def is_one_time_code(self) -> bool:
        """Whether its value must never be offered again on a later visit."""
        return False

    @property
    def example(self) -> JSON:
        """An answer such as somebody may give, as it is posted."""
        return "Some text"

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Turn an `input_object` as posted into its stored form, or say why it cannot be taken."""
        raise NotImplementedError

    def output(self, value: JSON, name: str) -> JSON:
        """The named output of a stored value."""
        return value.get(name) if isinstance(value, dict) else None

    def example_output(self, name: str) -> str:
        """The named output of the example, as plain text."""
        parsed = self.parse(self.example)
        output = None if isinstance(parsed, Refusal) else self.output(parsed, name)
        return self._as_text(output)

    def is_empty(self, value: JSON) -> bool:
        """Whether a stored value counts as not answered."""
        return self.output(value, self.default_output) in (None, "", [])

    def is_answered(self, value: JSON) -> bool:
        """Whether a stored value is enough for a required field."""
        return not self.is_empty(value)

    def shown(self, value: JSON) -> str:
        """The stored value as plain text, for pages."""
        return self._as_text(self.output(value, self.default_output))

    def refuse(self, what: str) -> Refusal:
        """The refusal of a value; `what` says what to enter instead."""
        return Refusal("invalid_value", f"{self.name}: {what}")

    @staticmethod
    def _as_text(output: JSON) -> str:
        if isinstance(output, list):
            return ", ".join(text_of(one) for one in output)
        return text_of(output)


def unwrapped(raw: JSON, inner: str = "inputValue") -> JSON:
    """What stands inside the optional wrappers `{"inputValue": ...}` and `{inner: ...}`.

    Callers of the old API wrote either, both or none (Next Matter, Complete a step). An object that
    holds neither name is left as it is; an empty one means no value.
    """
    for name in ("inputValue", inner):
        if isinstance(raw, dict) and name in raw:
            raw = raw[name]
    return None if raw == {} else raw
