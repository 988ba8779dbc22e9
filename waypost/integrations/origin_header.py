"""Calls to ourselves say which visit of which instance made them, signed by us.

The header is attached by `http.py` only when the call stays on this server, and taken out of every
request that brings its own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

ORIGIN_HEADER = "Waypost-Origin"
_PURPOSE = b"waypost call origin 1\0"


@dataclass(frozen=True, slots=True)
class CallOrigin:
    """The visit of a step that made a call; `step` is the key of the step."""

    uid: UUID
    step: str
    visit: int


def sign_origin(origin: CallOrigin) -> str:
    """The header's value: `<instance uid>;<step, base64url>;<visit>;<signature>`."""
    step = base64.urlsafe_b64encode(origin.step.encode()).decode().rstrip("=")
    text = f"{origin.uid};{step};{origin.visit}"
    return f"{text};{next(_signatures(text))}"


def read_origin(header: str | None) -> CallOrigin | None:
    """Who made this call to us; None when the header is missing or not signed by us."""
    text, _, signature = (header or "").rpartition(";")
    given = signature.encode("utf-8", "replace")
    if not any(hmac.compare_digest(given, known.encode()) for known in _signatures(text)):
        return None
    uid, step, visit = text.split(";")
    padded = step + "=" * (-len(step) % 4)
    return CallOrigin(UUID(uid), base64.urlsafe_b64decode(padded).decode(), int(visit))


def _signatures(text: str) -> Iterator[str]:
    """One signature a key of the ring, newest first."""
    for key in settings.LINK_KEYS:
        message = _PURPOSE + text.encode("utf-8", "replace")
        yield hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
