"""The one place where a page learns who asks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from waypost.engine.errors import UnknownFormat
from waypost.people.actor import Actor
from waypost.people.models import Account
from waypost.people.queries import member_actor

P = ParamSpec("P")
_log = logging.getLogger(__name__)


class MemberRequest(HttpRequest):
    """A request of a signed-in member; views and queries go by `actor` alone."""

    actor: Actor


Page: TypeAlias = Callable[Concatenate[MemberRequest, P], HttpResponse]


def member_page(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let members in; others sign in first and come back."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not isinstance(request.user, Account):
            return redirect_to_login(request.get_full_path())
        actor = member_actor(request.user, "page")
        if actor is None:
            raise PermissionDenied("Your account belongs to no workspace. Ask an admin to add it.")
        request.actor = actor  # type: ignore[attr-defined]
        try:
            return view(request, *args, **kwargs)  # type: ignore[arg-type]
        except UnknownFormat as error:
            _log.error("%s", error)
            return render(request, "other_release.html", status=409)

    return checked
