"""Parallel: steps that are all open at once, under one condition."""

from __future__ import annotations

from typing import ClassVar

from waypost.engine.step import Holding, Step


class Parallel(Step, frozen=True, kw_only=True, tag="parallel"):
    """Holds the steps that name it in `within`; it has no state of its own."""

    label: ClassVar[str] = "Parallel"
    holds: ClassVar[Holding] = "parallel"
