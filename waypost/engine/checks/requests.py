"""The check of integrations: requests that can be sent, whatever values come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import structs

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.finding import Finding
from waypost.engine.jsonbody import normalise
from waypost.engine.own_calls import own_call
from waypost.engine.references import references_in, resolve_ids
from waypost.engine.rendering import FORM_TYPE, content_type, is_json, request_fault
from waypost.engine.step_types.http_request import HttpRequest

_ATTRIBUTE_OF = {"invalid_url": "url", "invalid_header": "headers", "invalid_json": "body"}
# As the exchange log hides them (`integrations.redaction`).
_SECRET_HEADER = re.compile(
    r"authorization|cookie|token|secret|password|api-?key|subscription-?key", re.IGNORECASE
)
_API_KEY = re.compile(r"\s*(api[-_ ]?key)\s", re.IGNORECASE)
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
    fault = request_fault(with_numbers(step))
    if fault is not None:
        yield _of_refusal(step, fault)
    yield from _secret_findings(step)
    yield from _mended_findings(step)
    yield from _type_findings(step)
    yield from _spelling_findings(step)
    yield from _number_findings(step)


@lru_cache(maxsize=2048)
def with_numbers(step: HttpRequest) -> HttpRequest:
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


def _mended_findings(step: HttpRequest) -> Iterator[Finding]:
    """What is left out of a body when it is sent, because strict JSON has no place for it."""
    body = normalise(with_numbers(step).body) if is_json(content_type(step)) else None
    if body is not None and not isinstance(body, Refusal) and body.mended:
        yield Finding(
            "mended_json",
            f"The body of {step.name} has {' and '.join(body.mended)}, which JSON does not know.",
            "Nothing has to be done: it is sent without. Remove it if others read the body, too.",
            "warning",
            step.key,
            attribute="body",
        )


def _type_findings(step: HttpRequest) -> Iterator[Finding]:
    if content_type(step) == FORM_TYPE and step.body.lstrip()[:1] in ("{", "["):
        is_reference = step.body.lstrip().startswith("{{=")
        if not is_reference:
            yield Finding(
                "wrong_content_type",
                f"{step.name} sends JSON, but its Content-Type says it is a form.",
                "Set Content-Type to application/json.",
                "warning",
                step.key,
                attribute="headers",
            )


def _spelling_findings(step: HttpRequest) -> Iterator[Finding]:
    """The old product's guide spells its own scheme in three ways; a strict server takes one."""
    for number, header in enumerate(step.headers):
        found = _API_KEY.match(header.value)
        if own_call(step) is not None and found is not None and found[1] != "Api-Key":
            yield Finding(
                "header_spelling",
                f"{step.name} writes “{found[1]}” where the API says “Api-Key”.",
                "Nothing has to be done here: every spelling is taken. Other servers may not.",
                "warning",
                step.key,
                attribute=f"headers.{number}.value",
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
