"""What holds for every path under /api/: a trailing slash or none, and JSON whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, cast

from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from waypost.api.errors import SERVER_ERROR, UNREADABLE, refuse, unknown_path, wrong_method

_ROOT = "/api/"
_URLS = "waypost.api.urls"
#: An answer shows personal content to one program, and is never a page.
_RULES = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
Answering: TypeAlias = Callable[[HttpRequest], HttpResponse]


class ApiPaths:
    """Middleware: answers what lies below /api/ itself.

    A program has no session, no cookie and no messages: the other layers are for pages.
    """

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Take the API's own requests out of the way of pages."""
        return answer_call(request) if is_call(request.path_info) else self.get_response(request)


def is_call(path: str) -> bool:
    """Whether the path is one of the API; the page about it lies at its root."""
    return path.startswith(_ROOT) and path != _ROOT


def answer_call(request: HttpRequest) -> HttpResponse:
    """Let the request through with its slash; turn Django's own refusals into ours."""
    last = request.path_info.rpartition("/")[2]
    if last and "." not in last:
        request.path_info += "/"
        request.path += "/"
    response = _in_json(request, _safely(request))
    for name, value in _RULES.items():
        response.headers[name] = value
    return response


def _in_json(request: HttpRequest, response: HttpResponse) -> HttpResponse:
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
        found = resolve(request.path_info, _URLS)
    except Resolver404:
        return refuse(unknown_path(request))
    request.resolver_match = found
    response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    return response


# What an endpoint raises is logged and answered as Django does.
_safely = cast(Answering, convert_exception_to_response(_endpoint))
