"""Starting a verification, or sending its code again: limits, then one statement that counts."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta

from waypost.sandbox.twilio import errors
from waypost.sandbox.twilio.codes import code_of, encrypted, newest_key_id
from waypost.sandbox.twilio.entry import Answer, Call, JsonBody, new_sid, timestamp
from waypost.sandbox.twilio.errors import Refused
from waypost.sandbox.twilio.limits import Window, count_request, give_back
from waypost.sandbox.twilio.magic import Effect, effect_on, known_code
from waypost.sandbox.twilio.models import Bucket, Service, Verification
from waypost.sandbox.twilio.services import find_service
from waypost.sandbox.twilio.texts import Delivery, deliver
from waypost.sandbox.twilio.verifications import LIVE, shape_verification, source_of
from waypost.sandbox.twilio.wishes import Wish, check_destination, message_body, read_wish

_SPELT = {"sms": "SMS", "email": "EMAIL", "call": "CALL"}
_MOST_RETRIES = 5

# A live verification of the address is sent again only inside its window and its limits: no row
# comes back when one of them refuses, and nothing has been counted. Two starts at once meet on the
# unique index.
_START = """
INSERT INTO sandbox_twilio_verification AS kept (
    sid, service_id, "to", channel, status, salt, key_id, code_length, custom_code, fixed_code,
    amount, payee, lookup, tags, sends, checks, send_code_attempts, sent_at, expires,
    date_created, date_updated
) VALUES (
    %(sid)s, %(service)s, %(to)s, %(channel)s, 'pending', %(salt)s, %(key_id)s, %(length)s,
    %(custom_code)s, %(fixed_code)s, %(amount)s, %(payee)s, %(lookup)s::jsonb, %(tags)s::jsonb,
    1, %(checks)s, %(attempts)s::jsonb, %(now)s, %(expires)s, %(now)s, %(now)s
)
ON CONFLICT (service_id, "to") WHERE status IN ('pending', 'max_attempts_reached') DO UPDATE
SET sends = kept.sends + 1, channel = EXCLUDED.channel, sent_at = EXCLUDED.sent_at,
    date_updated = EXCLUDED.date_updated, amount = EXCLUDED.amount, payee = EXCLUDED.payee,
    send_code_attempts = kept.send_code_attempts || EXCLUDED.send_code_attempts,
    custom_code = COALESCE(EXCLUDED.custom_code, kept.custom_code),
    salt = CASE WHEN %(makes_new)s THEN EXCLUDED.salt ELSE kept.salt END,
    key_id = CASE WHEN %(makes_new)s THEN EXCLUDED.key_id ELSE kept.key_id END
WHERE kept.status = 'pending' AND kept.expires > %(now)s AND kept.sends < %(most)s
  AND (%(spacing)s = 0 OR kept.sent_at <= %(sent_before)s)
RETURNING *
"""


def start_verification(call: Call, service_sid: str) -> Answer:
    """POST …/Verifications: parameters, magic, country, prefix, limits, and only then the send."""
    service = find_service(call, service_sid)
    wish = read_wish(call.form, service)
    message_body(service, wish, wish.custom_code or "0" * service.code_length)
    effect = effect_on(service, wish.to, wish.channel, call.now)
    check_destination(service, wish)
    windows = _count_against_limits(service, wish, call.now)
    attempt_sid = new_sid("VL")
    try:
        verification = _begin_or_resend(call, service, wish, effect, attempt_sid)
    except Refused:
        give_back(windows, call.now)
        raise
    _deliver(call, service, wish, verification, (attempt_sid, effect))
    answer = Answer(shape_verification(call, service, verification), 201)
    answer.delay_seconds = effect.delay_seconds
    return answer


def _count_against_limits(service: Service, wish: Wish, now: datetime) -> list[Window]:
    """Count this start in the service's own window and in the buckets that the caller named."""
    own = _own_window(service)
    if count_request(own, now) is not None:
        raise errors.too_many_requests(own[0].seconds_left(now), "service")
    buckets = _bucket_windows(service, wish)
    full = count_request(buckets, now)
    if full is not None:
        give_back(own, now)
        raise errors.too_many_sends(full.seconds_left(now), full.subject.split(" ")[1])
    return own + buckets


def _own_window(service: Service) -> list[Window]:
    if not service.max_sends_per_minute:
        return []
    return [Window(f"{service.sid} all", 60, service.max_sends_per_minute)]


