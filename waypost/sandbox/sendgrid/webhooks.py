"""`/v3/user/webhooks/event`: where events go, and whether they are signed."""

from __future__ import annotations

import http.client
import uuid
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from waypost.sandbox.control import for_admins
from waypost.sandbox.sendgrid import delivery
from waypost.sandbox.sendgrid.errors import Fault
from waypost.sandbox.sendgrid.events import KINDS, sample_events
from waypost.sandbox.sendgrid.models import Webhook
from waypost.sandbox.sendgrid.requests import Asked, Refused, by_method
from waypost.sandbox.sendgrid.shapes import Fields, Json, text_of
from waypost.sandbox.sendgrid.signing import new_private_key, public_key

MOST_WEBHOOKS = 5


def _own(asked: Asked, webhook_id: str) -> Webhook:
    return get_object_or_404(Webhook, account_sid=asked.caller.account_sid, webhook_id=webhook_id)


def _all_own(asked: Asked) -> list[Webhook]:
    return list(Webhook.objects.filter(account_sid=asked.caller.account_sid).order_by("id"))


def _shown(webhook: Webhook) -> dict[str, Json]:
    return {
        "id": str(webhook.webhook_id),
        "enabled": webhook.is_enabled,
        "url": webhook.url,
        "friendly_name": webhook.friendly_name,
        **{switch: event in webhook.events for switch, event in KINDS.items()},
        "oauth_client_id": "",
        "oauth_token_url": "",
        "public_key": _public_key(webhook),
        "created_date": webhook.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "updated_date": webhook.updated.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _public_key(webhook: Webhook) -> str:
    return public_key(webhook.private_key) if webhook.private_key else ""


def _create(asked: Asked) -> HttpResponse:
    if len(_all_own(asked)) >= MOST_WEBHOOKS:
        message = f"There is a limit of {MOST_WEBHOOKS} webhooks. Delete one first."
        raise Refused(400, [Fault(message)])
    webhook = Webhook(
        account_sid=asked.caller.account_sid,
        webhook_id=uuid.uuid4(),
        created=asked.caller.now,
        url=_url(asked.fields),
    )
    _fill(webhook, asked)
    return JsonResponse(_shown(webhook), status=201)


def _fill(webhook: Webhook, asked: Asked) -> None:
    """Take the given fields; switches that are not named keep their place."""
    fields = asked.fields
    if "url" in fields:
        webhook.url = _url(fields)
    wrong = [key for key in ("enabled", *KINDS) if not isinstance(fields.get(key, True), bool)]
    if wrong:
        raise Refused(400, [Fault(f"The {key} flag must be a boolean.", key) for key in wrong])
    webhook.is_enabled = bool(fields.get("enabled", webhook.is_enabled))
    webhook.friendly_name = text_of(fields.get("friendly_name", webhook.friendly_name))[:255]
    webhook.events = [
        event for switch, event in KINDS.items() if fields.get(switch, event in webhook.events)
    ]
    webhook.updated = asked.caller.now
    webhook.save()


def _url(fields: Fields) -> str:
    url = text_of(fields.get("url")).strip()
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_web = False
    if not is_web or not url.isascii() or not url.isprintable() or " " in url:
        message = "The url must be an address that begins with http:// or https://."
        raise Refused(400, [Fault(message, "url")])
    return url


def _list(asked: Asked) -> HttpResponse:
    webhooks = [_shown(webhook) for webhook in _all_own(asked)]
    return JsonResponse({"max_allowed": MOST_WEBHOOKS, "webhooks": webhooks})


def _read(asked: Asked, webhook_id: str) -> HttpResponse:
    return JsonResponse(_shown(_own(asked, webhook_id)))


def _change(asked: Asked, webhook_id: str) -> HttpResponse:
    webhook = _own(asked, webhook_id)
    _fill(webhook, asked)
    return JsonResponse(_shown(webhook))


def _delete(asked: Asked, webhook_id: str) -> HttpResponse:
    _own(asked, webhook_id).delete()
    return HttpResponse(status=204)


def _read_signed(asked: Asked, webhook_id: str) -> HttpResponse:
    webhook = _own(asked, webhook_id)
    return JsonResponse({"id": str(webhook.webhook_id), "public_key": _public_key(webhook)})


def _sign(asked: Asked, webhook_id: str) -> HttpResponse:
    """Signing makes a key, and keeps the one there is; switching it off forgets it."""
    webhook = _own(asked, webhook_id)
    is_wanted = asked.fields.get("enabled")
    if not isinstance(is_wanted, bool):
        raise Refused(400, [Fault("The enabled flag must be a boolean.", "enabled")])
    webhook.private_key = (webhook.private_key or new_private_key()) if is_wanted else ""
    webhook.updated = asked.caller.now
    webhook.save()
    return JsonResponse({"id": str(webhook.webhook_id), "public_key": _public_key(webhook)})


def _test(asked: Asked) -> HttpResponse:
    """Post one event of each kind to the address, at once; SendGrid says 204 however it went."""
    webhook_id = text_of(asked.fields.get("id"))
    webhook = Webhook.objects.filter(account_sid=asked.caller.account_sid)
    known = webhook.filter(webhook_id=webhook_id).first() if _is_uuid(webhook_id) else None
    url = known.url if known and not asked.fields.get("url") else _url(asked.fields)
    events = sample_events("example@test.com", int(asked.caller.now.timestamp()))
    try:
        delivery.post(url, events, known.private_key if known else "")
    except (OSError, http.client.HTTPException, ValueError) as error:
        delivery.log.warning("The test of a webhook was not taken: %s", error)
    return HttpResponse(status=204)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


@for_admins
def deliver_view(request: HttpRequest) -> HttpResponse:
    """`POST /sandbox/events/deliver`: post the events that are due, and say how many."""
    if request.method != "POST":
        return JsonResponse(
            {"code": "method_not_allowed", "message": "Use POST to deliver events."}, status=405
        )
    return JsonResponse(delivery.deliver_due()._asdict())


webhooks_view = by_method(POST=_create)
all_webhooks_view = by_method(GET=_list)
webhook_view = by_method(GET=_read, PATCH=_change, DELETE=_delete)
signed_view = by_method(GET=_read_signed, PATCH=_sign)
test_view = by_method(POST=_test)
