"""Secrets and link tokens enter a rendered request here, just before it is sent.

Until then `\ue000secret:<credential>\ue001` stands for the value of a credential's header, and the
engine's `link_placeholder` for the token of a public link. The two marks are letters for private
use that the engine takes out of every value (`json_value.clean_text`), hence nothing that anybody
types can pose as a placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from waypost.engine.references import fill_links
from waypost.integrations.credentials import (
    credentials_by_name,
    header_for,
    header_name,
    secret_texts,
)
from waypost.integrations.door import Door
from waypost.integrations.failures import CredentialRefused, RequestRefused
from waypost.integrations.http import Request
from waypost.integrations.models import Credential
from waypost.integrations.target import read_target

_SECRET = re.compile("\ue000secret:([^\ue000\ue001]*)\ue001")


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands behind the placeholders: credentials by name, link tokens by step key."""

    credential_by_name: Mapping[str, Credential]
    token_by_step: Mapping[str, str]

    def token(self, step: str) -> str:
        """The token of a step's public link; raises RequestRefused."""
        found = self.token_by_step.get(step)
        if found is None:
            raise RequestRefused(f"The step “{step}” has no public link. Mend the reference to it.")
        return found


@dataclass(frozen=True, slots=True)
class FilledRequest:
    """A request ready to be sent, and the texts in it that no log may show."""

    request: Request
    secrets: frozenset[str]


@dataclass(frozen=True, slots=True)
class CredentialName:
    """The credential that a step names in its workspace; no name is no credential."""

    workspace_id: int
    name: str


def secret_placeholder(credential_name: str) -> str:
    """What stands for the value of a credential's header until the request is sent."""
    return f"\ue000secret:{credential_name}\ue001"


def with_credential(request: Request, credential: Credential) -> Request:
    """The request with the credential's header in place of its own one, still a placeholder."""
    return request.with_header(header_name(credential), secret_placeholder(credential.name))


def fill_request(
    request: Request, named: CredentialName, token_by_step: Mapping[str, str], door: Door
) -> FilledRequest:
    """Put the credential that a step names and every link token in; raises RequestRefused."""
    name = named.name
    credentials = credentials_by_name(named.workspace_id, [name]) if name else {}
    if name and name not in credentials:
        raise RequestRefused(
            f"There is no credential “{name}”. Create it, or choose another in the step, "
            "then restart the step."
        )
    if name:
        request = with_credential(request, credentials[name])
    return fill_secrets(request, Filling(credentials, token_by_step), door)


def fill_secrets(request: Request, filling: Filling, door: Door) -> FilledRequest:
    """Put link tokens in everywhere and secrets into headers; raises RequestRefused.

    A secret never stands in a URL or body: servers log the one and echo the other.
    """
    url = fill_links(request.url, filling.token)
    written = read_target(url).origin
    secrets = _Secrets(filling, (written, door.real_origin(written)))
    headers = tuple(
        (name, secrets.fill(fill_links(value, filling.token))) for name, value in request.headers
    )
    body = None if request.body is None else _filled_body(request.body, filling)
    filled = replace(request, url=url, headers=headers, body=body)
    return FilledRequest(filled, frozenset(secrets.used))


class _Secrets:
    """Opens credentials for one place and remembers which texts must be hidden."""

    def __init__(self, filling: Filling, origins: tuple[str, str]) -> None:
        self._filling = filling
        self._origins = origins
        self.used: set[str] = set()

    def fill(self, text: str) -> str:
        return _SECRET.sub(lambda found: self._value(found[1]), text)

    def _value(self, name: str) -> str:
        credential = self._filling.credential_by_name.get(name)
        if credential is None:
            raise CredentialRefused(f"There is no credential “{name}”. Choose another in the step.")
        _, value = header_for(credential, self._origins)
        self.used |= secret_texts(credential)
        return value


def _filled_body(body: bytes, filling: Filling) -> bytes:
    """Bytes that are no text come through unchanged."""
    text = body.decode("utf-8", "surrogateescape")
    return fill_links(text, filling.token).encode("utf-8", "surrogateescape")
