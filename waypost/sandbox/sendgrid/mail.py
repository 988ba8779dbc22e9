"""`POST /v3/mail/send` and batch ids.

A send takes four statements: one that knows the caller and the template, the claim of its
Idempotency-Key, one that stores mails and events, and the kept answer.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt

from waypost.sandbox.callers import Caller
from waypost.sandbox.clock import at_offset
from waypost.sandbox.idempotency import key_of
from waypost.sandbox.keys import sha256_hex
from waypost.sandbox.sendgrid import delivery, errors
from waypost.sandbox.sendgrid.errors import Fault, about, answer_fault
from waypost.sandbox.sendgrid.handlebars import HandlebarsError
from waypost.sandbox.sendgrid.magic import UNVERIFIED_SENDER
from waypost.sandbox.sendgrid.mailbox import Envelope, new_message_id, store
from waypost.sandbox.sendgrid.models import Batch
from waypost.sandbox.sendgrid.rendering import ActiveVersion, Letter, letters_of
from waypost.sandbox.sendgrid.requests import Asked, Refused, answered, by_method, read_fields
from waypost.sandbox.sendgrid.shapes import Fields, Json, fields_of, list_of, text_of
from waypost.sandbox.sendgrid.validation import faults_of

_CALLER_AND_TEMPLATE = """
SELECT a.sid, COALESCE((SELECT offset_seconds FROM sandbox_clock WHERE id = 1), 0),
    t.generation, v.subject, v.html_content, v.plain_content, v.generate_plain_content
FROM sandbox_apikey k
JOIN sandbox_account a ON a.id = k.account_id
LEFT JOIN sandbox_sendgrid_template t ON t.account_sid = a.sid AND t.template_id = %s
LEFT JOIN sandbox_sendgrid_version v ON v.template_id = t.id AND v.is_active
WHERE k.secret_sha256 = %s
"""


@dataclass(frozen=True, slots=True)
class _Sending:
    request: HttpRequest
    caller: Caller
    mail: Fields
    version: ActiveVersion | None


@csrf_exempt
def send_view(request: HttpRequest) -> HttpResponse:
    """Accept a mail: 202 and an X-Message-Id, or everything that is wrong with it."""
    mail, refused = _read(request)
    known = _caller_and_version(request, text_of(mail.get("template_id")).strip())
    if known is None:
        return answer_fault(401, errors.UNAUTHORIZED)
    if request.method != "POST":
        return answer_fault(405, errors.SEND_IS_POST)
    if refused:
        return refused.answer
    sending = _Sending(request, known[0], mail, known[1])
    return answered(request, known[0], lambda: _accept(sending))


def _read(request: HttpRequest) -> tuple[Fields, Refused | None]:
    """The body, or its refusal: who may not ask hears 401 first."""
    try:
        return read_fields(request), None
    except Refused as refused:
        return {}, refused


def _caller_and_version(
    request: HttpRequest, template_id: str
) -> tuple[Caller, ActiveVersion | None] | None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        return None
    with connection.cursor() as cursor:
        cursor.execute(_CALLER_AND_TEMPLATE, [template_id, sha256_hex(key.strip())])
        row = cursor.fetchone()
    if row is None:
        return None
    account_sid, offset, *version = row
    caller = Caller(account_sid, f"SG{account_sid[2:]}", at_offset(offset))
    return caller, ActiveVersion(*version) if version[1] is not None else None


def _accept(sending: _Sending) -> HttpResponse:
    faults = faults_of(sending.mail, sending.caller.now)
    if faults:
        raise Refused(400, faults)
    letters = _letters(sending)
    sandbox_mode = fields_of(fields_of(sending.mail.get("mail_settings")).get("sandbox_mode"))
    if sandbox_mode.get("enable") is True:
        return HttpResponse(status=200)
    envelope = _envelope(sending)
    if store(letters, envelope):
        transaction.on_commit(delivery.wake)
    return HttpResponse(status=202, headers={"X-Message-Id": envelope.message_id})


def _letters(sending: _Sending) -> list[Letter]:
    template_id = sending.mail.get("template_id")
    if template_id and sending.version is None:
        message = (
            "The Template ID must be a valid template id for your account. "
            f"You provided [{template_id}]."
        )
        raise Refused(400, [about(message, "template_id", "message.template_id")])
    try:
        letters = letters_of(sending.mail, sending.version)
    except HandlebarsError as error:
        raise Refused(400, [Fault(str(error), "template_id")]) from error
    if any(letter.from_email.lower() == UNVERIFIED_SENDER for letter in letters):
        raise Refused(403, [about(errors.UNVERIFIED, "from", "message.from")])
    return letters


def _envelope(sending: _Sending) -> Envelope:
    categories = sending.mail.get("categories")
    return Envelope(
        account_sid=sending.caller.account_sid,
        message_id=new_message_id(),
        idempotency_key=key_of(sending.request),
        categories=[categories] if isinstance(categories, str) else list(list_of(categories)),
        attachments=[
            _attachment(fields_of(one)) for one in list_of(sending.mail.get("attachments"))
        ],
        now=sending.caller.now,
    )


def _attachment(given: Fields) -> dict[str, str | int]:
    """The content itself is not kept; base64 makes four letters of three bytes."""
    content = text_of(given.get("content"))
    size = len(content) // 4 * 3 - content.count("=")
    kind: Json = given.get("type") or "application/octet-stream"
    return {"filename": text_of(given.get("filename")), "type": text_of(kind), "size": size}


def _create_batch(asked: Asked) -> HttpResponse:
    batch = Batch.objects.create(
        account_sid=asked.caller.account_sid,
        batch_id=secrets.token_urlsafe(36),
        created=asked.caller.now,
    )
    return JsonResponse({"batch_id": batch.batch_id}, status=201)


def _read_batch(asked: Asked, batch_id: str) -> HttpResponse:
    batch = get_object_or_404(Batch, account_sid=asked.caller.account_sid, batch_id=batch_id)
    return JsonResponse({"batch_id": batch.batch_id})


batches_view = by_method(POST=_create_batch)
batch_view = by_method(GET=_read_batch)
