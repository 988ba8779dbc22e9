"""Everything the stand-ins have sent, for `/sandbox/messages`: each of them registers how to read
its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

NEWEST = 50


@dataclass(frozen=True, slots=True)
class Message:
    """A text, call or mail as its recipient got it; `code` is in clear, which only a sandbox may
    do.
    """

    channel: str
    to: str
    subject: str
    body: str
    code: str | None
    sent_at: datetime
    idempotency_key: str


Source = Callable[[str], list[Message]]
_SOURCES: list[Source] = []


def register_source(source: Source) -> None:
    """Add a reader of messages to an address (empty: to anybody), called from an app's `ready`."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def newest_messages(to: str) -> list[Message]:
    """The newest messages to a phone number or mail address (empty: to anybody), newest first."""
    found = [message for source in _SOURCES for message in source(to)]
    return sorted(found, key=lambda message: message.sent_at, reverse=True)[:NEWEST]
