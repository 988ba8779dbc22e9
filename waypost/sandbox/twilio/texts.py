"""Texts: delivered into the sandbox's inbox, as the customer's phone shows them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection

from waypost.sandbox import idempotency
from waypost.sandbox.messages import NEWEST, Message
from waypost.sandbox.twilio.models import Counter, MagicHit, Text

KEPT_FOR = timedelta(hours=24)
_PRUNE_EVERY = 50

_ATTEMPT = """
INSERT INTO sandbox_twilio_attempt (
    sid, account_sid, verification_id, channel, message_status, error_code, country, locale, created
) VALUES (
    %(attempt_sid)s, %(account_sid)s, %(verification_id)s, %(channel)s, %(message_status)s,
    %(error_code)s, %(country)s, %(locale)s, %(now)s
)
"""
_ATTEMPT_AND_TEXT = f"""
WITH attempt AS ({_ATTEMPT})
INSERT INTO sandbox_twilio_text (
    account_sid, verification_sid, attempt_sid, channel, "to", body, code, idempotency_key, created
) VALUES (
    %(account_sid)s, %(verification_sid)s, %(attempt_sid)s, %(channel)s, %(to)s, %(body)s, %(code)s,
    %(idempotency_key)s, %(now)s
)
RETURNING id
"""  # noqa: S608 -- both parts stand above


@dataclass(frozen=True)
class Delivery:
    """One send: the attempt it is recorded as, and the text that arrives if it is delivered."""

    account_sid: str
    verification_id: int
    verification_sid: str
    attempt_sid: str
    channel: str
    to: str
    body: str
    code: str
    message_status: str
    error_code: str
    country: str
    locale: str
    idempotency_key: str
    now: datetime


def deliver(delivery: Delivery) -> None:
    """Record the attempt and, if nothing goes wrong on the way, put the text into the inbox."""
    arrives = delivery.message_status == "delivered"
    with connection.cursor() as cursor:
        cursor.execute(_ATTEMPT_AND_TEXT if arrives else _ATTEMPT, asdict(delivery))
        text_id = cursor.fetchone()[0] if arrives else 1
    if text_id % _PRUNE_EVERY == 0:
        prune(delivery.now)


def prune(now: datetime) -> None:
    """Forget the codes in clear after 24 hours, and old counters and kept answers with them."""
    Text.objects.filter(created__lte=now - KEPT_FOR).delete()
    MagicHit.objects.filter(created__lte=now - KEPT_FOR).delete()
    Counter.objects.filter(window_start__lte=now - 2 * KEPT_FOR).delete()
    idempotency.prune(now)


def texts_to(to: str) -> list[Message]:
    """The newest texts to a number (empty: to anybody), newest first."""
    found = Text.objects.filter(to=to) if to else Text.objects.all()
    return [
        Message(text.channel, text.to, "", text.body, text.code, text.created, text.idempotency_key)
        for text in found.order_by("-id")[:NEWEST]
    ]
