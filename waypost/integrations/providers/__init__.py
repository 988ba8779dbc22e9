"""The systems that steps call, one file each; a new one is a file and its line in `ALL`."""

from __future__ import annotations

from waypost.engine.json_value import text_of
from waypost.integrations.door import Door
from waypost.integrations.failures import RequestRefused
from waypost.integrations.http import Reply
from waypost.integrations.outputs import answer_of, picked
from waypost.integrations.provider import Answer, Call, Provider
from waypost.integrations.providers.sendgrid import SENDGRID
from waypost.integrations.providers.twilio import TWILIO
from waypost.integrations.providers.waypost import WAYPOST
from waypost.integrations.target import Target, read_target

__all__ = ["ALL", "Answer", "Call", "Provider", "may_resend", "meaning_of", "provider_for"]

ALL: tuple[Provider, ...] = (TWILIO, SENDGRID, WAYPOST)
_SANDBOXED = {"/v2/": TWILIO, "/v3/": SENDGRID}


def provider_for(url: str, door: Door) -> Provider | None:
    """The provider that a printed URL belongs to, also where the sandbox stands in for it."""
    try:
        target = read_target(url)
    except RequestRefused:
        return None
    return _provider_at(target, door)


def may_resend(url: str, method: str, door: Door) -> bool:
    """Whether a call whose answer was lost may be sent again under the same idempotency key.

    The sandbox and this server recognise the key. Real Twilio does not: a second check of a code
    could use up an attempt, or find the code used by the first.
    """
    try:
        target = read_target(url)
    except RequestRefused:
        return True
    provider = _provider_at(target, door)
    if provider is None or provider.honours_idempotency_key or door.is_sandbox(target.origin):
        return True
    call = provider.call_for(method, target.path)
    return call is None or call.is_resendable


def meaning_of(url: str, method: str, reply: Reply, door: Door) -> str:
    """What a provider means by an answer; empty where nothing is known of it."""
    provider = provider_for(url, door)
    call = None if provider is None else provider.call_for(method, read_target(url).path)
    code = text_of(picked("$.code", answer_of(reply)))
    found = (
        one.meaning
        for one in (call.answers if call else ())
        if one.status == reply.status and one.code in ("", code)
    )
    return next(found, "")


def _provider_at(target: Target, door: Door) -> Provider | None:
    for provider in ALL:
        if target.origin in provider.origins:
            return provider
    if door.is_sandbox(target.origin) and target.path[:4] in _SANDBOXED:
        return _SANDBOXED[target.path[:4]]
    return WAYPOST if door.is_own(target.origin) else None
