"""Control of the sandbox for tests, demos and the command line: its clock, and what it has sent.

An admin token or a signed-in admin is asked for; where the call comes from never counts.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt

from waypost.sandbox import clock
from waypost.sandbox.keys import control_token
from waypost.sandbox.messages import Message, newest_messages

View = Callable[..., HttpResponseBase]
MOST_SECONDS = 10 * 366 * 86400
_HOW = "Send `Authorization: Bearer <control token>`, or sign in as an administrator."


def for_admins(view: View) -> View:
    """Let in the control token, and signed-in admins under CSRF protection; everybody else gets
    401.
    """
    protected = decorator_from_middleware(_JsonCsrf)(view)

    @csrf_exempt
    def guarded(request: HttpRequest, **parts: str) -> HttpResponseBase:
        if _has_token(request):
            return view(request, **parts)
        if _is_admin(request):
            return protected(request, **parts)
        return refusal(401, "not_an_admin", _HOW)

    return guarded


def refusal(status: int, code: str, message: str) -> HttpResponse:
    """An error of the control endpoints."""
    return JsonResponse({"code": code, "message": message}, status=status)


def fields_of(request: HttpRequest) -> Mapping[str, str] | None:
    """The fields of a JSON or form body, as text; None when the JSON is no object."""
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        given = json.loads(request.body)
    except ValueError:
        return None
    return {key: str(value) for key, value in given.items()} if isinstance(given, dict) else None


class _JsonCsrf(CsrfViewMiddleware):
    """Django's check, refusing in JSON as everything here does."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        message = f"{reason} Send the page's token as X-CSRFToken, or use the control token."
        return refusal(403, "csrf_failed", message)


@for_admins
def clock_view(request: HttpRequest) -> HttpResponse:
    """GET says the sandbox's time; POST moves it by `advance_seconds`, to `offset_seconds`, or back
    by `reset`.
    """
    if request.method == "POST":
        refused = _move_clock(fields_of(request) or {})
        if refused is not None:
            return refused
    elif request.method != "GET":
        return refusal(405, "method_not_allowed", "Use GET to read the clock and POST to move it.")
    return JsonResponse({"now": clock.now().isoformat(), "offset_seconds": clock.offset_seconds()})


@for_admins
def messages_view(request: HttpRequest) -> HttpResponse:
    """The newest messages to `?to=` (number or mail address), and the newest code among them."""
    if request.method != "GET":
        return refusal(405, "method_not_allowed", "Use GET to read messages.")
    messages = newest_messages(_address(request.GET.get("to", "")))
    code = next((message.code for message in messages if message.code), None)
    return JsonResponse({"code": code, "messages": [_shown(message) for message in messages]})


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    return hmac.compare_digest(given.encode(), f"Bearer {control_token()}".encode())


def _is_admin(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    return bool(getattr(user, "is_staff", False) or getattr(user, "is_superuser", False))


def _move_clock(fields: Mapping[str, str]) -> HttpResponse | None:
    try:
        if "advance_seconds" in fields:
            clock.advance(_seconds(fields["advance_seconds"]))
        elif "offset_seconds" in fields:
            clock.set_offset(_seconds(fields["offset_seconds"]))
        elif "reset" in fields:
            clock.set_offset(0)
        else:
            raise ValueError("nothing asked for")
    except ValueError:
        return refusal(
            400, "clock_not_moved", "Send advance_seconds or offset_seconds as a number, or reset."
        )
    return None


def _seconds(text: str) -> float:
    seconds = float(text)
    if not abs(seconds) <= MOST_SECONDS:
        raise ValueError("out of range")
    return seconds


def _address(text: str) -> str:
    """A number typed into a URL often has its plus sign turned into a space, or none at all."""
    address = text.replace("\0", "").strip()
    return f"+{address}" if address.isdecimal() else address


def _shown(message: Message) -> dict[str, str | None]:
    return {
        "channel": message.channel,
        "to": message.to,
        "subject": message.subject,
        "body": message.body,
        "code": message.code,
        "sent_at": message.sent_at.isoformat(),
        "idempotency_key": message.idempotency_key,
    }
