"""What holds for every path under /api/: a trailing slash or none, and JSON whatever happens."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from waypost.api.errors import refuse, unknown_path, wrong_method

_ROOT = "/api/"


class ApiPaths:
    """Middleware: paths are the same with and without their last slash, and answer in JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through with its slash; turn Django's own refusals into ours."""
        if not request.path_info.startswith(_ROOT):
            return self.get_response(request)
        last = request.path_info.rpartition("/")[2]
        if last and "." not in last:
            request.path_info += "/"
            request.path += "/"
        return self._in_json(request, self.get_response(request))

    def _in_json(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        is_ours = "json" in response.get("Content-Type", "")
        if response.status_code == 404 and not is_ours:
            return refuse(unknown_path(request))
        if response.status_code == 405:
            told = refuse(wrong_method(request, response.get("Allow", "another method")))
            told["Allow"] = response.get("Allow", "")
            return told
        return response
