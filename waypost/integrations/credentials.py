"""Stored secrets: kept, replaced, revoked, and opened for the sender alone.

Encrypted at rest with a ring of keys (CREDENTIAL_KEYS, newest first). No function gives a secret to
a page or the API: `header_for` and `secret_texts` are for `placeholders.fill_secrets` only.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from waypost.engine.errors import Refusal
from waypost.integrations.failures import CredentialRefused, RequestRefused
from waypost.integrations.http import is_free_header
from waypost.integrations.kinds import Kind
from waypost.integrations.models import Credential
from waypost.integrations.target import origin_of, read_target

# Shorter texts could not be hidden in logs without hiding half of the log.
SHORTEST_SECRET = 4
LONGEST_SECRET = 8192


class _Sealed(msgspec.Struct, frozen=True):
    """What is encrypted: with the workspace, so that a row copied to another does not open."""

    workspace_id: int
    secret: str


# Built while one thread imports: see `definition.READER`.
_SEALED = msgspec.json.Decoder(_Sealed)


@dataclass(frozen=True, slots=True)
class NewCredential:
    """What a person enters; `shown` is the user, the prefix or the header's name."""

    name: str
    kind: Kind
    secret: str = field(repr=False)
    shown: str = ""
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CredentialSummary:
    """All that anybody may see of a credential again."""

    id: int
    name: str
    kind: Kind
    shown: str
    origins: tuple[str, ...]
    is_active: bool
    changed_at: datetime


def create_credential(workspace_id: int, new: NewCredential) -> Credential | Refusal:
    """Store a secret under a name that is free in the workspace."""
    problem = _problem(new)
    if problem is not None:
        return problem
    credential = Credential(
        workspace_id=workspace_id,
        name=new.name.strip(),
        kind=new.kind,
        shown=new.shown.strip(),
        sealed=_seal(workspace_id, new.secret),
        origins=sorted({origin_of(origin) for origin in new.origins}),
    )
    try:
        with transaction.atomic():
            credential.save(force_insert=True)
    except IntegrityError:
        return Refusal(
            "credential_exists",
            f"There is a credential “{new.name}” already. Replace its secret or choose a new name.",
        )
    return credential


def list_credentials(workspace_id: int) -> list[CredentialSummary]:
    """Every credential of the workspace by name, revoked ones too."""
    rows = Credential.objects.filter(workspace_id=workspace_id).order_by("name", "id")
    return [
        CredentialSummary(
            id=row.pk,
            name=row.name,
            kind=Kind(row.kind),
            shown=row.shown,
            origins=tuple(row.origins),
            is_active=row.is_active,
            changed_at=row.changed_at,
        )
        for row in rows
    ]


def credentials_by_name(workspace_id: int, names: Collection[str]) -> dict[str, Credential]:
    """The named credentials of the workspace that exist, still sealed, for the sender."""
    rows = Credential.objects.filter(workspace_id=workspace_id, name__in=names)
    return {row.name: row for row in rows}


def revoke_credential(workspace_id: int, name: str) -> Refusal | None:
    """Destroy the secret; steps that use it fail from now on with the reason."""
    changed = Credential.objects.filter(
        workspace_id=workspace_id, name=name, revoked_at=None
    ).update(sealed="", revoked_at=timezone.now(), changed_at=timezone.now())
    return None if changed else _unknown(name)


def replace_secret(workspace_id: int, name: str, secret: str) -> Refusal | None:
    """Give a credential a new secret; a revoked one works again."""
    problem = _secret_problem(secret)
    if problem is not None:
        return problem
    changed = Credential.objects.filter(workspace_id=workspace_id, name=name).update(
        sealed=_seal(workspace_id, secret), revoked_at=None, changed_at=timezone.now()
    )
    return None if changed else _unknown(name)


def rotate_credentials() -> int:
    """Encrypt every secret with the newest key; returns how many, then older keys may go."""
    ring, changed = _ring(), 0
    for row in Credential.objects.exclude(sealed="").iterator():
        # Only where nobody replaced the secret meanwhile: that one is sealed with the newest key.
        same = Credential.objects.filter(pk=row.pk, sealed=row.sealed)
        changed += same.update(sealed=ring.rotate(row.sealed.encode()).decode())
    return changed


def credential_from_header(name: str, value: str, origin: str) -> NewCredential:
    """The credential that a literal secret header, pasted into a step, becomes."""
    scheme, _, token = value.strip().partition(" ")
    label, origins = f"{name} for {read_target(origin).host}"[:100], (origin_of(origin),)
    if name.lower() != "authorization" or not token:
        return NewCredential(label, Kind.HEADER, value.strip(), name, origins)
    pair = _basic_pair(token) if scheme.lower() == "basic" else None
    if pair is not None:
        return NewCredential(label, Kind.BASIC, pair[1], pair[0], origins)
    if scheme.lower() == "bearer":
        return NewCredential(label, Kind.BEARER, token.strip(), "", origins)
    prefix, _, key = value.strip().rpartition(" ")
    return NewCredential(label, Kind.API_KEY, key, prefix, origins)


