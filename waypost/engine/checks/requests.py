"""The check of integrations: requests that can be sent, whatever values come."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import structs

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.finding import Finding
from waypost.engine.references import references_in, resolve_ids
from waypost.engine.rendering import request_fault
from waypost.engine.step_types.http_request import HttpRequest

_ATTRIBUTE_OF = {"invalid_url": "url", "invalid_header": "headers", "invalid_json": "body"}
# As the exchange log hides them (`integrations.redaction`).
_SECRET_HEADER = re.compile(
    r"authorization|cookie|token|secret|password|api-?key|subscription-?key", re.IGNORECASE
)
_OWN_COMPLETION = re.compile(r"/instances/\{\{=instance\.id[^}]*\}\}/complete_step\b")
_LONGEST_TIMEOUT = 60
_MOST_RETRIES = 20


def request_findings(workflow: Workflow) -> Iterator[Finding]:
    """What is wrong with outbound calls."""
    for step in workflow.steps:
        if isinstance(step, HttpRequest):
            yield from _findings(step)


def is_secret_header(name: str, value: str) -> bool:
    """Whether a header carries a secret written out, which belongs into a credential."""
    has_value = bool(value.strip()) and not references_in(value)
    return _SECRET_HEADER.search(name) is not None and has_value


def _findings(step: HttpRequest) -> Iterator[Finding]:
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
