"""Programmable rate limits: keys that the caller names at each start, and their buckets."""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction

from waypost.sandbox.twilio.entry import Answer, Call, JsonBody, new_sid, timestamp
from waypost.sandbox.twilio.errors import Refused, not_found
from waypost.sandbox.twilio.models import Bucket, RateLimit
from waypost.sandbox.twilio.paging import page_of
from waypost.sandbox.twilio.services import find_service

# Twilio has maxima but does not publish them; these are the sandbox's own.
MOST_RATE_LIMITS = 20
MOST_BUCKETS = 10
_LONGEST_INTERVAL = 86_400
_MOST_REQUESTS = 1_000_000


def create_rate_limit(call: Call, service_sid: str) -> Answer:
    """POST …/RateLimits."""
    service = find_service(call, service_sid)
    unique_name = call.form.required("UniqueName")
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", unique_name):
        raise Refused(400, 60209, "UniqueName format is invalid")
    if RateLimit.objects.filter(service=service).count() >= MOST_RATE_LIMITS:
        raise Refused(400, 60207, "Max rate limits per service reached")
    limit = RateLimit(
        sid=new_sid("RK"),
        account_sid=call.account_sid,
        service=service,
        unique_name=unique_name,
        description=call.form.text("Description"),
        date_created=call.now,
        date_updated=call.now,
    )
    _save(limit, Refused(400, 60208, "Rate limit with that UniqueName already exists"))
    return Answer(_shape_limit(call, limit), 201)


def list_rate_limits(call: Call, service_sid: str) -> Answer:
    """GET …/RateLimits."""
    limits = RateLimit.objects.filter(service=find_service(call, service_sid))
    return page_of(call, limits.select_related("service"), "rate_limits", _shape_limit)


def fetch_rate_limit(call: Call, service_sid: str, limit_sid: str) -> Answer:
    """GET …/RateLimits/{Sid}."""
    return Answer(_shape_limit(call, _find_limit(call, service_sid, limit_sid)))


def update_rate_limit(call: Call, service_sid: str, limit_sid: str) -> Answer:
    """POST …/RateLimits/{Sid}: the description is all that may change."""
    limit = _find_limit(call, service_sid, limit_sid)
    if "Description" in call.form.pairs:
        limit.description = call.form.text("Description")
    limit.date_updated = call.now
    limit.save()
    return Answer(_shape_limit(call, limit))


def delete_rate_limit(call: Call, service_sid: str, limit_sid: str) -> Answer:
    """DELETE …/RateLimits/{Sid}, with its buckets."""
    _find_limit(call, service_sid, limit_sid).delete()
    return Answer(None, 204)


def create_bucket(call: Call, service_sid: str, limit_sid: str) -> Answer:
    """POST …/Buckets: Max and Interval are both required."""
    limit = _find_limit(call, service_sid, limit_sid)
    call.form.required("Max")
    call.form.required("Interval")
    if Bucket.objects.filter(rate_limit=limit).count() >= MOST_BUCKETS:
        raise Refused(400, 60210, "Max Buckets per Rate limit reached")
    bucket = Bucket(
        sid=new_sid("BL"), account_sid=call.account_sid, rate_limit=limit, date_created=call.now
    )
    return Answer(_shape_bucket(call, _save_bucket(call, bucket)), 201)


def list_buckets(call: Call, service_sid: str, limit_sid: str) -> Answer:
    """GET …/Buckets."""
    buckets = Bucket.objects.filter(rate_limit=_find_limit(call, service_sid, limit_sid))
    wanted = buckets.select_related("rate_limit__service")
    return page_of(call, wanted, "buckets", _shape_bucket)


def fetch_bucket(call: Call, service_sid: str, limit_sid: str, bucket_sid: str) -> Answer:
    """GET …/Buckets/{Sid}."""
    return Answer(_shape_bucket(call, _find_bucket(call, service_sid, limit_sid, bucket_sid)))


def update_bucket(call: Call, service_sid: str, limit_sid: str, bucket_sid: str) -> Answer:
    """POST …/Buckets/{Sid}."""
    bucket = _find_bucket(call, service_sid, limit_sid, bucket_sid)
    return Answer(_shape_bucket(call, _save_bucket(call, bucket)))


def delete_bucket(call: Call, service_sid: str, limit_sid: str, bucket_sid: str) -> Answer:
    """DELETE …/Buckets/{Sid}."""
    _find_bucket(call, service_sid, limit_sid, bucket_sid).delete()
    return Answer(None, 204)


def _find_limit(call: Call, service_sid: str, limit_sid: str) -> RateLimit:
    limits = RateLimit.objects.select_related("service")
    limit = limits.filter(service=find_service(call, service_sid), sid=limit_sid).first()
    if limit is None:
        raise not_found(call.path)
    return limit


def _find_bucket(call: Call, service_sid: str, limit_sid: str, bucket_sid: str) -> Bucket:
    limit = _find_limit(call, service_sid, limit_sid)
    bucket = Bucket.objects.filter(rate_limit=limit, sid=bucket_sid).first()
    if bucket is None:
        raise not_found(call.path)
    bucket.rate_limit = limit
    return bucket


def _save_bucket(call: Call, bucket: Bucket) -> Bucket:
    most = call.form.integer("Max", 1, _MOST_REQUESTS)
    interval = call.form.integer("Interval", 1, _LONGEST_INTERVAL)
    bucket.max = bucket.max if most is None else most
    bucket.interval = bucket.interval if interval is None else interval
    bucket.date_updated = call.now
    _save(bucket, Refused(400, 60211, "Bucket with the given Interval already exists"))
    return bucket


def _save(item: RateLimit | Bucket, when_taken: Refused) -> None:
    """The unique index decides, also between two requests at once."""
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError:
        raise when_taken from None


def _shape_limit(call: Call, limit: RateLimit) -> JsonBody:
    url = _limit_url(call, limit)
    return {
        "sid": limit.sid,
        "service_sid": limit.service.sid,
        "account_sid": limit.account_sid,
        "unique_name": limit.unique_name,
        "description": limit.description,
        "date_created": timestamp(limit.date_created),
        "date_updated": timestamp(limit.date_updated),
        "url": url,
        "links": {"buckets": f"{url}/Buckets"},
    }


def _shape_bucket(call: Call, bucket: Bucket) -> JsonBody:
    return {
        "sid": bucket.sid,
        "rate_limit_sid": bucket.rate_limit.sid,
        "service_sid": bucket.rate_limit.service.sid,
        "account_sid": bucket.account_sid,
        "max": bucket.max,
        "interval": bucket.interval,
        "date_created": timestamp(bucket.date_created),
        "date_updated": timestamp(bucket.date_updated),
        "url": f"{_limit_url(call, bucket.rate_limit)}/Buckets/{bucket.sid}",
    }


def _limit_url(call: Call, limit: RateLimit) -> str:
    return f"{call.base}/v2/Services/{limit.service.sid}/RateLimits/{limit.sid}"
