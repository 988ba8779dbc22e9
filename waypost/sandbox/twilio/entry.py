"""The way in for every Verify path: caller, one transaction, and the answer in Twilio's shape."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from waypost.sandbox.callers import Caller, caller_by_basic
from waypost.sandbox.idempotency import REUSED, REUSED_MESSAGE, answer_once, key_of
from waypost.sandbox.twilio.errors import (
    MORE_INFO,
    Refused,
    method_not_allowed,
    not_authenticated,
    not_found,
)
from waypost.sandbox.twilio.form import Form, read_form

JsonBody = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated request, read."""

    account_sid: str
    now: datetime
    path: str
    base: str
    form: Form
    query: dict[str, str]
    idempotency_key: str


class Answer(HttpResponse):
    """A JSON answer, given after `delay_seconds` once its effects are committed."""

    delay_seconds = 0

    def __init__(self, payload: JsonBody | None, status: int = 200) -> None:
        """No payload (204) means an empty body."""
        body = "" if payload is None else json.dumps(payload, ensure_ascii=False)
        super().__init__(body, status=status, content_type="application/json")


Endpoint = Callable[..., Answer]


def endpoint(**by_method: Endpoint) -> Callable[..., HttpResponse]:
    """A view that hands each method to its function as `(call, **path parts)`."""

    @csrf_exempt
    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        started = time.perf_counter()
        response = _answer(request, by_method, parts)
        delay = getattr(response, "delay_seconds", 0)
        if delay:
            time.sleep(delay)
        response["Twilio-Request-Id"] = new_sid("RQ")
        response["Twilio-Request-Duration"] = f"{time.perf_counter() - started:.3f}"
        response["Twilio-Concurrent-Requests"] = "1"
        return response

    return view


def nowhere(call: Call, **_parts: str) -> Answer:
    """A path of Twilio's that the sandbox does not have."""
    raise not_found(call.path)


def new_sid(prefix: str) -> str:
    """A SID as Twilio makes them: two letters and 32 hex digits."""
    return prefix + secrets.token_hex(16)


def timestamp(moment: datetime) -> str:
    """The only form that the SDK reads as a date: no fraction, and `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _answer(
    request: HttpRequest, by_method: Mapping[str, Endpoint], parts: Mapping[str, str]
) -> HttpResponse:
    caller = caller_by_basic(request)
    if caller is None:
        return _refusal(not_authenticated())
    chosen = by_method.get(request.method or "") or by_method.get("any")
    if chosen is None:
        return _refusal(method_not_allowed())
    return answer_once(
        request, caller, lambda: _run(chosen, request, caller, parts), lambda: _reused()
    )


def _run(
    chosen: Endpoint, request: HttpRequest, caller: Caller, parts: Mapping[str, str]
) -> HttpResponse:
    """A refusal is caught inside the transaction, so that what it counted stays counted."""
    try:
        if "\0" in request.path:
            raise not_found(request.path)
        return chosen(_read_call(request, caller), **parts)
    except Refused as refused:
        return _refusal(refused)


def _read_call(request: HttpRequest, caller: Caller) -> Call:
    """Links carry the configured address: a forged Host would lead the SDK's credentials away."""
    base = settings.SANDBOX_PUBLIC_URL or request.build_absolute_uri("/")
    return Call(
        account_sid=caller.account_sid,
        now=caller.now,
        path=request.path,
        base=base.rstrip("/"),
        form=read_form(request),
        query={name: str(value) for name, value in request.GET.items()},
        idempotency_key=key_of(request),
    )


def _refusal(refused: Refused) -> HttpResponse:
    payload = {
        "code": refused.code,
        "message": refused.message,
        "more_info": f"{MORE_INFO}{refused.code}",
        "status": refused.status,
    }
    response = Answer(payload, refused.status)
    if refused.status == 401:
        response["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    if refused.status == 429:
        response["Retry-After"] = str(max(1, refused.retry_after))
        response["Twilio-Reached-Rate-Limit"] = refused.limit
    return response


def _reused() -> HttpResponse:
    payload = {"code": REUSED, "message": REUSED_MESSAGE, "more_info": MORE_INFO, "status": 422}
    return Answer(payload, 422)
