"""The check of what people outside get to see: no secrets, nobody else's data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from waypost.engine.definition import Workflow
from waypost.engine.field_types.email import Email
from waypost.engine.field_types.phone import Phone
from waypost.engine.finding import Finding
from waypost.engine.references import PUBLIC_URL, Reference, references_in
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.texts import step_texts

_SECRET = re.compile(
    r"\b(?:Bearer|Basic|Api[-_ ]?Key)\s+(?=[A-Za-z0-9._~+/=-]*\d)[A-Za-z0-9._~+/=-]{12,}"
    r"|\bSG\.[\w-]{10,}\.[\w-]{10,}|\b(?:AC|SK|VA)[0-9a-f]{32}\b|\b[rs]k_(?:live|test)_\w{10,}"
    r"|\bgh[pousr]_\w{20,}|\bxox[abp]-[\w-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----",
    re.IGNORECASE,
)
_SECRET_NAME = re.compile(r"token|secret|password|api_?key|credential", re.IGNORECASE)


def public_text_findings(workflow: Workflow) -> Iterator[Finding]:
    """Secrets in what an external step shows, and contact data of somebody else."""
    outside = [one for one in workflow.steps if one.is_external and one.waits_for == "person"]
    readers_by_key = _readers(workflow) if outside else {}
    for step in outside:
        readers = readers_by_key.get(step.key, frozenset())
        for field, attribute, text in _shown(step):
            for finding in _findings(workflow, step, text, readers):
                yield replace(finding, step=step.key, field=field, attribute=attribute)


def _shown(step: AnyStep) -> Iterator[tuple[str, str, str]]:
    """Field, attribute and text of everything that the page of the step shows."""
    yield "", "name", step.name
    for field in step.fields:
        yield field.key, "name", field.name
        yield field.key, "info", field.info
    for placed in step_texts(step):
        yield placed.field, placed.attribute, placed.text


def _findings(
    workflow: Workflow, step: AnyStep, text: str, readers: frozenset[str]
) -> Iterator[Finding]:
    if _SECRET.search(text):
        yield Finding(
            "public_secret",
            f"{step.name} is shown to somebody outside and holds what looks like a secret.",
            "Remove it, and change the secret: whoever had the link may have seen it.",
        )
    for reference in references_in(text):
        if _is_secret(workflow, reference):
            yield Finding(
                "public_secret",
                f"{reference} goes by the name of a secret, and {step.name} shows it to somebody "
                "outside.",
                "Remove the reference, or rename the variable if it is none.",
                "warning",
            )
        elif readers and _is_contact(workflow, reference) and reference.step not in readers:
            yield Finding(
                "personal_data_shown",
                f"{step.name} shows {reference} to somebody else.",
                "Remove the reference, or acknowledge this if they may see it.",
                "warning",
            )


def _is_secret(workflow: Workflow, reference: Reference) -> bool:
    step = workflow.step_by_key.get(reference.step)
    is_variable = step is not None and step.variable(reference.name) is not None
    return is_variable and _SECRET_NAME.search(reference.name) is not None


def _is_contact(workflow: Workflow, reference: Reference) -> bool:
    step = workflow.step_by_key.get(reference.step)
    return step is not None and isinstance(step.field(reference.name), Email | Phone)


def _readers(workflow: Workflow) -> dict[str, frozenset[str]]:
    """The forms with the contact data that the link of each step is sent to: who reads it."""
    found: dict[str, frozenset[str]] = {}
    for call in workflow.steps:
        if isinstance(call, HttpRequest):
            named = [one for placed in step_texts(call) for one in references_in(placed.text)]
            told = {one.step for one in named if one.name == PUBLIC_URL}
            contacts = frozenset(one.step for one in named if told and _is_contact(workflow, one))
            for key in told:
                found[key] = found.get(key, frozenset()) | contacts
    return found
