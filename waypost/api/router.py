"""The API as one: its resources, who is let in, and how faults are told."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from waypost import __version__
from waypost import api as here
from waypost.api import errors, instances, processes
from waypost.api.caller import let_in

api = NinjaAPI(
    title="Waypost API",
    version=__version__,
    description=(here.__doc__ or "").strip(),
    auth=let_in,
    docs_url=None,
    openapi_extra={
        "components": {
            "securitySchemes": {
                "ApiKey": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`Api-Key <prefix.secret>`",
                }
            }
        },
        "security": [{"ApiKey": []}],
    },
)
api.add_router("/instances", instances.router)
api.add_router("/processes", processes.router)
api.add_router("/v2/processes", processes.light_router)


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
