"""Group: steps that belong together, one after the other, under one condition."""

from __future__ import annotations

from typing import ClassVar

from waypost.engine.step import Holding, Step


class Group(Step, frozen=True, kw_only=True, tag="group"):
    """Holds the steps that name it in `within`; it has no state of its own."""

    label: ClassVar[str] = "Group"
    holds: ClassVar[Holding] = "sequence"
