"""The `Idempotency-Key` of a request, for the actions that keep and replay answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from waypost.api.caller import actor_of, header_of, origin_of
from waypost.api.errors import ApiError, answer, error_body, is_final, refuse, status_of
from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON
from waypost.instances.answers import ApiCall, IdempotentRequest, Replayed, find_answer, keep_answer
from waypost.instances.detail import InstanceDetail

_LONGEST_KEY = 255


def call_of(request: HttpRequest, status: int, render: Callable[[InstanceDetail], JSON]) -> ApiCall:
    """How this request came: from which visit of ours, under which key, and what its answer
    will be.
    """
    return ApiCall(origin_of(request), keyed_request(request, status, render))


def keyed_request(
    request: HttpRequest, status: int, render: Callable[[InstanceDetail], JSON]
) -> IdempotentRequest | None:
    """The request under its key, if it brought one."""
    key = (header_of(request, "Idempotency-Key") or "").strip().replace("\0", "")
    if not key:
        return None
    if len(key) > _LONGEST_KEY:
        message = f"Shorten the Idempotency-Key to {_LONGEST_KEY} characters."
        raise ApiError(Refusal("invalid_idempotency_key", message))
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).digest()
    return IdempotentRequest(key, digest, status, render)


def kept_answer(request: HttpRequest, keyed: IdempotentRequest | None) -> HttpResponse | None:
    """What was answered to the same request before, for requests that change several instances."""
    found = find_answer(actor_of(request), keyed) if keyed else None
    if isinstance(found, Refusal):
        return refuse(found)
    return replay(found) if found else None


def replay(found: Replayed) -> HttpResponse:
    """The kept answer once more."""
    response = answer(found.status, found.answer)
    response["Idempotency-Replayed"] = "true"
    return response


def refused(
    request: HttpRequest, keyed: IdempotentRequest | None, refusal: Refusal
) -> HttpResponse:
    """The response for a refusal, kept for its key when asking again would change nothing."""
    is_kept = is_final(refusal) and refusal.code != "idempotency_key_reused"
    if keyed is not None and is_kept:
        keep_answer(actor_of(request), keyed, status_of(refusal), error_body(refusal))
    return refuse(refusal)
