"""Secrets written out in a pasted workflow: taken out of it, and kept as stored credentials."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from msgspec import structs

from waypost.engine.checks.placeholders import placeholders_in
from waypost.engine.checks.requests import is_secret_header
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import Header, HttpRequest
from waypost.integrations.credentials import (
    NewCredential,
    create_credential,
    credential_from_header,
    credentials_by_name,
    replace_secret,
    texts_of_new,
)
from waypost.integrations.failures import RequestRefused
from waypost.integrations.target import origin_of
from waypost.people.actor import Actor
from waypost.workflows.models import Workflow as Row
from waypost.workspace.audit import Subject, record

#: Shorter texts stand in too many words to be told from them.
_SHORTEST_HIDDEN = 8
_HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class WithoutSecrets:
    """A workflow whose steps name credentials, and the secrets to store under these names."""

    workflow: Workflow
    credentials: tuple[NewCredential, ...]


def take_secrets(workflow: Workflow) -> WithoutSecrets:
    """Put a credential in place of each secret header; a header that cannot become one stays and
    the check reports it.
    """
    steps: list[AnyStep] = []
    found: list[NewCredential] = []
    for step in workflow.steps:
        header = _secret_header(step)
        if isinstance(step, HttpRequest) and header is not None:
            new = _credential(workflow, step, header)
            if new is not None:
                found.append(new)
                kept = tuple(one for one in step.headers if one is not header)
                step = structs.replace(step, headers=kept, credential=new.name)
        steps.append(step)
    return WithoutSecrets(structs.replace(workflow, steps=tuple(steps)), tuple(found))


def _store_secret(workspace_id: int, new: NewCredential) -> Refusal | None:
    """Keep a secret under its name; a second import of the same step renews it."""
    if credentials_by_name(workspace_id, [new.name]):
        return replace_secret(workspace_id, new.name, new.secret)
    stored = create_credential(workspace_id, new)
    return stored if isinstance(stored, Refusal) else None


def keep_secrets(actor: Actor, credentials: Iterable[NewCredential]) -> Refusal | None:
    """Store the secrets that came with a workflow, on record; the first refusal, if any."""
    for new in credentials:
        refusal = _store_secret(actor.workspace_id, new)
        if refusal is not None:
            return refusal
        record(actor, "credential_stored", Subject("credential", None, {"name": new.name}))
    return None


def forget_secrets(row: Row, credentials: Iterable[NewCredential]) -> None:
    """Hide what has become a credential in the kept changes too: it may have stood in the draft
    before anything said that it is a secret.

    It is replaced everywhere alike, so that changes still lead from one draft to the next; hence
    only what the newest draft does not hold any more.
    """
    standing = json.dumps(row.draft)
    found = {text for new in credentials for text in texts_of_new(new)}
    hidden = {
        text
        for text in found
        if len(text) >= _SHORTEST_HIDDEN and json.dumps(text)[1:-1] not in standing
    }
    for kept in row.draft_changes.iterator() if hidden else ():
        changes = _without(kept.changes, hidden)
        if changes != kept.changes:
            kept.changes = changes
            kept.save(update_fields=["changes"])


def _without(value: JSON, hidden: Collection[str]) -> JSON:
    if isinstance(value, str):
        for text in hidden:
            value = value.replace(text, _HIDDEN)
        return value
    if isinstance(value, list):
        return [_without(one, hidden) for one in value]
    if isinstance(value, dict):
        return {key: _without(one, hidden) for key, one in value.items()}
    return value


def secret_header_in(workflow: Workflow, before: Workflow) -> Header | None:
    """A secret written out that was not there before; its line must not be kept."""
    known = {header for step in before.steps for header in _headers(step)}
    headers = (header for step in workflow.steps for header in _headers(step))
    return next(
        (one for one in headers if is_secret_header(one.name, one.value) and one not in known), None
    )


def _headers(step: AnyStep) -> tuple[Header, ...]:
    return step.headers if isinstance(step, HttpRequest) else ()


def _secret_header(step: AnyStep) -> Header | None:
    if not isinstance(step, HttpRequest) or step.credential:
        return None
    written = (one for one in step.headers if is_secret_header(one.name, one.value))
    # What a guide left to fill in is no secret to keep: the check says so while it still stands.
    return next((one for one in written if not any(placeholders_in(one.value))), None)


def _credential(workflow: Workflow, step: HttpRequest, header: Header) -> NewCredential | None:
    try:
        origin = origin_of(step.url)
    except RequestRefused:
        return None
    read = credential_from_header(header.name, header.value, origin)
    name = f"{workflow.key}-{step.key}"[:100]
    return NewCredential(name, read.kind, read.secret, read.shown, read.origins)
