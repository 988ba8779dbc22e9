"""What holds for every path under /api/: a trailing slash or none, and JSON whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, cast

from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from waypost.api.errors import SERVER_ERROR, UNREADABLE, refuse, unknown_path, wrong_method

_ROOT = "/api/"
Answering: TypeAlias = Callable[[HttpRequest], HttpResponse]


class ApiPaths:
    """Middleware: answers what lies below /api/ itself.

    A program has no session, no cookie and no messages: the layers behind this one are for pages,
    and cost a quarter of a request.
    """

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response
        self.endpoint = cast(Answering, convert_exception_to_response(_endpoint))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through with its slash; turn Django's own refusals into ours."""
        path = request.path_info
        if not path.startswith(_ROOT) or path == _ROOT:
            return self.get_response(request)
        last = path.rpartition("/")[2]
        if last and "." not in last:
            request.path_info += "/"
            request.path += "/"
        return self._in_json(request, self.endpoint(request))

    def _in_json(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Django's own refusals in our words."""
        if response.status_code < 400 or "json" in response.get("Content-Type", ""):
            return response
        if response.status_code == 405:
            told = refuse(wrong_method(request, response.get("Allow", "another method")))
            told["Allow"] = response.get("Allow", "")
            return told
        if response.status_code == 404:
            return refuse(unknown_path(request))
        return refuse(SERVER_ERROR if response.status_code >= 500 else UNREADABLE)


def _endpoint(request: HttpRequest) -> HttpResponse:
    """The answer of the function that the path leads to."""
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return refuse(unknown_path(request))
    request.resolver_match = found
    response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    return response
