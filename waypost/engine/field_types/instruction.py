"""Instruction: a text inside a form; nothing to fill in."""

from __future__ import annotations

from typing import ClassVar

from waypost.engine.errors import Refusal
from waypost.engine.field import Field
from waypost.engine.json_value import JSON
from waypost.engine.setting import Setting


class Instruction(Field, frozen=True, kw_only=True, tag="instruction"):
    """A Markdown text with references. It may be acknowledged with an empty object."""

    label: ClassVar[str] = "Instruction"
    widget: ClassVar[str] = "instruction"
    outputs: ClassVar[tuple[str, ...]] = ()
    compares_as: ClassVar[str] = ""
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("text", "Text", "markdown", "Markdown; may hold references."),
    )

    text: str = ""

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Whatever comes is an acknowledgement."""
        return {}

    def output(self, value: JSON, name: str) -> JSON:
        """It has none."""
        return None

    def is_empty(self, value: JSON) -> bool:
        """Never: there is nothing to answer."""
        return False
