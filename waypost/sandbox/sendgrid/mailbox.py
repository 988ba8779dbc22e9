"""Mails at rest: stored with their events in one statement, read by address, pruned after a day."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from waypost.sandbox import idempotency
from waypost.sandbox.messages import NEWEST, Message
from waypost.sandbox.sendgrid.events import events_of
from waypost.sandbox.sendgrid.models import Delivery, Mail
from waypost.sandbox.sendgrid.rendering import Letter
from waypost.sandbox.sendgrid.shapes import Json

KEPT_FOR = timedelta(hours=24)
_PRUNE_EVERY = 100

_STORE = """
WITH mails AS (
    INSERT INTO sandbox_sendgrid_mail (account_sid, message_id, "to", addresses, from_email,
        from_name, subject, html, text, attachments, status, reason, idempotency_key, created)
    SELECT %(account)s, %(message_id)s, m.to, m.addresses, m.from_email, m.from_name, m.subject,
        m.html, m.text, %(attachments)s::jsonb, m.status, m.reason, %(key)s, %(now)s
    FROM jsonb_to_recordset(%(mails)s::jsonb) AS m("to" text, addresses jsonb, from_email text,
        from_name text, subject text, html text, text text, status text, reason text)
    RETURNING id
), deliveries AS (
    INSERT INTO sandbox_sendgrid_delivery (webhook_id, event, tries, last_error, due)
    SELECT w.id, e.event, 0, '', clock_timestamp() + e.after_seconds * interval '1 second'
    FROM jsonb_to_recordset(%(events)s::jsonb) AS e(event jsonb, after_seconds int)
    JOIN sandbox_sendgrid_webhook w ON w.account_sid = %(account)s AND w.is_enabled
        AND w.events ? (e.event ->> 'event')
    RETURNING id
)
SELECT (SELECT max(id) FROM mails), (SELECT count(*) FROM deliveries)
"""


class Envelope(NamedTuple):
    """What all mails of one request share."""

    account_sid: str
    message_id: str
    idempotency_key: str
    categories: list[Json]
    attachments: list[dict[str, str | int]]
    now: datetime


def new_message_id() -> str:
    """As SendGrid's: 22 letters."""
    return secrets.token_urlsafe(16)


def store(letters: list[Letter], envelope: Envelope) -> bool:
    """Keep the mails and put their events on the way; true when a webhook wants to hear of them."""
    events = [event for letter in letters for event in events_of(letter, envelope)]
    given: dict[str, str | datetime] = {
        "account": envelope.account_sid,
        "message_id": envelope.message_id,
        "attachments": json.dumps(envelope.attachments),
        "key": envelope.idempotency_key,
        "now": envelope.now,
        "mails": json.dumps([_row(letter) for letter in letters]),
        "events": json.dumps(
            [{"event": event, "after_seconds": seconds} for event, seconds in events]
        ),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, given)
        newest_id, delivery_count = cursor.fetchone()
    if newest_id % _PRUNE_EVERY == 0:
        prune(envelope.now)
    return bool(delivery_count)


def _row(letter: Letter) -> dict[str, str | list[str]]:
    fate = letter.fate
    return {
        "to": letter.recipients[0],
        "addresses": [email.lower() for email in letter.recipients],
        "from_email": letter.from_email,
        "from_name": letter.from_name,
        "subject": letter.subject,
        "html": letter.html,
        "text": letter.text,
        "status": fate.bounce_type or fate.events[-1],
        "reason": fate.reason,
    }


def prune(now: datetime) -> None:
    """Forget mails and kept answers older than 24 hours, and events nobody took in that time."""
    Mail.objects.filter(created__lte=now - KEPT_FOR).delete()
    Delivery.objects.filter(due__lte=datetime.now(UTC) - KEPT_FOR).delete()
    idempotency.prune(now)


def mails_to(address: str) -> QuerySet[Mail]:
    """Mails to an address (empty: to anybody), newest first."""
    mails = Mail.objects.order_by("-id")
    return mails.filter(addresses__contains=[address.lower()]) if address else mails


def mails_as_messages(address: str) -> list[Message]:
    """The newest mails in the shape of `/sandbox/messages`; a mail's code is not looked for."""
    return [
        Message(
            "email",
            mail.to,
            mail.subject,
            mail.html or mail.text,
            None,
            mail.created,
            mail.idempotency_key,
        )
        for mail in mails_to(address)[:NEWEST]
    ]
