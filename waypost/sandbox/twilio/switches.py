"""A service's switches that Twilio's API does not have, set through `/sandbox/services/{Sid}`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from waypost.sandbox.control import fields_of, for_admins, refusal
from waypost.sandbox.twilio.errors import Refused
from waypost.sandbox.twilio.form import Form
from waypost.sandbox.twilio.models import Service

_NUMBERS = {
    "ttl_seconds": (60, 86_400),
    "max_sends": (1, 100),
    "max_checks": (1, 100),
    "spacing_seconds": (0, 600),
    "max_sends_per_minute": (0, 1_000_000),
}
_CHOICES = {"resend_policy": ("same", "new"), "expiry_error": ("20404", "60323")}
_LISTS = ("disabled_channels", "denied_countries", "blocked_prefixes")
_NAMES = ("is_sandbox", *_NUMBERS, *_CHOICES, *_LISTS)


@for_admins
def switches_view(request: HttpRequest, service_sid: str) -> HttpResponse:
    """GET shows the switches; POST sets those that are sent, lists as words between commas."""
    service = Service.objects.filter(sid=service_sid).first()
    if service is None:
        return refusal(404, "no_such_service", "Look the service's SID up under /v2/Services.")
    if request.method == "POST":
        try:
            _set(service, Form(dict(fields_of(request) or {})))
        except Refused as refused:
            message = f"{refused.message}. Send one of {', '.join(_NAMES)} with an allowed value."
            return refusal(400, "switch_not_set", message)
    return JsonResponse({name: getattr(service, name) for name in _NAMES})


def _set(service: Service, form: Form) -> None:
    for name, (least, most) in _NUMBERS.items():
        number = form.integer(name, least, most)
        setattr(service, name, getattr(service, name) if number is None else number)
    for name, choices in _CHOICES.items():
        setattr(service, name, form.choice(name, choices) or getattr(service, name))
    for name in _LISTS:
        words = form.text(name)
        if words is not None:
            setattr(service, name, [word.strip() for word in words.split(",") if word.strip()])
    is_sandbox = form.boolean("is_sandbox")
    service.is_sandbox = service.is_sandbox if is_sandbox is None else is_sandbox
    service.save()
