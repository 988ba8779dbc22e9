"""Keys of the sandbox: the ring that codes are derived from, and the token of the control
endpoints.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from django.conf import settings


def code_keys() -> dict[str, bytes]:
    """The key ring by short fingerprint, newest first."""
    return _decoded(tuple(settings.SANDBOX_CODE_KEYS))


@lru_cache(maxsize=8)
def _decoded(ring: tuple[str, ...]) -> dict[str, bytes]:
    keys = [base64.urlsafe_b64decode(text) for text in ring]
    return {hashlib.sha256(key).hexdigest()[:16]: key for key in keys}


def control_token() -> str:
    """The admin token of `/sandbox/clock` and its neighbours: set by the operator, else derived
    from the newest key.
    """
    given: str | None = getattr(settings, "SANDBOX_CONTROL_TOKEN", None)
    if given:
        return given
    newest = next(iter(code_keys().values()))
    return hmac.new(newest, b"waypost sandbox control token", hashlib.sha256).hexdigest()


def sha256_hex(secret: str) -> str:
    """How secrets are kept: they are random and long, so a plain hash cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()
