"""What was understood of a pasted request, as a builder sees it before it is used."""

from __future__ import annotations

from dataclasses import dataclass

from waypost.engine.checks.requests import is_secret_header
from waypost.engine.definition import Workflow
from waypost.engine.labels import Unresolved
from waypost.engine.pasted_request import PastedRequest, is_placeholder_secret
from waypost.engine.pasting import resolved_request
from waypost.engine.segments import Segment, segments_of
from waypost.engine.step_types.http_request import Header

_LEFT_OUT = "Only says where a secret goes, so it is left out. Choose a stored credential instead."
_STORED = "Will be kept as a stored credential, not in the workflow."
_ADMINS = "Only an admin may store a secret. Choose a stored credential instead, or ask one."


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A header; a secret in it is not shown."""

    name: str
    value: tuple[Segment, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The parts that were understood, their references under labels, and what needs a look."""

    request: PastedRequest
    url: tuple[Segment, ...]
    headers: tuple[HeaderRow, ...]
    body: tuple[Segment, ...]
    unresolved: tuple[Unresolved, ...]
    placeholders: tuple[str, ...]


def preview_of(
    pasted: PastedRequest, workflow: Workflow, step_key: str, stores_secrets: bool
) -> Preview:
    """What the request would be in this step."""
    request, unresolved = resolved_request(pasted, workflow)

    def shown(text: str) -> tuple[Segment, ...]:
        return segments_of(text, workflow, step_key)

    return Preview(
        request=request,
        url=shown(request.url),
        headers=tuple(
            HeaderRow(one.name, shown(_masked(one)), _note(one, stores_secrets))
            for one in request.headers
        ),
        body=shown(request.body),
        unresolved=unresolved,
        placeholders=request.placeholders,
    )


def _is_secret(header: Header) -> bool:
    return is_secret_header(header.name, header.value) and not is_placeholder_secret(header)


def _masked(header: Header) -> str:
    """The value; of a secret only the word before it."""
    if not _is_secret(header):
        return header.value
    scheme, space, rest = header.value.partition(" ")
    return f"{scheme} •••" if space and rest.strip() else "•••"


def _note(header: Header, stores_secrets: bool) -> str:
    if is_placeholder_secret(header):
        return _LEFT_OUT
    if not _is_secret(header):
        return ""
    return _STORED if stores_secrets else _ADMINS
