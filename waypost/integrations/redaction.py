"""What the exchange log keeps of a call: everything a reader needs, and nothing secret.

Hidden are header values that carry secrets, the secrets that were filled in wherever they turn up,
fields that hold secrets or codes, and the tokens of public links.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import quote, quote_plus

from waypost.integrations.failures import OutboundFailure
from waypost.integrations.http import Headers, Reply, Request

MASK = "•••"
LOGGED_BYTES = 64 * 1024
# Redaction looks further than the log reaches, so that a secret on the cut is whole when masked.
_LOOKED_AT = 4 * LOGGED_BYTES

_SECRET_HEADER = re.compile(
    r"authorization|cookie|token|secret|password|api-?key|signature|waypost-origin", re.I
)
_NAMES = r"password|secret|client_secret|api_?key|token|(?:access|auth|id|refresh)_token"
# As it stands, within JSON (`\/`), and percent-encoded once.
_SLASH = r"(?:/|\\/|%2[fF])"
_LINK_TOKEN = re.compile(rf"({_SLASH}s{_SLASH})[A-Za-z0-9_.~=-]{{8,}}")
# Secrets and link tokens that were never filled in (`placeholders`).
_PLACEHOLDER = re.compile("\ue000[^\ue000\ue001]*\ue001")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class RequestRecord(TypedDict):
    """A request as the exchange log keeps it; `body_bytes` is its real length."""

    method: str
    url: str
    headers: list[list[str]]
    body: str
    body_bytes: int
    is_truncated: bool


class ReplyRecord(TypedDict):
    """An answer as the exchange log keeps it."""

    status: int
    headers: list[list[str]]
    body: str
    body_bytes: int
    is_truncated: bool
    duration_ms: int
    answered_by: str


class FailureRecord(TypedDict):
    """Why there was no answer."""

    failure: str
    message: str
    was_sent: bool


@dataclass(frozen=True, slots=True)
class Redaction:
    """What must be hidden in one exchange, beside what is hidden in all of them."""

    secrets: Collection[str] = ()
    fields: Collection[str] = ()

    def text(self, text: str) -> str:
        """The text without secrets, link tokens, secret fields, and what cannot be stored."""
        clean = _PLACEHOLDER.sub(MASK, _UNSTORABLE.sub("", text))
        for spelling in self._spellings():
            clean = clean.replace(spelling, MASK)
        clean = _LINK_TOKEN.sub(rf"\1{MASK}", clean)
        return self._without_fields(clean)

    def _spellings(self) -> list[str]:
        """The secrets as JSON, URLs and forms spell them; long ones first: one may hold another."""
        found: set[str] = set()
        for secret in filter(None, self.secrets):
            found |= {secret, quote(secret, safe=""), quote_plus(secret)}
            found |= {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
        return sorted(found, key=len, reverse=True)

    def _without_fields(self, text: str) -> str:
        """Mask fields by name, in JSON and in forms."""
        # A provider's names as it spells them: Twilio's "Code" is secret, its "code" an error.
        exact = "|".join(re.escape(name) for name in self.fields)
        names = f"(?i:{_NAMES})" + (f"|{exact}" if exact else "")
        in_json = rf'("(?:{names})"\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|-?[0-9][0-9.eE+-]*)'
        in_form = rf"((?:^|[?&\s])(?:{names})=)[^&#\s]*"
        return re.sub(in_form, rf"\1{MASK}", re.sub(in_json, rf'\1"{MASK}"', text))


def redacted_request(request: Request, redaction: Redaction) -> RequestRecord:
    """The request for the log."""
    body, is_truncated = _body(request.body or b"", redaction)
    return RequestRecord(
        method=request.method,
        url=redaction.text(request.url),
        headers=_headers(request.headers, redaction),
        body=body,
        body_bytes=len(request.body or b""),
        is_truncated=is_truncated,
    )


def redacted_reply(reply: Reply, redaction: Redaction) -> ReplyRecord:
    """The answer for the log."""
    body, is_truncated = _body(reply.body, redaction)
    return ReplyRecord(
        status=reply.status,
        headers=_headers(reply.headers, redaction),
        body=body,
        body_bytes=len(reply.body),
        is_truncated=is_truncated,
        duration_ms=reply.duration_ms,
        answered_by=reply.answered_by,
    )


def redacted_failure(failure: OutboundFailure, redaction: Redaction) -> FailureRecord:
    """The missing answer for the log."""
    return FailureRecord(
        failure=failure.code, message=redaction.text(str(failure)), was_sent=failure.was_sent
    )


def _headers(headers: Headers, redaction: Redaction) -> list[list[str]]:
    return [[name, _header(name, value, redaction)] for name, value in headers]


def _header(name: str, value: str, redaction: Redaction) -> str:
    """A hidden value keeps its scheme: “Bearer •••” says more than “•••”."""
    if _SECRET_HEADER.search(name) is None:
        return redaction.text(value)
    scheme, space, _ = value.partition(" ")
    is_scheme = name.lower().endswith("authorization") and space and scheme.isascii()
    return f"{scheme} {MASK}" if is_scheme else MASK


def _body(body: bytes, redaction: Redaction) -> tuple[str, bool]:
    """The body as text of at most LOGGED_BYTES, and whether something was cut off."""
    start = body[:_LOOKED_AT]
    if b"\x00" in start[:1024]:
        return f"({len(body)} bytes that are no text)", False
    text = redaction.text(start.decode("utf-8", "replace"))
    kept = text.encode()[:LOGGED_BYTES].decode("utf-8", "ignore")
    return kept, len(kept) < len(text) or len(body) > _LOOKED_AT
