"""What can happen in a workflow: exact reasoning over conditions, kept small enough to run at every
change. Where it gives up it answers "possible", so that nothing is claimed that is not certain.
"""

from __future__ import annotations

from waypost.engine.reasoning.formulas import (
    RAN,
    Ended,
    Every,
    Formula,
    Not,
    Some,
    formula_of,
)
from waypost.engine.reasoning.worlds import Worlds, ends_before, worlds_of

__all__ = [
    "RAN",
    "Ended",
    "Every",
    "Formula",
    "Not",
    "Some",
    "Worlds",
    "ends_before",
    "formula_of",
    "worlds_of",
]
