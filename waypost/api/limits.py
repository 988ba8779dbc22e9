"""Rate limits: a bucket of requests for each API key.

Counted in each process: what is lost with a process is only a counter. Calls of our own steps are
not counted; they are limited by the worker that makes them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock

from django.conf import settings

from waypost.api.errors import ApiError
from waypost.engine.errors import Refusal
from waypost.people.actor import Actor

_MOST_BUCKETS = 10_000


@dataclass(slots=True)
class _Bucket:
    """Requests that may still come, refilled evenly over the minute."""

    left: float
    filled_at: float


_buckets: dict[str, _Bucket] = {}
_lock = Lock()


def refuse_flood(actor: Actor) -> None:
    """Raise ApiError 429 when this caller's requests of the last minute are used up."""
    per_minute = int(settings.API_REQUESTS_PER_MINUTE)
    if per_minute <= 0:
        return
    wait_seconds = _take(actor.caller, per_minute, time.monotonic())
    if wait_seconds > 0:
        seconds = int(wait_seconds) + 1
        message = f"More than {per_minute} requests a minute. Try again in {seconds} s."
        raise ApiError(Refusal("rate_limited", message), retry_after_seconds=seconds)


def _take(caller: str, per_minute: int, now: float) -> float:
    """Take one request out of the caller's bucket; else the seconds until there is one."""
    with _lock:
        if len(_buckets) > _MOST_BUCKETS:
            _buckets.clear()
        bucket = _buckets.setdefault(caller, _Bucket(float(per_minute), now))
        refill = (now - bucket.filled_at) * per_minute / 60
        bucket.left = min(float(per_minute), bucket.left + refill)
        bucket.filled_at = now
        if bucket.left < 1:
            return (1 - bucket.left) * 60 / per_minute
        bucket.left -= 1
        return 0.0
