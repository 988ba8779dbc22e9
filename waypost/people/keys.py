"""API keys: made and shown once, checked at every request, revoked for ever."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.people.models import ApiKey, Principal
from waypost.workspace.audit import Subject, record

#: Every spelling that was seen in use (platform: Authentication), or the key alone.
_SCHEME = re.compile(r"^(api[-_ ]?key|bearer)\s+", re.IGNORECASE)
_LONGEST_HEADER = 512
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_PREFIX_LENGTH = 10
_SECRET_BYTES = 32
_TRUSTED_SECONDS = 1.0
_MOST_RECENT = 10_000
#: Until when (monotonic) an Authorization header, by its digest, speaks for an actor.
_recent: dict[bytes, tuple[float, Actor]] = {}
_TOUCH_EVERY = timedelta(minutes=1)

# By hand: it runs before every request of the REST API.
_FIND = """
SELECT k.id, k.workspace_id, k.principal_id, k.secret_hash, k.expires_at, k.revoked_at,
       k.last_used_at, p.deactivated_at, m.role, a.is_active,
       ARRAY(SELECT t.team_id FROM team_member t WHERE t.principal_id = k.principal_id)
FROM api_key k
JOIN principal p ON p.id = k.principal_id
LEFT JOIN member m ON m.principal_id = k.principal_id
LEFT JOIN account a ON a.id = m.account_id
WHERE k.prefix = %s
"""
# Requests of the same key at the same moment leave it to one of them.
_TOUCH = """
UPDATE api_key SET last_used_at = %s WHERE id = (
  SELECT id FROM api_key WHERE id = %s AND (last_used_at IS NULL OR last_used_at < %s)
  FOR NO KEY UPDATE SKIP LOCKED)
