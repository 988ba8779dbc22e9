"""Stand-ins for secrets and public links in a rendered request, filled just before it is sent.

`~~<nonce>.<kind>.<subject>~~`: only characters that JSON, forms, URLs and headers leave alone, so
that a placeholder survives every later formatting. The nonce is an HMAC of the visit: nobody who
types a value knows it, hence no value can pose as a placeholder; and it is the same for every
attempt of the visit, hence the stored request stays fillable.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import quote
from uuid import UUID

from django.conf import settings

from waypost.integrations.credentials import header_for, header_name, secret_texts
from waypost.integrations.door import Door
from waypost.integrations.failures import CredentialRefused, RequestRefused
from waypost.integrations.http import Request
from waypost.integrations.models import Credential
from waypost.integrations.target import read_target

_Lookups = Mapping["Kind", Callable[[str], str]]
_PURPOSE = b"waypost placeholder 1\0"


class Kind(Enum):
    """What a placeholder stands for, and how it is written where it stands."""

    SECRET = "secret"  # noqa: S105 - a kind, not a secret
    LINK = "link"
    ENCODED_LINK = "encoded_link"


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands in for what: the nonce of the visit, credentials by name, links by step key."""

    nonce: str
    credential_by_name: Mapping[str, Credential]
    link_by_step: Mapping[str, str]

    def link(self, step: str) -> str:
        """The public link of a step; raises RequestRefused."""
        found = self.link_by_step.get(step)
        if found is None:
            raise RequestRefused(f"The step “{step}” has no public link. Mend the reference to it.")
        return found

    def encoded_link(self, step: str) -> str:
        """The public link as a part of another URL or of a form."""
        return quote(self.link(step), safe="")


@dataclass(frozen=True, slots=True)
class FilledRequest:
    """A request ready to be sent, and the texts in it that no log may show."""

    request: Request
    secrets: frozenset[str]


def visit_nonce(uid: UUID, step: str, visit: int) -> str:
    """The nonce of a visit's placeholders.

    Derived with the oldest link key, the last of the ring, so that a new key put in front does not
    orphan requests that wait for their next attempt.
    """
    message = _PURPOSE + f"{uid}:{step}:{visit}".encode()
    return hmac.new(settings.LINK_KEYS[-1].encode(), message, hashlib.sha256).hexdigest()[:32]


def placeholder(nonce: str, kind: Kind, subject: str) -> str:
    """The stand-in for a credential's header value, or for the public link of a step."""
    name = base64.urlsafe_b64encode(subject.encode()).decode().rstrip("=")
    return f"~~{nonce}.{kind.value}.{name}~~"


def with_credential(request: Request, credential: Credential, nonce: str) -> Request:
    """The request with the credential's header, its value still a placeholder."""
    name = header_name(credential)
    others = tuple(pair for pair in request.headers if pair[0].lower() != name.lower())
    value = placeholder(nonce, Kind.SECRET, credential.name)
    return replace(request, headers=(*others, (name, value)))


def fill_secrets(request: Request, filling: Filling, door: Door) -> FilledRequest:
    """Put links in everywhere and secrets into headers; raises RequestRefused.

    A secret never stands in a URL or body: servers log the one and echo the other.
    """
    links = {Kind.LINK: filling.link, Kind.ENCODED_LINK: filling.encoded_link}
    url = _fill(request.url, filling.nonce, links)
    written = read_target(url).origin
    secrets = _Secrets(filling, (written, door.real_origin(written)))
    lookups = links | {Kind.SECRET: secrets.header_value}
    headers = tuple((name, _fill(value, filling.nonce, lookups)) for name, value in request.headers)
    body = None if request.body is None else _fill_body(request.body, filling.nonce, links)
    filled = replace(request, url=url, headers=headers, body=body)
    return FilledRequest(filled, frozenset(secrets.used))


class _Secrets:
    """Opens credentials for one place and remembers which texts must be hidden."""

    def __init__(self, filling: Filling, origins: tuple[str, str]) -> None:
        self._filling = filling
        self._origins = origins
        self.used: set[str] = set()

    def header_value(self, name: str) -> str:
        credential = self._filling.credential_by_name.get(name)
        if credential is None:
            raise CredentialRefused(f"There is no credential “{name}”. Choose another in the step.")
        _, value = header_for(credential, self._origins)
        self.used |= secret_texts(credential)
        return value


def _fill_body(body: bytes, nonce: str, lookups: _Lookups) -> bytes:
    """Bytes that are no text come through unchanged."""
    text = body.decode("utf-8", "surrogateescape")
    return _fill(text, nonce, lookups).encode("utf-8", "surrogateescape")


def _fill(text: str, nonce: str, lookups: _Lookups) -> str:
    kinds = "|".join(kind.value for kind in lookups)
    pattern = rf"~~{re.escape(nonce)}\.({kinds})\.([A-Za-z0-9_-]*)~~"
    return re.sub(pattern, lambda found: lookups[Kind(found[1])](_subject(found[2])), text)


def _subject(name: str) -> str:
    return base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
