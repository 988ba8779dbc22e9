"""Sign-in by password, sign-out, and the link that `make run` prints."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from waypost.engine.errors import Refusal
from waypost.people.welcome import redeem_welcome
from waypost.web.access import MemberRequest, member_page

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SignIn(LoginView):  # type: ignore[misc]
    """E-mail and password; too many wrong ones and it asks to wait."""

    template_name = "accounts/sign_in.html"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("account_login")


def welcome_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST signs in: programs that look at links in mails use nothing up."""
    if request.method != "POST":
        return render(request, "accounts/welcome_link.html", {"refusal": None})
    account = redeem_welcome(token)
    if isinstance(account, Refusal):
        context = {"refusal": account}
        return render(request, "accounts/welcome_link.html", context, status=410)
    login(request, account, backend=_BACKEND)
    return redirect("welcome")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to go on from the welcome page."""

    label: str
    note: str
    url: str
    icon: str


_DEMO = Way(
    "Try the verification demo",
    "A customer, a phone and both workflows, side by side, in a minute.",
    "/demo/",
    icon="player-play",
)
_WAYS = (
    Way("Build a workflow", "See the two examples and start one.", "/workflows/", icon="route"),
    Way("Read the API", "Everything here can be done by a program too.", "/api/", icon="api"),
)


@require_safe
@member_page
def welcome(request: MemberRequest) -> HttpResponse:
    """What this is, and three ways to go on."""
    ways = (_DEMO, *_WAYS) if settings.SANDBOX else _WAYS
    return render(request, "accounts/welcome.html", {"ways": ways})
