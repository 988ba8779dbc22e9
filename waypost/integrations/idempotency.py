"""The key under which a provider recognises that a call was sent before."""

from __future__ import annotations

from uuid import UUID, uuid5

IDEMPOTENCY_HEADER = "Idempotency-Key"


def idempotency_key(uid: UUID, step: str, visit: int) -> str:
    """The same for every attempt of one visit, and for no other visit of any instance."""
    return str(uuid5(uid, f"{step}:{visit}"))
