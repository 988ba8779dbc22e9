"""Events on their way to webhooks: claimed in the database, posted outside any transaction.

A short-lived thread of the web process does it after the answer, so `mail/send` never waits; what
a killed process left behind is taken by the next thread, or by `POST /sandbox/events/deliver`.
"""

from __future__ import annotations

import http.client
import json
import logging
import threading
import time
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db import connection

from waypost.sandbox.sendgrid.events import Event
from waypost.sandbox.sendgrid.models import Delivery, Webhook
from waypost.sandbox.sendgrid.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

MOST_TRIES = 8
TIMEOUT_SECONDS = 5
_BATCH = 500
# A claim lasts longer than a post may take; a killed process's rows are due again after it.
_CLAIM = """
UPDATE sandbox_sendgrid_delivery SET tries = tries + 1,
    due = clock_timestamp() + interval '30 seconds' * (tries + 1)
WHERE id IN (
    SELECT id FROM sandbox_sendgrid_delivery WHERE due <= clock_timestamp() AND tries < %s
    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)
RETURNING webhook_id, id, event::text
"""
_NEXT = """
SELECT extract(epoch FROM min(due) - clock_timestamp())::float8 FROM sandbox_sendgrid_delivery
WHERE tries < %s
"""
_LONGEST_WAIT_SECONDS = 300.0  # Longer than the wait before the last try.

log = logging.getLogger(__name__)
_lock = threading.Lock()
_wanted = threading.Event()
_thread: threading.Thread | None = None


class Delivered(NamedTuple):
    """How many events a round posted, and how many it could not."""

    posted: int
    failed: int


def wake() -> None:
    """Have waiting events posted in the background; returns at once."""
    global _thread
    _wanted.set()
    with _lock:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_work, name="sandbox-events", daemon=True)
            _thread.start()


def _work() -> None:
    """Post what is due, wait for what comes soon, and end when nothing does."""
    global _thread
    while True:
        _wanted.clear()
        wait = _round()
        if wait is not None and wait <= _LONGEST_WAIT_SECONDS:
            _wanted.wait(max(wait, 0.05))
            continue
        with _lock:
            if not _wanted.is_set():
                _thread = None
                return


def _round() -> float | None:
    """Seconds until the next event is due; the connection is given back before any waiting."""
    try:
        deliver_due()
        return seconds_until_next()
    except Exception:
        # The thread must outlive a database restart; the rows are still there for the next wake.
        log.exception("Events could not be delivered; POST /sandbox/events/deliver tries again.")
        return None
    finally:
        connection.close()


def deliver_due() -> Delivered:
    """Post every event that is due now."""
    posted = failed = 0
    while rows := _claim():
        for webhook_id, batch in groupby(rows, key=itemgetter(0)):
            events = [(row_id, json.loads(event)) for _, row_id, event in batch]
            is_taken = _post_batch(Webhook.objects.get(id=webhook_id), events)
            posted, failed = posted + is_taken * len(events), failed + (not is_taken) * len(events)
    return Delivered(posted, failed)


def seconds_until_next() -> float | None:
    """How long until an event is due; None when none waits."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [MOST_TRIES])
        row = cursor.fetchone()
    return None if row is None or row[0] is None else float(row[0])


def _claim() -> list[tuple[int, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [MOST_TRIES, _BATCH])
        return sorted(cursor.fetchall())


def _post_batch(webhook: Webhook, events: list[tuple[int, Event]]) -> bool:
    """A taken event's row goes; another keeps its reason and is tried again."""
    rows = Delivery.objects.filter(id__in=[row_id for row_id, _ in events])
    try:
        post(webhook.url, [event for _, event in events], webhook.private_key)
    except (OSError, http.client.HTTPException, ValueError) as error:
        rows.update(last_error=str(error)[:255] or type(error).__name__)
        return False
    rows.delete()
    return True


def post(url: str, events: Iterable[Event], private_key: str = "") -> None:
    """POST events as a JSON array, signed where there is a key; raises unless answered 2xx."""
    body = json.dumps(list(events)).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "SendGrid Event API"}
    if private_key:
        timestamp = str(int(time.time()))
        headers[TIMESTAMP_HEADER] = timestamp
        headers[SIGNATURE_HEADER] = sign(private_key, timestamp, body)
    parts = urlsplit(url)
    link = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        link.request(
            "POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers
        )
        status = link.getresponse().status
    finally:
        link.close()
    if not 200 <= status < 300:
        raise ValueError(f"The webhook answered {status}; it must answer 2xx.")


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_SECONDS)
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    raise ValueError(f"A webhook's address begins with http:// or https://, not {scheme}:.")
