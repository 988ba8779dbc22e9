"""Texts as the customer's phone shows them."""

from __future__ import annotations

from waypost.sandbox.messages import NEWEST, Message
from waypost.sandbox.twilio.models import Text


def texts_to(to: str) -> list[Message]:
    """The newest texts to a number (empty: to anybody), newest first."""
    found = Text.objects.filter(to=to) if to else Text.objects.all()
    return [
        Message(text.channel, text.to, "", text.body, text.code, text.created, text.idempotency_key)
        for text in found.order_by("-id")[:NEWEST]
    ]
