"""The application that granian serves."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection
from django.http.response import HttpResponseBase

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waypost.config.settings")
django.setup(set_prefix=False)

from waypost.api.wire import answer_call, is_call  # noqa: E402 - needs what the line above loads


class Application:
    """Django, with a shorter way for programs (docs/why/0007)."""

    def __init__(self) -> None:
        self.pages = WSGIHandler()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a call of the REST API here; leave pages to Django."""
        if not is_call(environ["PATH_INFO"]):
            return _in_one_piece(self.pages(environ, start_response))
        connection.close_if_unusable_or_obsolete()
        response = answer_call(WSGIRequest(environ))
        start_response(
            f"{response.status_code} {response.reason_phrase}", list(response.headers.items())
        )
        return [response.content]


def _in_one_piece(response: HttpResponseBase) -> Iterable[bytes]:
    """What is whole already goes to the server as a list: taken piece by piece it costs more."""
    if getattr(response, "streaming", True):
        return response
    pieces = list(response)
    response.close()
    return pieces


application = Application()
