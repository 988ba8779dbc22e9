"""Events of a mail in the shape of SendGrid's event webhook."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from waypost.sandbox.sendgrid.magic import Fate, fate_of
from waypost.sandbox.sendgrid.shapes import Json

if TYPE_CHECKING:
    from waypost.sandbox.sendgrid.mailbox import Envelope
    from waypost.sandbox.sendgrid.rendering import Letter

Event = dict[str, Json]
# The names of the settings' switches, which differ from the event's name in one case.
KINDS = {
    "processed": "processed",
    "deferred": "deferred",
    "delivered": "delivered",
    "dropped": "dropped",
    "bounce": "bounce",
    "open": "open",
    "click": "click",
    "spam_report": "spamreport",
    "unsubscribe": "unsubscribe",
    "group_unsubscribe": "group_unsubscribe",
    "group_resubscribe": "group_resubscribe",
}


def events_of(letter: Letter, envelope: Envelope) -> list[tuple[Event, int]]:
    """Every recipient's events, each with the seconds until it happens."""
    return [
        (_event(kind, email, letter, envelope), fate.last_after_seconds if is_last else 0)
        for email in letter.recipients
        for fate in [fate_of(email)]
        for kind in fate.events
        for is_last in [kind == fate.events[-1]]
    ]


def _event(kind: str, email: str, letter: Letter, envelope: Envelope) -> Event:
    """Custom arguments stand beside SendGrid's own keys and never replace them."""
    event: Event = {
        **letter.custom_args,
        "email": email,
        "timestamp": int(envelope.now.timestamp()),
        "smtp-id": f"<{envelope.message_id}@sandbox>",
        "event": kind,
        "sg_event_id": secrets.token_urlsafe(16),
        "sg_message_id": f"{envelope.message_id}.filter0001.sandbox",
        **_extras(kind, fate_of(email)),
    }
    if envelope.categories:
        event["category"] = envelope.categories
    return event


def _extras(kind: str, fate: Fate) -> Event:
    match kind:
        case "delivered":
            return {"response": "250 OK"}
        case "deferred":
            return {"response": fate.reason, "attempt": "1"}
        case "bounce":
            return {"reason": fate.reason, "status": fate.reason[4:9], "type": fate.bounce_type}
        case "dropped":
            return {"reason": fate.reason, "status": "5.0.0"}
        case _:
            return {}


def sample_events(email: str, timestamp: int) -> list[Event]:
    """One event of each kind, for the test of a webhook."""
    return [
        {
            "email": email,
            "timestamp": timestamp,
            "smtp-id": "<sample@sandbox>",
            "event": kind,
            "category": ["cat facts"],
            "sg_event_id": secrets.token_urlsafe(16),
            "sg_message_id": "sample.filter0001.sandbox",
        }
        for kind in KINDS.values()
    ]