def header_for(credential: Credential, origins: Collection[str]) -> tuple[str, str]:
    """The header that carries the secret to one of these origins; raises CredentialRefused.

    `origins` are the spellings of one place: as written in the step, and where it really leads.
    """
    if not credential.is_active:
        raise CredentialRefused(
            f"The credential “{credential.name}” was revoked. "
            "Enter a new secret for it, or choose another in the step."
        )
    if not set(origins) & set(credential.origins):
        raise CredentialRefused(
            f"The credential “{credential.name}” may not be sent to {next(iter(origins))}, "
            f"only to {', '.join(credential.origins)}. Add the address to it, or choose another."
        )
    secret = _open(credential)
    match Kind(credential.kind):
        case Kind.BASIC:
            return "Authorization", f"Basic {_basic(credential.shown, secret)}"
        case Kind.BEARER:
            return "Authorization", f"Bearer {secret}"
        case Kind.API_KEY:
            return "Authorization", f"{credential.shown} {secret}"
        case Kind.HEADER:
            return credential.shown, secret


def header_name(credential: Credential) -> str:
    """The header that carries the credential, known without opening it."""
    return credential.shown if credential.kind == Kind.HEADER else "Authorization"


def secret_texts(credential: Credential) -> frozenset[str]:
    """Every text from which the secret could be read, for hiding it in logs."""
    if not credential.is_active:
        return frozenset()
    secret = _open(credential)
    is_basic = credential.kind == Kind.BASIC
    return frozenset({secret, _basic(credential.shown, secret)} if is_basic else {secret})


def texts_of_new(new: NewCredential) -> frozenset[str]:
    """Every text from which an entered secret could be read."""
    if new.kind is not Kind.BASIC:
        return frozenset({new.secret})
    return frozenset({new.secret, _basic(new.shown, new.secret)})


def _problem(new: NewCredential) -> Refusal | None:
    """Why the entered credential cannot be kept."""
    if not 0 < len(new.name.strip()) <= 100 or not new.name.isprintable():
        return Refusal("invalid_name", "Give the credential a name of 1 to 100 letters.")
    if not new.origins:
        return Refusal(
            "origins_missing",
            "Say where the credential may be sent, for example https://api.sendgrid.com.",
        )
    try:
        for origin in new.origins:
            origin_of(origin)
    except RequestRefused as error:
        return Refusal("invalid_origin", str(error))
    return _shown_problem(new) or _secret_problem(new.secret)


def _shown_problem(new: NewCredential) -> Refusal | None:
    shown = new.shown.strip()
    if len(shown) > 200 or not shown.isprintable():
        return Refusal("invalid_shown", "Use at most 200 printable characters.")
    match new.kind:
        case Kind.BASIC if not shown or ":" in shown:
            return Refusal("invalid_user", "Enter a user without a colon.")
        case Kind.API_KEY if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _-]*", shown) is None:
            return Refusal("invalid_prefix", "Enter a prefix such as Api-Key.")
        case Kind.HEADER if not is_free_header(shown):
            return Refusal("invalid_header", "Enter a header name such as X-Api-Key.")
    return None


def _secret_problem(secret: str) -> Refusal | None:
    if not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
        return Refusal(
            "invalid_secret",
            f"Enter a secret of {SHORTEST_SECRET} to {LONGEST_SECRET} characters.",
        )
    if not secret.isprintable() or secret != secret.strip():
        return Refusal(
            "invalid_secret",
            "The secret holds a line break or spaces around it. Copy it again without them.",
        )
    return None


def _unknown(name: str) -> Refusal:
    return Refusal("not_found", f"There is no active credential “{name}”. Reload the list.")


def _ring() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS])


def _seal(workspace_id: int, secret: str) -> str:
    return _ring().encrypt(msgspec.json.encode(_Sealed(workspace_id, secret))).decode()


def _open(credential: Credential) -> str:
    try:
        text = _ring().decrypt(credential.sealed.encode())
    except InvalidToken as error:
        raise CredentialRefused(
            f"The credential “{credential.name}” does not open with this server's keys. "
            "Put the old key back into WAYPOST_CREDENTIAL_KEY, or enter the secret again."
        ) from error
    sealed = _SEALED.decode(text)
    if sealed.workspace_id != credential.workspace_id:
        raise CredentialRefused(
            f"The credential “{credential.name}” belongs to another workspace. "
            "Enter the secret again."
        )
    return sealed.secret


def _basic(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def _basic_pair(token: str) -> tuple[str, str] | None:
    """User and password of a Basic header; None when it is no such pair, as in a placeholder."""
    try:
        user, colon, password = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None
