"""Who is calling a stand-in: one query gives the account and the sandbox's time."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.http import HttpRequest

from waypost.sandbox.clock import at_offset
from waypost.sandbox.keys import sha256_hex

_OFFSET = "COALESCE((SELECT offset_seconds FROM sandbox_clock WHERE id = 1), 0)"
_BY_ACCOUNT = f"SELECT sid, auth_token_sha256, {_OFFSET} FROM sandbox_account WHERE sid = %s"  # noqa: S608
_KEY_SELECT = f"""
SELECT a.sid, k.secret_sha256, {_OFFSET} FROM sandbox_apikey k JOIN sandbox_account a ON a.id =
k.account_id
"""  # noqa: S608
_BY_KEY = _KEY_SELECT + "WHERE k.sid = %s"
_BY_SECRET = _KEY_SELECT + "WHERE k.secret_sha256 = %s"


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller; `name` tells its idempotency keys from those of others."""

    account_sid: str
    name: str
    now: datetime


def caller_by_basic(request: HttpRequest) -> Caller | None:
    """Twilio's way: `AC…` and the auth token, or `SK…` and its secret."""
    given = _basic_pair(request.headers.get("Authorization", ""))
    if given is None:
        return None
    username, password = given
    query = _BY_KEY if username.startswith("SK") else _BY_ACCOUNT
    return _known(query, username, username, password)


def caller_by_bearer(request: HttpRequest) -> Caller | None:
    """SendGrid's way: `Authorization: Bearer SG.…`."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        return None
    return _known(_BY_SECRET, sha256_hex(key.strip()), "sendgrid", key.strip())


def _known(query: str, argument: str, name: str, secret: str) -> Caller | None:
    with connection.cursor() as cursor:
        cursor.execute(query, [argument])
        row = cursor.fetchone()
    if row is None or not hmac.compare_digest(row[1], sha256_hex(secret)):
        return None
    account_sid, _, offset = row
    caller_name = f"SG{account_sid[2:]}" if name == "sendgrid" else name
    return Caller(account_sid, caller_name, at_offset(offset))


def _basic_pair(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except ValueError:
        return None
    username, found, password = text.partition(":")
    return (username, password) if found and "\0" not in username else None
