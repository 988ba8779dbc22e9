"""A database that is away for a moment: 503, so that callers come again, and not 500."""

from __future__ import annotations

from collections.abc import Callable

from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

RETRY_SECONDS = 2
_TOLD = "The database is away for a moment. Nothing was half saved; please try again."


class DatabaseAway:
    """Middleware: turns a lost connection, or a lock that could not be had, into 503.

    The sandbox's stand-ins are views like others: a call of the worker that meets such a moment is
    tried again, where a 500 would be final.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing to do for a request that goes well."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer for an error of the database; others stay what they are."""
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        response = HttpResponse(_TOLD, status=503, content_type="text/plain; charset=utf-8")
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
