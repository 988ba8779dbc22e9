"""Magic numbers: what a test wants to see, without waiting for it to happen.

All `+1 500 555 xxxx` are valid personal numbers and cannot be anybody's mobile. They work in
services in sandbox mode; any other service refuses them with 60200, as Twilio does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from waypost.sandbox.twilio import errors
from waypost.sandbox.twilio.errors import Refused
from waypost.sandbox.twilio.models import MagicHit, Service

RANGE = "+1500555"
SLOW_SECONDS = 8
_KNOWN_CODES = range(2000, 3000)


@dataclass(frozen=True, slots=True)
class Effect:
    """How a magic number departs from the ordinary path, in the words of the inbox page."""

    name: str
    says: str
    refusal: Callable[[str, str], Refused] | None = None
    is_once: bool = False
    message_status: str = "delivered"
    error_code: str = ""
    is_used_up: bool = False
    is_expired: bool = False
    delay_seconds: int = 0
    has_known_code: bool = False


def _prefix_blocked(to: str, channel: str) -> Refused:
    return errors.prefix_blocked(to[:-4], channel)


ORDINARY = Effect("ordinary", "Normal success; the code is in the inbox.")
KNOWN_CODE = Effect(
    "known_code", "Success; the code is the last digits of the number.", has_known_code=True
)
MAGIC: dict[str, Effect] = {
    "+15005550001": Effect(
        "invalid", "400 60200: not a valid number.", lambda to, _: errors.invalid_to(to)
    ),
    "+15005550002": Effect(
        "undelivered",
        "Sent, but undelivered (30003); stays pending.",
        message_status="undelivered",
        error_code="30003",
    ),
    "+15005550003": Effect("country_denied", "403 60605: geo permissions.", errors.country_denied),
    "+15005550004": Effect(
        "opted_out",
        "Sent, but failed: opted out (21610).",
        message_status="failed",
        error_code="21610",
    ),
    "+15005550006": ORDINARY,
    "+15005550009": Effect("landline", "403 60205: a landline.", lambda *_: errors.landline()),
    "+15005551008": Effect("slow", "Answers after 8 seconds.", delay_seconds=SLOW_SECONDS),
    "+15005551202": Effect("used_up", "Sent; every check is 429 60202.", is_used_up=True),
    "+15005551203": Effect(
        "too_many_sends", "429 60203 on the first send.", lambda *_: errors.too_many_sends(600)
    ),
    "+15005551212": Effect(
        "too_close", "429 60212: too many at once.", lambda *_: errors.too_close_together(30)
    ),
    "+15005551223": Effect(
        "channel_disabled",
        "400 60223: the channel is off.",
        lambda _, channel: errors.channel_disabled(channel),
    ),
    "+15005551404": Effect(
        "expired", "Sent, already expired: every check is 404.", is_expired=True
    ),
    "+15005551410": Effect("prefix_blocked", "403 60410: Fraud Guard.", _prefix_blocked),
    "+15005551429": Effect(
        "busy_once",
        "429 20429 once, then success.",
        lambda *_: errors.too_many_requests(1, "account"),
        is_once=True,
    ),
    "+15005551503": Effect(
        "down_once", "503 20503 once, then success.", lambda *_: errors.unavailable(), is_once=True
    ),
}


def effect_on(service: Service, to: str, channel: str, now: datetime) -> Effect:
    """The number's effect on this start, noted as a magic hit; raises the refusal it stands for."""
    effect = _effect_of(to)
    if effect is None:
        return ORDINARY
    if not service.is_sandbox:
        raise errors.invalid_to(to)
    if effect is ORDINARY:
        return effect
    refuses = effect.refusal is not None and not (effect.is_once and _was_refused(service, to))
    MagicHit.objects.create(
        service=service, to=to, effect=effect.name, was_refused=refuses, created=now
    )
    if refuses and effect.refusal is not None:
        raise effect.refusal(to, channel)
    return effect


def known_code(to: str, length: int) -> str:
    """The last digits of the number."""
    return to[-length:]


def _effect_of(to: str) -> Effect | None:
    if not to.startswith(RANGE) or not re.fullmatch("[0-9]{4}", to[len(RANGE) :]):
        return None
    if int(to[-4:]) in _KNOWN_CODES:
        return KNOWN_CODE
    return MAGIC.get(to)


def _was_refused(service: Service, to: str) -> bool:
    """Whether the newest hit was the failing one of a pair."""
    hits = MagicHit.objects.filter(service=service, to=to).order_by("-pk")
    return bool(hits.values_list("was_refused", flat=True).first())
