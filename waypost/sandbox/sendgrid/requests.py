"""What every v3 endpoint shares: bearer key, method, JSON body, kept answers, errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from waypost.sandbox.callers import Caller, caller_by_bearer
from waypost.sandbox.idempotency import answer_once
from waypost.sandbox.sendgrid import errors
from waypost.sandbox.sendgrid.errors import Fault, answer_fault, answer_faults
from waypost.sandbox.sendgrid.shapes import BadJson, BadText, Fields, read_object

View = Callable[..., HttpResponse]


class Refused(Exception):
    """An answer other than success, raised where it is found; nothing is written."""

    def __init__(self, status: int, faults: list[Fault]) -> None:
        super().__init__(faults[0].message)
        self.answer = answer_faults(status, faults)


@dataclass(frozen=True, slots=True)
class Asked:
    """An authenticated request."""

    caller: Caller
    http: HttpRequest
    fields: Fields


def by_method(**views: View) -> View:
    """A view that gives each method to its function, which gets an Asked and the path's parts."""

    @csrf_exempt
    def answer(request: HttpRequest, **parts: str) -> HttpResponse:
        caller = caller_by_bearer(request)
        if caller is None:
            return answer_fault(401, errors.UNAUTHORIZED)
        view = views.get(request.method or "")
        if view is None:
            return answer_fault(405, errors.WRONG_METHOD)
        return answered(request, caller, lambda: view(_asked(request, caller), **parts))

    return answer


def answered(
    request: HttpRequest, caller: Caller, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    """Run an answer once per Idempotency-Key; refusals become SendGrid's errors."""

    def refusing() -> HttpResponse:
        try:
            return answer()
        except Refused as refused:
            return refused.answer
        except Http404:
            return answer_fault(404, errors.NOT_FOUND)

    try:
        return answer_once(request, caller, refusing, lambda: answer_fault(422, errors.KEY_REUSED))
    except RequestDataTooBig:
        return answer_fault(413, errors.TOO_LARGE)


def _asked(request: HttpRequest, caller: Caller) -> Asked:
    has_body = request.method in ("POST", "PATCH") and request.body
    return Asked(caller, request, read_fields(request) if has_body else {})


def read_fields(request: HttpRequest) -> Fields:
    """The JSON object in the body, or what SendGrid answers without one."""
    if request.content_type != "application/json":
        raise Refused(415, [Fault(errors.NOT_JSON)])
    try:
        return read_object(request.body)
    except BadText as error:
        raise Refused(415, [Fault(errors.NOT_UTF8)]) from error
    except BadJson as error:
        raise Refused(400, [Fault(errors.BAD_JSON)]) from error
    except RequestDataTooBig as error:
        raise Refused(413, [Fault(errors.TOO_LARGE)]) from error
