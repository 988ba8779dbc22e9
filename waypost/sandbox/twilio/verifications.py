"""Verifications: their shape, and fetching and finishing them."""

from __future__ import annotations

from datetime import datetime

from waypost.sandbox.twilio import errors
from waypost.sandbox.twilio.codes import CodeSource
from waypost.sandbox.twilio.entry import Answer, Call, JsonBody, timestamp
from waypost.sandbox.twilio.limits import Window, count_request
from waypost.sandbox.twilio.models import Service, Verification
from waypost.sandbox.twilio.services import find_service
from waypost.sandbox.twilio.wishes import is_sid

LIVE = ("pending", "max_attempts_reached")
_POLLING = ((60, 60), (3600, 180), (86_400, 250))  # Twilio, "Rate limits and timeouts"


def fetch_verification(call: Call, service_sid: str, name: str) -> Answer:
    """GET …/Verifications/{Sid}, or by address; approved and expired ones are gone."""
    service = find_service(call, service_sid)
    verification = newest_verification(service, name)
    if verification is None or not is_to_be_seen(verification, call.now):
        raise errors.not_found(call.path)
    polls = [Window(f"poll {verification.sid}", *limit) for limit in _POLLING]
    full = count_request(polls, call.now)
    if full is not None:
        raise errors.too_many_requests(full.seconds_left(call.now), "verification-polling")
    return Answer(shape_verification(call, service, verification))


def update_verification(call: Call, service_sid: str, name: str) -> Answer:
    """POST …/Verifications/{Sid}: cancel or approve a pending one."""
    service = find_service(call, service_sid)
    status = call.form.choice("Status", ("canceled", "approved"))
    if status is None:
        raise errors.invalid("Status")
    verification = newest_verification(service, name)
    if verification is None or not finish(verification, status, call.now):
        raise errors.not_found(call.path)
    return Answer(shape_verification(call, service, verification))


def newest_verification(service: Service, name: str) -> Verification | None:
    """By SID, or the newest one of an address."""
    found = Verification.objects.filter(service=service)
    found = found.filter(sid=name) if is_sid(name) else found.filter(to=name)
    return found.order_by("-pk").first()


def finish(verification: Verification, status: str, now: datetime) -> bool:
    """End a pending verification and wipe its code; False when it is over already."""
    pending = Verification.objects.filter(pk=verification.pk, status="pending", expires__gt=now)
    changed = pending.update(status=status, custom_code=None, date_updated=now)
    verification.status, verification.date_updated = status, now
    return changed == 1


def is_to_be_seen(verification: Verification, now: datetime) -> bool:
    """Whether Twilio still shows it: canceled ones stay, approved and expired ones go."""
    if verification.status == "canceled":
        return True
    return verification.status in LIVE and verification.expires > now


def source_of(verification: Verification) -> CodeSource:
    """Where its code comes from."""
    return CodeSource(
        sid=verification.sid,
        salt=verification.salt,
        key_id=verification.key_id,
        length=verification.code_length,
        custom_code=verification.custom_code,
        fixed_code=verification.fixed_code,
        amount=verification.amount,
        payee=verification.payee,
    )


def shape_verification(call: Call, service: Service, verification: Verification) -> JsonBody:
    """A verification with Twilio's exact keys."""
    return {
        "sid": verification.sid,
        "service_sid": service.sid,
        "account_sid": service.account_sid,
        "to": verification.to,
        "channel": verification.channel,
        "status": verification.status,
        "valid": verification.status == "approved",
        "date_created": timestamp(verification.date_created),
        "date_updated": timestamp(verification.date_updated),
        "lookup": verification.lookup,
        "amount": verification.amount,
        "payee": verification.payee,
        "send_code_attempts": verification.send_code_attempts,
        "sna": None,
        "url": f"{call.base}/v2/Services/{service.sid}/Verifications/{verification.sid}",
    }