def _bucket_windows(service: Service, wish: Wish) -> list[Window]:
    values = wish.limit_values
    if not values:
        return []
    found = Bucket.objects.filter(
        rate_limit__service=service, rate_limit__unique_name__in=list(values)
    ).values_list("rate_limit__unique_name", "interval", "max")
    return [
        Window(f"{service.sid} {name} {values[name]}", interval, most)
        for name, interval, most in found
    ]


def _begin_or_resend(
    call: Call, service: Service, wish: Wish, effect: Effect, attempt_sid: str
) -> Verification:
    if effect.is_used_up:
        _retire(service, wish.to, "max_attempts_reached")
    wanted = _wanted_row(call, service, wish, effect, attempt_sid)
    for _ in range(_MOST_RETRIES):
        rows = list(Verification.objects.raw(_START, wanted))
        if rows:
            return rows[0]
        _make_way(service, wish.to, call.now)
    raise errors.too_close_together(1)


def _wanted_row(
    call: Call, service: Service, wish: Wish, effect: Effect, attempt_sid: str
) -> dict[str, str | int | bool | datetime | None]:
    """The row of a new verification; a live one takes over only what a resend changes."""
    now, length = call.now, service.code_length
    channel = _SPELT.get(wish.channel, wish.channel)
    sent = {"time": timestamp(now), "channel": channel, "attempt_sid": attempt_sid}
    lifetime = timedelta(seconds=0 if effect.is_expired else service.ttl_seconds)
    return {
        "sid": new_sid("VE"),
        "service": service.pk,
        "to": wish.to,
        "channel": wish.channel,
        "salt": secrets.token_hex(16),
        "key_id": newest_key_id(),
        "length": length,
        "custom_code": wish.custom_code and encrypted(wish.custom_code),
        "fixed_code": known_code(wish.to, length) if effect.has_known_code else "",
        "amount": wish.amount,
        "payee": wish.payee,
        "lookup": json.dumps(_lookup(service, wish)),
        "tags": json.dumps(wish.tags),
        "checks": service.max_checks if effect.is_used_up else 0,
        "attempts": json.dumps([sent]),
        "now": now,
        "expires": now + lifetime,
        "makes_new": service.resend_policy == "new",
        "most": service.max_sends,
        "spacing": service.spacing_seconds,
        "sent_before": now - timedelta(seconds=service.spacing_seconds),
    }


def _lookup(service: Service, wish: Wish) -> JsonBody:
    """What a lookup says; the sandbox knows the numbering plan, not the networks."""
    if not service.lookup_enabled or wish.line is None:
        return {}
    carrier = {
        "mobile_country_code": None,
        "type": "landline" if wish.line.is_landline else "mobile",
        "error_code": None,
        "mobile_network_code": None,
        "name": wish.line.carrier_name or None,
    }
    return {"carrier": carrier}


def _make_way(service: Service, to: str, now: datetime) -> None:
    """Retire the address's expired verification; raises the limit that a live one has met."""
    live = Verification.objects.filter(service=service, to=to, status__in=LIVE).first()
    if live is None:
        return
    if live.expires <= now:
        _retire(service, to, live.status)
        return
    left = int((live.expires - now).total_seconds()) + 1
    if live.status == "max_attempts_reached":
        raise errors.too_many_checks(left)
    if live.sends >= service.max_sends:
        raise errors.too_many_sends(left)
    waited = (now - live.sent_at).total_seconds()
    raise errors.too_close_together(int(service.spacing_seconds - waited) + 1)


def _retire(service: Service, to: str, status: str) -> None:
    live = Verification.objects.filter(service=service, to=to, status=status)
    live.update(status="expired", custom_code=None)


def _deliver(
    call: Call,
    service: Service,
    wish: Wish,
    verification: Verification,
    attempt: tuple[str, Effect],
) -> None:
    attempt_sid, effect = attempt
    code = code_of(source_of(verification)) or ""
    deliver(
        Delivery(
            account_sid=call.account_sid,
            verification_id=verification.pk,
            verification_sid=verification.sid,
            attempt_sid=attempt_sid,
            channel=wish.channel,
            to=wish.to,
            body=message_body(service, wish, code),
            code=code,
            message_status=effect.message_status,
            error_code=effect.error_code,
            country=wish.line.country if wish.line else "",
            locale=wish.locale,
            idempotency_key=call.idempotency_key,
            now=call.now,
        )
    )
