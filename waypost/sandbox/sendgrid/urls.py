"""`/v3`: what the stand-in knows of SendGrid; everything else says so."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from waypost.sandbox.callers import caller_by_bearer
from waypost.sandbox.sendgrid import errors, mail, templates, versions, webhooks
from waypost.sandbox.sendgrid.errors import Fault, answer_fault, answer_faults
from waypost.sandbox.sendgrid.requests import Asked, by_method

_RIGHTS = {
    "mail": ("send", "batch.create", "batch.read"),
    "templates": ("create", "delete", "read", "update"),
    "templates.versions": ("create", "delete", "read", "update", "activate.create"),
    "user.webhooks.event.settings": ("create", "delete", "read", "update"),
    "user.webhooks.event.test": ("create",),
}
SCOPES = sorted(f"{area}.{right}" for area, rights in _RIGHTS.items() for right in rights)
_ABSENT = (
    "This sandbox has mail/send, mail/batch, templates, user/webhooks/event and scopes. "
    "Use a real SendGrid account for the rest."
)


def _scopes(asked: Asked) -> HttpResponse:
    return JsonResponse({"scopes": SCOPES})


@csrf_exempt
def absent_view(request: HttpRequest, rest: str) -> HttpResponse:
    """The honest 404 of everything else under `/v3`."""
    if caller_by_bearer(request) is None:
        return answer_fault(401, errors.UNAUTHORIZED)
    return answer_faults(404, [Fault(errors.NOT_FOUND, None, _ABSENT)])


_EVENT = "user/webhooks/event/"
_TEMPLATE = "templates/<str:template_id>"

urlpatterns = [
    path("mail/send", mail.send_view),
    path("mail/batch", mail.batches_view),
    path("mail/batch/<str:batch_id>", mail.batch_view),
    path("scopes", by_method(GET=_scopes)),
    path("templates", templates.templates_view),
    path(_TEMPLATE, templates.template_view),
    path(f"{_TEMPLATE}/versions", versions.versions_view),
    path(f"{_TEMPLATE}/versions/<uuid:version_id>", versions.version_view),
    path(f"{_TEMPLATE}/versions/<uuid:version_id>/activate", versions.activate_view),
    path(f"{_EVENT}settings", webhooks.webhooks_view),
    path(f"{_EVENT}settings/all", webhooks.all_webhooks_view),
    path(f"{_EVENT}settings/<uuid:webhook_id>", webhooks.webhook_view),
    path(f"{_EVENT}settings/signed/<uuid:webhook_id>", webhooks.signed_view),
    path(f"{_EVENT}test", webhooks.test_view),
    path("<path:rest>", absent_view),
]