"""

_NO_KEY = Refusal(
    "missing_key",
    "Send an API key in the Authorization header: `Api-Key <your key>`. "
    "An admin makes one at Company > API keys.",
)
_WRONG_KEY = Refusal(
    "invalid_key",
    "This API key is not known. Check that it was copied whole, as `Api-Key prefix.secret`, "
    "or make a new one at Company > API keys.",
)
_REVOKED = Refusal("revoked_key", "This API key was revoked. Make a new one at Company > API keys.")
_EXPIRED = Refusal(
    "expired_key",
    "This API key has expired. Change its expiry at Company > API keys, or make a new one.",
)
_INACTIVE = Refusal(
    "inactive_user",
    "The user this API key acts as is deactivated. Make a key for another user "
    "at Company > API keys.",
)
_NOT_ADMIN = Refusal(
    "not_permitted", "Only an admin may manage API keys. Ask an admin of the workspace to do it."
)
_NOBODY = Refusal(
    "unknown_user", "There is no such active user in the workspace. Choose another for the key."
)
_UNKNOWN = Refusal("unknown_key", "There is no such API key. Look at the list of keys.")


def create_api_key(
    actor: Actor, name: str, principal_id: int, expires_at: datetime | None = None
) -> tuple[ApiKey, str] | Refusal:
    """A key that acts as this member or bot, and its text `prefix.secret`, which is never shown
    again.
    """
    if not actor.is_admin:
        return _NOT_ADMIN
    owners = Principal.objects.filter(workspace_id=actor.workspace_id, deactivated_at=None)
    if not owners.filter(pk=principal_id).exclude(kind=Principal.Kind.TEAM).exists():
        return _NOBODY
    prefix = "".join(secrets.choice(_LETTERS) for _ in range(_PREFIX_LENGTH))
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    with transaction.atomic():
        key = ApiKey.objects.create(
            workspace_id=actor.workspace_id,
            name=name.strip()[:255] or "API key",
            prefix=prefix,
            secret_hash=_hash(secret),
            principal_id=principal_id,
            expires_at=expires_at,
        )
        record(actor, "api_key_created", _subject(key))
    return key, f"{prefix}.{secret}"


def revoke_api_key(actor: Actor, key_id: int) -> Refusal | None:
    """End a key at once and for ever."""
    if not actor.is_admin:
        return _NOT_ADMIN
    with transaction.atomic():
        keys = ApiKey.objects.select_for_update().filter(workspace_id=actor.workspace_id)
        key = keys.filter(pk=key_id).first()
        if key is None:
            return _UNKNOWN
        if key.revoked_at is None:
            key.revoked_at = timezone.now()
            key.save(update_fields=["revoked_at"])
            record(actor, "api_key_revoked", _subject(key))
    _recent.clear()
    return None


def change_expiry(actor: Actor, key_id: int, expires_at: datetime | None) -> Refusal | None:
    """Let a key end at another time, or never; also after it has expired."""
    if not actor.is_admin:
        return _NOT_ADMIN
    with transaction.atomic():
        keys = ApiKey.objects.select_for_update().filter(workspace_id=actor.workspace_id)
        key = keys.filter(pk=key_id).first()
        if key is None:
            return _UNKNOWN
        key.expires_at = expires_at
        key.save(update_fields=["expires_at"])
        record(actor, "api_key_expiry_changed", _subject(key))
    _recent.clear()
    return None


def list_api_keys(actor: Actor) -> list[ApiKey] | Refusal:
    """Every key of the workspace with its owner, newest first."""
    if not actor.is_admin:
        return _NOT_ADMIN
    keys = ApiKey.objects.filter(workspace_id=actor.workspace_id).select_related("principal")
    return list(keys.order_by("-id"))


def verify_api_key(header_value: str | None) -> Actor | Refusal:
    """Whom the Authorization header speaks for; one query, and once a minute an update."""
    text = _SCHEME.sub("", (header_value or "").strip()[:_LONGEST_HEADER]).strip()
    prefix, _, secret = text.partition(".")
    if not text:
        return _NO_KEY
    if not prefix or not secret or "\0" in text:
        return _WRONG_KEY
    found = _find(prefix)
    # Compared even when nothing was found: the time must not tell which prefixes exist.
    is_right = hmac.compare_digest(_hash(secret), bytes(found.secret_hash) if found else bytes(32))
    if found is None or not is_right:
        return _WRONG_KEY
    now = timezone.now()
    return found.refusal(now) or _actor(found, now)


def recent_actor(header_value: str | None) -> Actor | Refusal:
    """As `verify_api_key`, which it asks once a second for a key that was right.

    So a revoked key, or a change of its owner's rights, may take a second to be noticed by other
    processes; it saves a busy caller a quarter of each request.
    """
    digest = hashlib.sha256((header_value or "").encode(errors="replace")).digest()
    kept = _recent.get(digest)
    if kept is not None and time.monotonic() < kept[0]:
        return kept[1]
    found = verify_api_key(header_value)
    if isinstance(found, Actor):
        if len(_recent) >= _MOST_RECENT:
            _recent.clear()
        _recent[digest] = (time.monotonic() + _TRUSTED_SECONDS, found)
    return found


class _Found(NamedTuple):
    """A row of `_FIND`."""

    id: int
    workspace_id: int
    principal_id: int
    secret_hash: bytes | memoryview
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    deactivated_at: datetime | None
    role: str | None
    is_account_active: bool | None
    team_ids: list[int]

    def refusal(self, now: datetime) -> Refusal | None:
        """Why this key may not be used now."""
        if self.revoked_at is not None:
            return _REVOKED
        if self.expires_at is not None and self.expires_at <= now:
            return _EXPIRED
        is_inactive = self.deactivated_at is not None or self.is_account_active is False
        return _INACTIVE if is_inactive else None


def _find(prefix: str) -> _Found | None:
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [prefix])
        row = cursor.fetchone()
    return None if row is None else _Found(*row)


def _actor(found: _Found, now: datetime) -> Actor:
    if found.last_used_at is None or found.last_used_at < now - _TOUCH_EVERY:
        with connection.cursor() as cursor:
            cursor.execute(_TOUCH, [now, found.id, now - _TOUCH_EVERY])
    return Actor(
        workspace_id=found.workspace_id,
        principal_id=found.principal_id,
        is_admin=found.role == "admin",
        origin="api",
        principal_ids=frozenset({found.principal_id, *found.team_ids}),
        caller=f"key:{found.id}",
        is_light=found.role == "light",
    )


def _hash(secret: str) -> bytes:
    """A plain hash is enough: the secret is random and long, nobody can try all of them."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()


def _subject(key: ApiKey) -> Subject:
    return Subject(
        "api_key",
        key.pk,
        {
            "name": key.name,
            "prefix": key.prefix,
            "principal_id": key.principal_id,
            "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        },
    )
