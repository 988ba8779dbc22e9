"""The check of texts: references that point at something earlier, requests that can be sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from msgspec import structs

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.finding import Finding
from waypost.engine.labels import resolve_labels
from waypost.engine.references import (
    INSTANCE,
    PUBLIC_URL,
    Reference,
    ids_in,
    malformed_in,
    missing,
    references_in,
    resolve_ids,
)
from waypost.engine.rendering import request_fault
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.texts import PlacedText, texts_in

_ATTRIBUTE_OF = {"invalid_url": "url", "invalid_header": "headers", "invalid_json": "body"}
# As the exchange log hides them (`integrations.redaction`).
_SECRET_HEADER = re.compile(
    r"authorization|cookie|token|secret|password|api-?key|subscription-?key", re.IGNORECASE
)
_OWN_COMPLETION = re.compile(r"/instances/\{\{=instance\.id[^}]*\}\}/complete_step\b")
_LONGEST_TIMEOUT = 60
_MOST_RETRIES = 20


def text_findings(workflow: Workflow) -> Iterator[Finding]:
    """What is wrong with references in any text of the workflow."""
    for placed in texts_in(workflow):
        for finding in _findings(workflow, placed):
            yield replace(finding, step=placed.step, field=placed.field, attribute=placed.attribute)


def request_findings(step: HttpRequest) -> Iterator[Finding]:
    """What is wrong with an outbound call, whatever values come."""
    fault = request_fault(_with_numbers(step))
    if fault is not None:
        yield _of_refusal(step, fault)
    yield from _secret_findings(step)
    if step.is_blocking and _OWN_COMPLETION.search(step.url):
        yield Finding(
            "blocking_self_call",
            f"{step.name} completes a step of its own instance but holds up the steps after it, "
            "so that its target may never become active.",
            "Set `is_blocking: false`.",
            "warning",
            step.key,
            attribute="url",
        )
    yield from _number_findings(step)


def is_secret_header(name: str, value: str) -> bool:
    """Whether a header carries a secret written out, which belongs into a credential."""
    has_value = bool(value.strip()) and not references_in(value)
    return _SECRET_HEADER.search(name) is not None and has_value


def _findings(workflow: Workflow, placed: PlacedText) -> Iterator[Finding]:
    for text in malformed_in(placed.text):
        yield Finding(
            "malformed_reference",
            f"{text} looks like a reference and is none.",
            "Write {{=step.field}}, {{=step.field.output|plain}} or {{=id workflow/step}}.",
        )
    for unresolved in resolve_labels(placed.text, workflow)[1]:
        yield Finding(
            "unresolved_label", f"{unresolved.text} points at nothing here.", unresolved.message
        )
    for path in ids_in(placed.text):
        yield from _id_findings(workflow, path)
    for reference in references_in(placed.text):
        yield from _reference_findings(workflow, placed, reference)


def _id_findings(workflow: Workflow, path: str) -> Iterator[Finding]:
    key, _, rest = path.partition("/")
    if key != workflow.key or not rest:
        return
    step_key, _, field_key = rest.partition("/")
    step = workflow.step_by_key.get(step_key)
    if step is None or (field_key and step.field(field_key) is None):
        yield Finding(
            "dangling_id",
            f"{{{{=id {path}}}}} names a step or field that this workflow does not have.",
            "Write {{=id workflow/step}} or {{=id workflow/step/field}} with keys that exist.",
        )


def _reference_findings(
    workflow: Workflow, placed: PlacedText, reference: Reference
) -> Iterator[Finding]:
    why = missing(reference, workflow)
    if why:
        yield Finding("dangling_reference", f"{reference} points at nothing.", why)
    elif not placed.step:
        yield from _name_findings(reference)
    elif reference.step == INSTANCE:
        return
    elif reference.name == PUBLIC_URL:
        yield from _link_findings(workflow, reference)
    elif workflow.position_by_key[reference.step] >= workflow.position_by_key[placed.step]:
        yield Finding(
            "later_reference",
            f"{reference} is always empty here: its step comes later or is this step itself.",
            "Refer to an earlier step, or move it up. Only `public_url` may be of a later step.",
        )


def _name_findings(reference: Reference) -> Iterator[Finding]:
    if (reference.step, reference.name) != (INSTANCE, "id"):
        yield Finding(
            "early_reference",
            f"{reference} has no value yet when an instance gets its name.",
            "Use {{=instance.id}} only.",
        )


def _link_findings(workflow: Workflow, reference: Reference) -> Iterator[Finding]:
    step = workflow.step_by_key[reference.step]
    if not step.is_external:
        yield Finding(
            "internal_link",
            f"{reference} is the public link of {step.name}, which colleagues complete.",
            f"Set `assignee: external` on {step.name}, or refer to another step.",
            "warning",
        )


def _with_numbers(step: HttpRequest) -> HttpRequest:
    """The step as after publishing: a number wherever an id is asked for."""
    return structs.replace(
        step,
        url=resolve_ids(step.url, lambda path: 1),
        body=resolve_ids(step.body, lambda path: 1),
    )


def _of_refusal(step: HttpRequest, fault: Refusal) -> Finding:
    message, _, remedy = fault.message.rpartition(". ") if ". " in fault.message else ("", "", "")
    return Finding(
        fault.code,
        f"{message}." if message else fault.message,
        remedy or "Correct it.",
        step=step.key,
        attribute=_ATTRIBUTE_OF.get(fault.code, ""),
    )


def _secret_findings(step: HttpRequest) -> Iterator[Finding]:
    for number, header in enumerate(step.headers):
        if is_secret_header(header.name, header.value):
            yield Finding(
                "literal_secret",
                f"{step.name} has the secret of {header.name} written out.",
                "Remove the header and name a stored `credential`; an import does it by itself "
                "where the step names none yet.",
                "warning",
                step.key,
                attribute=f"headers.{number}",
            )


def _number_findings(step: HttpRequest) -> Iterator[Finding]:
    if not 1 <= step.timeout_seconds <= _LONGEST_TIMEOUT:
        yield Finding(
            "wrong_number",
            f"{step.name} would wait {step.timeout_seconds} seconds for an answer.",
            f"Write 1 to {_LONGEST_TIMEOUT}.",
            step=step.key,
            attribute="timeout_seconds",
        )
    policy = step.retry
    is_right = 0 <= policy.times <= _MOST_RETRIES and 0 <= policy.delay_seconds <= 86_400
    if not is_right or any(not 400 <= status <= 599 for status in policy.statuses):
        yield Finding(
            "wrong_number",
            f"{step.name} has a retry policy that cannot be kept.",
            f"Write times 0 to {_MOST_RETRIES}, delay_seconds up to a day, statuses 400 to 599.",
            step=step.key,
            attribute="retry",
        )
