"""What every form field has; the types are one file each in `field_types/`."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from waypost.engine.conditions import Condition
from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON


class Field(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="type",
):
    """One question of a form. `id` is the form field ID of the REST API, 0 until published."""

    #: Template in `web/fields/` that draws it.
    widget: ClassVar[str] = "short_text"
    #: Names a reference may ask for, the default one first; none for a field that only shows
    #: something.
    outputs: ClassVar[tuple[str, ...]] = ("inputValue",)
    #: Row group of the operator table in `conditions.py`.
    compares_as: ClassVar[str] = "text"

    key: str
    name: str
    id: int = 0
    is_required: bool = False
    info: str = ""
    condition: Condition | None = None

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Turn an `input_object` as posted into its stored form, or say why it cannot be taken."""
        raise NotImplementedError

    def output(self, value: JSON, name: str) -> JSON:
        """The named output of a stored value."""
        raise NotImplementedError

    def is_empty(self, value: JSON) -> bool:
        """Whether a stored value counts as not answered."""
        return self.output(value, self.outputs[0]) in (None, "", [])
