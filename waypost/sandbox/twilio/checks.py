"""Checking a code: the guess is counted first, in its own statement, and only then compared.

The row stays locked until the transaction ends, so parallel guesses queue up: no more than the
allowed number are ever compared, and one approval at most is given.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from waypost.sandbox.twilio import errors
from waypost.sandbox.twilio.codes import is_right
from waypost.sandbox.twilio.entry import Answer, Call, JsonBody, timestamp
from waypost.sandbox.twilio.errors import Refused
from waypost.sandbox.twilio.form import Form
from waypost.sandbox.twilio.models import Service, Verification
from waypost.sandbox.twilio.services import find_service
from waypost.sandbox.twilio.verifications import finish, newest_verification, source_of
from waypost.sandbox.twilio.wishes import read_payment, read_to

_COUNT_GUESS = """
UPDATE sandbox_twilio_verification AS kept SET checks = kept.checks + 1
FROM sandbox_twilio_service AS service
WHERE service.id = kept.service_id AND service.sid = %(service)s
  AND service.account_sid = %(account)s AND kept.status = 'pending' AND kept.expires > %(now)s
  AND kept.checks < service.max_checks AND (NOT service.psd2_enabled OR %(has_payment)s)
"""
_BY_ADDRESS = _COUNT_GUESS + ' AND kept."to" = %(name)s RETURNING kept.*'
_BY_SID = _COUNT_GUESS + " AND kept.sid = %(name)s RETURNING kept.*"


def check_verification(call: Call, service_sid: str) -> Answer:
    """POST …/VerificationCheck: a wrong code is no error, it answers `pending`."""
    name, is_by_sid = _read_target(call.form)
    code = call.form.matching("Code", r"[^\x00-\x1f]{4,10}")
    if code is None:
        raise errors.invalid("Code")
    arguments = {
        "service": service_sid,
        "account": call.account_sid,
        "now": call.now,
        "has_payment": bool(call.form.pairs.get("Amount") and call.form.pairs.get("Payee")),
        "name": name,
    }
    rows = list(Verification.objects.raw(_BY_SID if is_by_sid else _BY_ADDRESS, arguments))
    if not rows:
        raise _why_not(call, find_service(call, service_sid), name)
    return _compare(call, service_sid, rows[0], code)


def _read_target(form: Form) -> tuple[str, bool]:
    """The verification's SID or its address, and whether it is the SID."""
    sid = form.sid("VerificationSid", "VE")
    if sid is not None:
        return sid, True
    to = form.pairs.get("To")
    if not to:
        raise Refused(400, 60221, "No target verification specified")
    return read_to(form, "@" in to)[0], False


def _compare(call: Call, service_sid: str, verification: Verification, code: str) -> Answer:
    source = source_of(verification)
    if source.amount is not None:
        amount, payee = read_payment(call.form, True)
        source = replace(source, amount=amount, payee=payee)
    is_bound = (source.amount, source.payee) == (verification.amount, verification.payee)
    if is_right(source, code) and is_bound and not finish(verification, "approved", call.now):
        raise errors.not_found(call.path)
    return Answer(_shape_check(call, service_sid, verification))


def _why_not(call: Call, service: Service, name: str) -> Refused:
    """Why no guess was counted; the sixth one ends the verification."""
    read_payment(call.form, service.psd2_enabled)
    verification = newest_verification(service, name)
    if verification is None or verification.status in ("approved", "canceled"):
        return errors.not_found(call.path)
    if verification.status == "expired" or verification.expires <= call.now:
        is_plain = service.expiry_error == "20404"
        return errors.not_found(call.path) if is_plain else errors.challenge_expired()
    if verification.status == "pending" and verification.checks < service.max_checks:
        return errors.not_found(call.path)
    _end_attempts(verification, call.now)
    left = (verification.expires - call.now).total_seconds()
    return errors.too_many_checks(int(left) + 1)


def _end_attempts(verification: Verification, now: datetime) -> None:
    pending = Verification.objects.filter(pk=verification.pk, status="pending")
    pending.update(status="max_attempts_reached", custom_code=None, date_updated=now)


def _shape_check(call: Call, service_sid: str, verification: Verification) -> JsonBody:
    return {
        "sid": verification.sid,
        "service_sid": service_sid,
        "account_sid": call.account_sid,
        "to": verification.to,
        "channel": verification.channel,
        "status": verification.status,
        "valid": verification.status == "approved",
        "amount": verification.amount,
        "payee": verification.payee,
        "sna_attempts_error_codes": [],
        "date_created": timestamp(verification.date_created),
        "date_updated": timestamp(verification.date_updated),
    }
