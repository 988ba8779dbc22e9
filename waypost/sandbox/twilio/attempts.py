"""Attempts: what was sent, and how much of it led to an approval."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from waypost.sandbox.twilio.entry import Answer, Call, JsonBody, timestamp
from waypost.sandbox.twilio.errors import invalid, not_found
from waypost.sandbox.twilio.form import Form
from waypost.sandbox.twilio.models import Attempt
from waypost.sandbox.twilio.paging import page_of
from waypost.sandbox.twilio.verifications import LIVE

_CHANNELS = ("sms", "call", "email", "whatsapp", "rbm")
_CONVERTED = Q(verification__status="approved")


def list_attempts(call: Call) -> Answer:
    """GET /Attempts."""
    wanted = _filtered(call).select_related("verification__service")
    return page_of(call, wanted, "attempts", _shape_attempt)


def fetch_attempt(call: Call, attempt_sid: str) -> Answer:
    """GET /Attempts/{Sid}."""
    attempts = Attempt.objects.select_related("verification__service")
    attempt = attempts.filter(account_sid=call.account_sid, sid=attempt_sid).first()
    if attempt is None:
        raise not_found(call.path)
    return Answer(_shape_attempt(call, attempt))


def summarize_attempts(call: Call) -> Answer:
    """GET /Attempts/Summary."""
    totals = _filtered(call).aggregate(all=Count("pk"), converted=Count("pk", filter=_CONVERTED))
    total, converted = totals["all"], totals["converted"]
    return Answer(
        {
            "total_attempts": total,
            "total_converted": converted,
            "total_unconverted": total - converted,
            "conversion_rate_percentage": _percentage(converted, total),
            "url": f"{call.base}/v2/Attempts/Summary",
        }
    )


def _percentage(part: int, whole: int) -> str:
    """With at most nine decimals, as Twilio writes it."""
    if not whole:
        return "0"
    rate = (Decimal(part) * 100 / whole).quantize(Decimal("1.000000000"))
    return f"{rate:f}".rstrip("0").rstrip(".")


def _filtered(call: Call) -> QuerySet[Attempt]:
    query = Form(call.query)
    attempts = Attempt.objects.filter(account_sid=call.account_sid)
    exact = {
        "verification__service__sid": query.sid("VerifyServiceSid", "VA"),
        "verification__sid": query.sid("VerificationSid", "VE"),
        "verification__to": query.text("ChannelData.To", most=320),
        "verification__to__startswith": query.matching("DestinationPrefix", r"\+[0-9]{1,15}"),
        "country": query.matching("Country", "[A-Z]{2}"),
        "channel": query.choice("Channel", _CHANNELS),
        "created__gte": _moment(query, "DateCreatedAfter"),
        "created__lte": _moment(query, "DateCreatedBefore"),
    }
    attempts = attempts.filter(**{name: value for name, value in exact.items() if value})
    status = query.choice("Status", ("converted", "unconverted"))
    if status is not None:
        attempts = attempts.filter(_CONVERTED if status == "converted" else ~_CONVERTED)
    return attempts


def _moment(query: Form, name: str) -> datetime | None:
    text = query.text(name, most=40)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(name) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _shape_attempt(call: Call, attempt: Attempt) -> JsonBody:
    verification = attempt.verification
    is_converted = verification.status == "approved"
    return {
        "sid": attempt.sid,
        "account_sid": attempt.account_sid,
        "service_sid": verification.service.sid,
        "verification_sid": verification.sid,
        "date_created": timestamp(attempt.created),
        "date_updated": timestamp(verification.date_updated),
        "conversion_status": "converted" if is_converted else "unconverted",
        "channel": attempt.channel,
        "price": {"value": "0.000", "currency": "usd"},
        "channel_data": _shape_channel(attempt, call.now),
        "url": f"{call.base}/v2/Attempts/{attempt.sid}",
    }


def _shape_channel(attempt: Attempt, now: datetime) -> JsonBody:
    verification = attempt.verification
    is_call = attempt.channel == "call"
    delivery = (
        {"call_status": "completed"} if is_call else {"message_status": attempt.message_status}
    )
    return {
        "verification_sid": verification.sid,
        "to": verification.to,
        "status": _attempt_status(attempt, now),
        **delivery,
        "error_code": attempt.error_code or None,
        "country": attempt.country or None,
        "code_length": verification.code_length,
        "locale": attempt.locale,
        "mcc": None,
        "mnc": None,
        "carrier": None,
    }


def _attempt_status(attempt: Attempt, now: datetime) -> str:
    verification = attempt.verification
    if verification.status == "approved":
        return "confirmed"
    is_over = verification.status in LIVE and verification.expires <= now
    return "expired" if is_over or verification.status == "expired" else "unconfirmed"
