"""Who asks: the one thing every action and query takes, and every permission looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Origin = Literal["page", "api", "worker", "link", "cli"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A principal at work in a workspace, and the way they came in.

    `principal_id` is None for somebody with a secure link only. `principal_ids` holds theirs and
    their teams'. `caller` names the key or session for idempotency ("key:7", "member:3").
    `is_light`: a light user, who sees only what they take part in.
    """

    workspace_id: int
    principal_id: int | None
    is_admin: bool
    origin: Origin
    principal_ids: frozenset[int] = frozenset()
    caller: str = ""
    is_light: bool = False
