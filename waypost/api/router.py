"""The API as one: its resources, who is let in, and how faults are told."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.db.utils import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from waypost import __version__
from waypost.api import errors, instances, processes, workflows
from waypost.api.caller import let_in
from waypost.api.description import DescribedApi
from waypost.api.parsing import Parser

api = DescribedApi(
    title="Waypost API",
    version=__version__,
    auth=let_in,
    docs_url=None,
    parser=Parser(),
    openapi_extra={"security": [{"ApiKey": []}]},
)
api.add_router("/instances", instances.router)
api.add_router("/processes", processes.router)
api.add_router("/v2/processes", processes.light_router)
api.add_router("/workflows", workflows.router)


@api.exception_handler(errors.ApiError)
def _api_error(request: HttpRequest, error: errors.ApiError) -> HttpResponse:
    return errors.on_api_error(request, error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return errors.on_invalid(request, error)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return errors.on_http_error(request, error)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return errors.on_not_found(request, error)


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return errors.refuse(errors.TOO_LARGE)


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    return errors.refuse(errors.DATABASE_AWAY)
