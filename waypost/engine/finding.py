"""What a check says about a workflow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: a stable code, what is wrong, what to do, and where, as keys and an attribute.

    An error keeps a workflow from being published; a warning may be acknowledged in the file.
    """

    code: str
    message: str
    remedy: str
    severity: Severity = "error"
    step: str = ""
    field: str = ""
    attribute: str = ""

    @property
    def acknowledgement(self) -> str:
        """What `acknowledged` holds to silence this finding alone; its code silences all."""
        place = ".".join(part for part in (self.step, self.field) if part)
        return f"{self.code}:{place}" if place else self.code
