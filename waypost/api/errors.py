"""How a refusal looks on the wire: `{"code", "detail", "fields"}` and the HTTP status that goes
with its code.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from waypost.api.codes import FAULT_BY_CODE
from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON

TOO_LARGE = Refusal("too_large", "The body is larger than 2.5 MB. Send less at once.")
SERVER_ERROR = Refusal(
    "server_error",
    "The server failed at this request. Try again; if it fails again, tell its operator the time.",
)
DATABASE_AWAY = Refusal(
    "busy", "The database is away for a moment. Nothing was half done; try again."
)
UNREADABLE = Refusal("invalid_request", "The request cannot be read. See /api/openapi.json.")


class ApiError(Exception):
    """Ends a request with a refusal."""

    def __init__(self, refusal: Refusal, retry_after_seconds: int | None = None) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal
        self.retry_after_seconds = retry_after_seconds


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal."""
    fault = FAULT_BY_CODE.get(refusal.code)
    return 400 if fault is None else fault.status


def is_final(refusal: Refusal) -> bool:
    """Whether asking the same again would get the same answer."""
    fault = FAULT_BY_CODE.get(refusal.code)
    return fault is None or not fault.is_passing


def error_body(refusal: Refusal) -> dict[str, JSON]:
    """The JSON of a refusal; `fields` maps what was sent to the reasons it was not taken."""
    reasons: dict[str, list[JSON]] = {}
    for name, reason in refusal.fields:
        reasons.setdefault(name, []).append(reason)
    return {"code": refusal.code, "detail": refusal.message, "fields": {**reasons}}


def answer(status: int, body: JSON) -> HttpResponse:
    """A JSON response; the body is encoded once, without a detour over the schema."""
    content = msgspec.json.encode(body)
    headers = {"Content-Type": "application/json", "Content-Length": str(len(content))}
    return HttpResponse(content, headers=headers, status=status)


def refuse(refusal: Refusal, retry_after_seconds: int | None = None) -> HttpResponse:
    """The response for a refusal, with `Retry-After` where waiting helps."""
    response = answer(status_of(refusal), error_body(refusal))
    fault = FAULT_BY_CODE.get(refusal.code)
    seconds = retry_after_seconds or (fault and fault.retry_seconds)
    if seconds:
        response["Retry-After"] = str(seconds)
    return response


def on_api_error(request: HttpRequest, error: ApiError) -> HttpResponse:
    """A request that ended with a refusal."""
    return refuse(error.refusal, error.retry_after_seconds)


def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A request that does not fit its description: every fault at once."""
    faults = tuple((_place(one), str(one["msg"])) for one in error.errors)
    told = "; ".join(f"{place}: {reason}" for place, reason in faults)
    return refuse(Refusal("invalid_request", f"Correct the request: {told}.", faults))


def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that could not be read."""
    if isinstance(error.__cause__, ApiError):
        return on_api_error(request, error.__cause__)
    return refuse(Refusal("invalid_json", "The body is no JSON object. Send one, in UTF-8."))


def on_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """A path that leads nowhere."""
    return refuse(unknown_path(request))


def unknown_path(request: HttpRequest) -> Refusal:
    """There is no such endpoint."""
    return Refusal("not_found", f"There is nothing at {request.path}. See /api/openapi.json.")


def wrong_method(request: HttpRequest, allowed: str) -> Refusal:
    """The endpoint is there, the method is not."""
    message = f"{request.method} is not possible at {request.path}; allowed: {allowed}."
    return Refusal("method_not_allowed", message)


def _place(error: dict[str, Any]) -> str:
    """`step_id` from ("body", "given", "step_id"): the last names that the caller wrote."""
    parts = [str(part) for part in error["loc"]]
    return ".".join(parts[2:] or parts[-1:])
