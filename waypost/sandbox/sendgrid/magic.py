"""Magic mail addresses: what happens to a mail, decided by whom it is for."""

from __future__ import annotations

from dataclasses import dataclass

DOMAIN = "sandbox.example"
UNVERIFIED_SENDER = f"unverified@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Fate:
    """The events a mail gets, the last of which is its status; `reason` explains a failure."""

    events: tuple[str, ...]
    explanation: str
    reason: str = ""
    bounce_type: str = ""
    last_after_seconds: int = 0


ORDINARY = Fate(("processed", "delivered"), "Delivered.")
FATES = {
    f"bounce@{DOMAIN}": Fate(
        ("processed", "bounce"),
        "Accepted, then bounces.",
        "550 5.1.1 The email account that you tried to reach does not exist.",
        "bounce",
    ),
    f"blocked@{DOMAIN}": Fate(
        ("processed", "bounce"),
        "Accepted, then blocked by the receiving server.",
        "554 5.7.1 Blocked by the receiving server.",
        "blocked",
    ),
    f"deferred@{DOMAIN}": Fate(
        ("processed", "deferred"),
        "Accepted, then put off by the receiving server.",
        "452 4.2.2 The mailbox is full. Will be tried again.",
    ),
    f"dropped@{DOMAIN}": Fate(
        ("dropped",), "Accepted, then dropped before sending.", "Bounced Address"
    ),
    f"spam@{DOMAIN}": Fate(
        ("processed", "delivered", "spamreport"),
        "Delivered, then marked as spam by its reader.",
        "The reader marked this mail as spam.",
    ),
    f"slow@{DOMAIN}": Fate(
        ("processed", "delivered"),
        "Delivered; the delivered event comes 10 seconds later.",
        last_after_seconds=10,
    ),
}


def fate_of(email: str) -> Fate:
    """What happens to a mail to this address."""
    return FATES.get(email.lower(), ORDINARY)
