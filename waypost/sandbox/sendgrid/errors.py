"""SendGrid's error shape, and the texts that its API is known to answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.http import JsonResponse

_PAGE = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html"


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of `errors`; `field` and `help` are null when they say nothing."""

    message: str
    field: str | None = None
    help: str | None = None


def about(message: str, field: str, anchor: str) -> Fault:
    """A fault with a link to its place on SendGrid's page of errors."""
    return Fault(message, field, f"{_PAGE}#{anchor}")


def answer_faults(status: int, faults: Iterable[Fault]) -> JsonResponse:
    """`{"errors": [...]}` with this status."""
    return JsonResponse({"errors": [asdict(fault) for fault in faults]}, status=status)


def answer_fault(status: int, message: str, field: str | None = None) -> JsonResponse:
    """An answer with a single fault."""
    return answer_faults(status, [Fault(message, field)])


UNAUTHORIZED = "The provided authorization grant is invalid, expired, or revoked"
NOT_FOUND = "not found"
BAD_JSON = "Bad Request"
NOT_JSON = "Content-Type should be application/json"
NOT_UTF8 = "Invalid UTF8 in request"
TOO_LARGE = "content too large"
SEND_IS_POST = "POST method allowed only"
WRONG_METHOD = "method not allowed"
UNVERIFIED = (
    "The from address does not match a verified Sender Identity. Mail cannot be sent until this "
    "error is resolved. Visit https://sendgrid.com/docs/for-developers/sending-email/"
    "sender-identity/ to see the Sender Identity requirements"
)
KEY_REUSED = (
    "idempotency_key_reused: this Idempotency-Key was used with another request in the last 24 "
    "hours. Send a new key for a new request, or repeat the first request unchanged."
)

NO_PERSONALIZATION = about(
    "The personalizations field is required and must have at least one personalization.",
    "personalizations",
    "-Personalizations-Errors",
)
NO_FROM = about(
    "The from object must be provided for every email send. It is an object that requires the "
    "email parameter, but may also contain a name parameter.  e.g. "
    '{"email" : "example@example.com"}  or '
    '{"email" : "example@example.com", "name" : "Example Recipient"}.',
    "from.email",
    "message.from",
)
NO_SUBJECT = about(
    "The subject is required. You can get around this requirement if you use a template with a "
    "subject defined or if every personalization has a subject defined.",
    "subject",
    "message.subject",
)
NO_CONTENT = about(
    "Unless a valid template_id is provided, the content parameter is required. There must be at "
    "least one defined content block. We typically suggest both text/plain and text/html blocks "
    "are included, but only one block is required.",
    "content",
    "message.content",
)
CONTENT_ORDER = (
    "Following RFC 1341, section 7.2, if either text/html or text/plain are to be sent in your "
    "email: text/plain needs to be first, followed by text/html, followed by any other content."
)
NO_TO = (
    "The to array is required for all personalization objects, and must have at least one email "
    "object with a valid email address."
)
NO_ADDRESS = "Does not contain a valid address."
SEND_AT = (
    "The send_at parameter is expecting a Unix timestamp as an integer. We will send immediately "
    "if you include a send_at timestamp that is in the past."
)
SEND_AT_FAR = "Scheduling more than 72 hours in advance is forbidden."
RESERVED_HEADER = "Header can not be one of the reserved keys."
HEADER_TEXTS = "The header values must be strings."
ARGUMENT_TEXTS = "All values of custom arguments object must be strings"
ARGUMENTS_LONG = "Custom arguments may not exceed 10,000 bytes per personalization."
SUBSTITUTION_TEXTS = "All values of the substitutions object must be strings"
SUBSTITUTIONS_LONG = "Substitutions may not exceed 10,000 bytes per personalization."
