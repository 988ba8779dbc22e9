"""Form: fields that a person, or a call in their place, fills in."""

from __future__ import annotations

from typing import ClassVar

from waypost.engine.step import Step


class Form(Step, frozen=True, kw_only=True, tag="form"):
    """A page of fields, ended with Complete."""

    label: ClassVar[str] = "Form"
