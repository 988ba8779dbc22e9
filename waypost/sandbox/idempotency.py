"""`Idempotency-Key`: the first final answer is kept with its effect for 24 hours, and given again.

The claim is a row under a unique key, made first in the transaction of the effect. A second request
with the same key therefore waits on that row until the first has committed, and then finds its
answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from waypost.sandbox.callers import Caller

KEPT_FOR = timedelta(hours=24)
REUSED = "idempotency_key_reused"
REUSED_MESSAGE = (
    "This Idempotency-Key was used with another request in the last 24 hours. "
    "Send a new key for a new request, or repeat the first request unchanged."
)

_CLAIM = """
INSERT INTO sandbox_keptanswer AS kept (caller, key, request_sha256, status, headers, body, created)
VALUES (%s, %s, %s, 0, '{}', '', %s)
ON CONFLICT (caller, key) DO UPDATE
SET request_sha256 = EXCLUDED.request_sha256, status = 0, headers = '{}', body = '', created =
EXCLUDED.created WHERE kept.created <= %s
RETURNING id
"""
_READ = """
SELECT request_sha256, status, headers::text, body FROM sandbox_keptanswer
WHERE caller = %s AND key = %s
"""
_KEEP = "UPDATE sandbox_keptanswer SET status = %s, headers = %s::jsonb, body = %s WHERE id = %s"
_FORGET = "DELETE FROM sandbox_keptanswer WHERE id = %s"


def answer_once(
    request: HttpRequest,
    caller: Caller,
    answer: Callable[[], HttpResponse],
    refuse_reused: Callable[[], HttpResponse],
) -> HttpResponse:
    """Run `answer` in one transaction, or replay what it said before under the same key.

    `refuse_reused` makes the 422 in the vendor's error shape. Answers 429 and 5xx are not final:
    their effects are committed, but the next request with the key is carried out.
    """
    key = key_of(request)
    with transaction.atomic():
        if not key or request.method != "POST":
            return answer()
        fingerprint = _fingerprint(request)
        claim = _claim(caller, key, fingerprint)
        if claim is None:
            return _replay(caller.name, key, fingerprint, refuse_reused)
        response = answer()
        _settle(claim, response)
        return response


def key_of(request: HttpRequest) -> str:
    """The request's idempotency key, empty without one; a very long one is replaced by its hash."""
    key = request.headers.get("Idempotency-Key", "").strip()
    return key if len(key) <= 255 else hashlib.sha256(key.encode()).hexdigest()


def prune(now: datetime) -> None:
    """Forget answers older than 24 hours."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sandbox_keptanswer WHERE created <= %s", [now - KEPT_FOR])


def _fingerprint(request: HttpRequest) -> str:
    head = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(head + request.body).hexdigest()


def _claim(caller: Caller, key: str, fingerprint: str) -> int | None:
    with connection.cursor() as cursor:
        oldest = caller.now - KEPT_FOR
        cursor.execute(_CLAIM, [caller.name, key, fingerprint, caller.now, oldest])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _replay(
    caller: str, key: str, fingerprint: str, refuse_reused: Callable[[], HttpResponse]
) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(_READ, [caller, key])
        kept_fingerprint, status, headers, body = cursor.fetchone()
    if kept_fingerprint != fingerprint:
        return refuse_reused()
    response = HttpResponse(body, status=status, headers=json.loads(headers))
    response["Idempotency-Replayed"] = "true"
    return response


def _settle(claim: int, response: HttpResponse) -> None:
    """Keep a final answer, let go of any other."""
    is_final = response.status_code < 500 and response.status_code != 429
    headers = json.dumps(dict(response.items()))
    with connection.cursor() as cursor:
        if is_final:
            body = response.content.decode()
            cursor.execute(_KEEP, [response.status_code, headers, body, claim])
        else:
            cursor.execute(_FORGET, [claim])
