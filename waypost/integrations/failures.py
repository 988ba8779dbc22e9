"""Why a call to another system brought no answer.

OutboundFailure
├── NoConnection        the name is unknown, or nobody took the connection: nothing was sent
├── TimedOut            no whole answer came within the time
├── AnswerLost          the connection broke after the request may have left
├── RequestRefused      the request itself cannot be sent as written
│   ├── AddressRefused      it leads to a private address, or to a page that calls may not reach
│   └── CredentialRefused   its credential is missing, revoked, or not meant for this address
├── ResponseTooLarge    the answer is longer than the limit
└── TooManyRedirects    the server sent us on too often

`was_sent` says whether the other side may have seen the request.
"""

from __future__ import annotations

from typing import ClassVar


class OutboundFailure(Exception):
    """A call that brought no answer; `str()` is the sentence for the user."""

    code: ClassVar[str] = "call_failed"
    is_transient: ClassVar[bool] = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.was_sent = False


class NoConnection(OutboundFailure):
    """Nothing was sent: the name is unknown or nobody took the connection."""

    code = "no_connection"
    is_transient = True


class TimedOut(OutboundFailure):
    """No whole answer came within the time."""

    code = "timed_out"
    is_transient = True


class AnswerLost(OutboundFailure):
    """The connection broke after the request may have left."""

    code = "answer_lost"
    is_transient = True


class RequestRefused(OutboundFailure):
    """The request cannot be sent as written."""

    code = "request_refused"


class AddressRefused(RequestRefused):
    """The request leads to an address that calls may not reach."""

    code = "address_refused"


class CredentialRefused(RequestRefused):
    """The credential is missing, revoked or not meant for this address."""

    code = "credential_refused"


class ResponseTooLarge(OutboundFailure):
    """The answer is longer than the limit."""

    code = "response_too_large"


class TooManyRedirects(OutboundFailure):
    """The server sent us on too often."""

    code = "too_many_redirects"
