"""Instruction: a text for the assignee, ended with Complete."""

from __future__ import annotations

from typing import ClassVar

from waypost.engine.setting import Setting
from waypost.engine.step import Step


class Instruction(Step, frozen=True, kw_only=True, tag="instruction"):
    """A text to read and act upon; `text` is Markdown and may hold references."""

    label: ClassVar[str] = "Instruction"
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("text", "Instruction", "markdown", "What the assignee reads; Markdown."),
    )

    text: str = ""
