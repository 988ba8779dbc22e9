"""Test integration: one step's request, sent once with sample values; no instance is touched."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import BoundedSemaphore
from typing import cast

from django.conf import settings
from msgspec import structs

from waypost.engine.definition import Workflow
from waypost.engine.edits import UNKNOWN_STEP, replace_step
from waypost.engine.errors import Refusal
from waypost.engine.json_paths import parts_of, variable_name
from waypost.engine.references import PUBLIC_URL, ids_in, resolve_ids
from waypost.engine.rendering import RenderedRequest, render_request
from waypost.engine.samples import sample_lookup, samples_of
from waypost.engine.step import Variable
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.texts import change_texts, step_texts, texts_in
from waypost.integrations.door import Door, door_from_settings
from waypost.integrations.failures import OutboundFailure, RequestRefused
from waypost.integrations.http import Reply, Request, send_once
from waypost.integrations.idempotency import IDEMPOTENCY_HEADER
from waypost.integrations.outputs import is_good, reason_of
from waypost.integrations.placeholders import CredentialName, FilledRequest, fill_request
from waypost.integrations.providers import meaning_of, provider_for
from waypost.integrations.redaction import (
    Redaction,
    ReplyRecord,
    RequestRecord,
    redacted_reply,
    redacted_request,
)
from waypost.people.actor import Actor
from waypost.workflows.identities import identities_of
from waypost.workspace.audit import Subject, record

LONGEST_WAIT_SECONDS = 30
#: Stands for the token of a public link: a test belongs to no run, so the link leads nowhere.
NO_TOKEN = "only-runs-have-links"  # noqa: S105
#: Tests that wait at once in a process. Another one may be answered by this very process (the
#: sandbox, our own API), which must have threads left to do so.
MOST_AT_ONCE = 2
_waiting = BoundedSemaphore(MOST_AT_ONCE)

_BUSY = Refusal(
    "busy", "Other tests are waiting for their answers. Press Test again in half a minute."
)


@dataclass(frozen=True, slots=True)
class Trial:
    """What was sent and what came back, as a log may keep it. `problem` says why it is no good
    answer, and what to do; empty for a good one.
    """

    request: RequestRecord
    reply: ReplyRecord | None
    problem: str


def try_step(
    actor: Actor, workflow: Workflow, step: HttpRequest, texts: Mapping[str, str]
) -> Trial | Refusal:
    """Send the step's request once; `texts` are values by key of their sample."""
    if _paths(workflow):
        workflow = _with_ids(actor, workflow)
        step = cast("HttpRequest", workflow.step_by_key[step.key])
    unknown = next((path for one in step_texts(step) for path in ids_in(one.text)), None)
    if unknown is not None:
        return Refusal(
            "unknown_id",
            f"{{{{=id {unknown}}}}} names nothing that is here. Choose the step or field again.",
        )
    link_base = f"{settings.PUBLIC_URL}/s/"
    lookup = sample_lookup(samples_of(step, workflow), texts, workflow, link_base)
    rendered = render_request(step, lookup)
    if isinstance(rendered, Refusal):
        return rendered
    door = door_from_settings()
    tokens = {one.key: NO_TOKEN for one in workflow.steps if one.is_external}
    named = CredentialName(actor.workspace_id, step.credential)
    try:
        filled = fill_request(_as_request(rendered, step), named, tokens, door)
    except RequestRefused as refused:
        return Refusal(refused.code, str(refused))
    if not _waiting.acquire(blocking=False):
        return _BUSY
    try:
        _put_on_record(actor, workflow, step)
        return _sent(filled, door)
    finally:
        _waiting.release()


def with_variable(workflow: Workflow, key: str, path: str) -> Workflow | Refusal:
    """The workflow with a variable for this path in the step, named by its end."""
    step = workflow.step_by_key.get(key)
    if step is None:
        return UNKNOWN_STEP
    parts = parts_of(path)
    if parts is None:
        return Refusal("invalid_jsonpath", f"{path} is no such path. Pick the value again.")
    if any(one.path == path for one in step.variables):
        return Refusal("variable_exists", f"A variable for {path} is there already.")
    taken = {*(one.name for one in step.variables), *(one.key for one in step.fields), PUBLIC_URL}
    variable = Variable(name=variable_name(parts, taken), path=path)
    return replace_step(workflow, key, structs.replace(step, variables=(*step.variables, variable)))


def _put_on_record(actor: Actor, workflow: Workflow, step: HttpRequest) -> None:
    """A run keeps what it sends; of a test with somebody's secret nothing else would be left."""
    if step.credential:
        details = {"workflow": workflow.key, "step": step.key, "name": step.credential}
        record(actor, "credential_tested", Subject("credential", None, details))


def _with_ids(actor: Actor, workflow: Workflow) -> Workflow:
    """The workflow with its literal ids as the numbers that publishing would put in."""
    known = identities_of(actor.workspace_id, {path.partition("/")[0] for path in _paths(workflow)})
    return change_texts(workflow, lambda text: resolve_ids(text, known.by_path.get))


def _paths(workflow: Workflow) -> set[str]:
    return {path for one in texts_in(workflow) for path in ids_in(one.text)}


def _as_request(rendered: RenderedRequest, step: HttpRequest) -> Request:
    body = rendered.body.encode() if rendered.body else None
    seconds = min(step.timeout_seconds, LONGEST_WAIT_SECONDS)
    request = Request(rendered.method, rendered.url, rendered.headers, body, seconds)
    # Fresh each time: whoever presses Test again wants a second answer, not the first replayed.
    return request.with_header(IDEMPOTENCY_HEADER, str(uuid.uuid4()))


def _sent(filled: FilledRequest, door: Door) -> Trial:
    request = filled.request
    provider = provider_for(request.url, door)
    redaction = Redaction(filled.secrets, provider.hidden_fields if provider else ())
    trial = Trial(redacted_request(request, redaction), None, "")
    try:
        reply = send_once(request, door)
    except OutboundFailure as failure:
        return replace(trial, problem=redaction.text(str(failure)))
    problem = "" if is_good(reply) else redaction.text(_problem(request, reply, door))
    return replace(trial, reply=redacted_reply(reply, redaction), problem=problem)


def _problem(request: Request, reply: Reply, door: Door) -> str:
    """What the other system said, and what that means where it is known."""
    said = reason_of(reply).rstrip(".")
    meaning = meaning_of(request.url, request.method, reply, door)
    advice = _ADVICE.get(
        reply.status, "Compare the request below with what the other system expects"
    )
    return " ".join(f"{one.rstrip('.')}." for one in (said, meaning, advice) if one)


_ADVICE = {
    401: "The credential was not accepted: choose another in the step, or enter its secret again",
    403: "The credential is known but may not do this: use one with more rights",
    404: "Nothing is there under this address: check the URL and the values in it",
    405: "The address does not take this method: choose another",
    415: "The Content-Type header does not fit the body: correct it",
    429: "Too much was asked of it: wait a little, then test again",
}
