"""Who calls: the one place where a request of the API is let in."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.request import HttpHeaders

from waypost.api.errors import ApiError
from waypost.api.limits import refuse_flood
from waypost.engine.errors import Refusal
from waypost.integrations.origin_header import ORIGIN_HEADER, CallOrigin, read_origin
from waypost.people.actor import Actor
from waypost.people.keys import recent_actor


def let_in(request: HttpRequest) -> Actor:
    """The actor behind the Authorization header; raises ApiError with 401, or 429 for too many
    requests.
    """
    actor = recent_actor(header_of(request, "Authorization"))
    if isinstance(actor, Refusal):
        raise ApiError(actor)
    request.actor = actor  # type: ignore[attr-defined]  # ninja keeps it as request.auth, untyped
    if origin_of(request) is None:
        refuse_flood(actor)
    return actor


def header_of(request: HttpRequest, name: str) -> str | None:
    """One header by itself: `request.headers` would read every one of them first."""
    return request.META.get(HttpHeaders.to_wsgi_name(name))


def actor_of(request: HttpRequest) -> Actor:
    """The actor that `let_in` found."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by let_in, which runs first
    return actor


def origin_of(request: HttpRequest) -> CallOrigin | None:
    """The visit of ours that this call comes from, if our signature on it is right."""
    header = header_of(request, ORIGIN_HEADER)
    return read_origin(header) if header else None
