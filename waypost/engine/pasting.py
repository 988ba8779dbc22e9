"""A pasted request: read from whatever text it came in, and put into a step."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from msgspec import structs

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.labels import Unresolved, resolve_labels
from waypost.engine.pasted_curl import read_curl
from waypost.engine.pasted_guide import read_guide
from waypost.engine.pasted_request import PastedRequest, is_placeholder_secret
from waypost.engine.step import Variable
from waypost.engine.step_types.http_request import Header, HttpRequest

_FORM_BODY = re.compile(r"[A-Za-z_][\w.\[\]%-]*=(?!\s*\\?\$)[^\n]*")
_URL = re.compile(r"https?://\S[^\n]*")


def read_request(text: str) -> PastedRequest:
    """What the text says of a request: a curl command, the block of a guide, headers, a table of
    variables, or a body or URL alone.
    """
    bare = text.replace("\r\n", "\n").strip("\n")
    command = read_curl(bare)
    if command is not None:
        return command
    if bare.lstrip()[:1] in ("{", "[") or _FORM_BODY.fullmatch(bare.strip()):
        return PastedRequest(body=bare)
    if _URL.fullmatch(bare.strip()):
        return PastedRequest(url=bare.strip())
    return read_guide(bare)


def resolved_request(
    pasted: PastedRequest, workflow: Workflow
) -> tuple[PastedRequest, tuple[Unresolved, ...]]:
    """The request with stored references in place of printed ones, and what stayed as it was."""
    unresolved: list[Unresolved] = []

    def resolved(text: str) -> str:
        found, stayed = resolve_labels(text, workflow)
        unresolved.extend(stayed)
        return found

    headers = tuple(structs.replace(one, value=resolved(one.value)) for one in pasted.headers)
    url, body = resolved(pasted.url), resolved(pasted.body)
    return replace(pasted, url=url, headers=headers, body=body), tuple(unresolved)


def use_request(workflow: Workflow, step_key: str, pasted: PastedRequest) -> Workflow | Refusal:
    """The workflow with what was understood in the step; other parts of the step stay.

    A whole request brings all its headers, a list of headers changes those it names. A header that
    only says where a secret goes is left out: the step's credential takes its place.
    """
    step = workflow.step_by_key.get(step_key)
    if not isinstance(step, HttpRequest):
        return Refusal(
            "not_an_integration", "Only an integration takes a request. Open one, and paste there."
        )
    request = resolved_request(pasted, workflow)[0]
    changed = structs.replace(
        step,
        method=request.method or step.method,
        url=request.url or step.url,
        headers=_headers(step, request),
        body=request.body or step.body,
        variables=_variables(step.variables, request.variables),
        on_failure="skip" if request.skips_on_failure else step.on_failure,
        is_blocking=step.is_blocking and not request.is_non_blocking,
    )
    steps = tuple(changed if one.key == step_key else one for one in workflow.steps)
    return structs.replace(workflow, steps=steps)


def _headers(step: HttpRequest, request: PastedRequest) -> tuple[Header, ...]:
    new = [one for one in request.headers if not is_placeholder_secret(one)]
    named = {one.name.lower() for one in new}
    is_whole = bool(request.url and request.headers)
    kept = () if is_whole else (one for one in step.headers if one.name.lower() not in named)
    return (*kept, *new)


def _variables(old: Iterable[Variable], new: Iterable[Variable]) -> tuple[Variable, ...]:
    """The old ones with the new ones in their places, then those of other names."""
    by_name = {one.name: one for one in (*old, *new)}
    return tuple(by_name.values())
