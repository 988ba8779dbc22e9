"""Secrets written out in a pasted workflow: taken out of it, and kept as stored credentials."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec import structs

from waypost.engine.checks.placeholders import placeholders_in
from waypost.engine.checks.requests import is_secret_header
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import Header, HttpRequest
from waypost.integrations.credentials import (
    NewCredential,
    create_credential,
    credential_from_header,
    credentials_by_name,
    replace_secret,
)
from waypost.integrations.failures import RequestRefused
from waypost.integrations.target import origin_of
from waypost.people.actor import Actor
from waypost.workspace.audit import Subject, record


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
