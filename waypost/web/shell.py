"""What the frame of every page shows: the rooms, and who is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from waypost.people import queries
from waypost.people.actor import Actor
from waypost.people.models import Account


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place to go."""

    label: str
    url: str
    icon: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of one page. The name costs a query, so that it is asked for by the frame only."""

    rooms: tuple[NavItem, ...]
    tools: tuple[NavItem, ...]
    request: HttpRequest

    @property
    def member_name(self) -> str:
        """Who is signed in."""
        actor = self._actor
        if actor is None or actor.principal_id is None:
            return ""
        names = queries.names_of(actor.workspace_id, [actor.principal_id])
        return names.get(actor.principal_id, "")

    @property
    def _actor(self) -> Actor | None:
        """As the view knows them; pages of the sandbox know the account only."""
        known: Actor | None = getattr(self.request, "actor", None)
        user = getattr(self.request, "user", None)
        return known or (queries.member_actor(user, "page") if isinstance(user, Account) else None)


_ROOMS = (
    NavItem("Home", "/", icon="home"),
    NavItem("Workflows", "/workflows/", icon="route"),
    NavItem("Instances", "/instances/", icon="list-check"),
    NavItem("Library", "/library/", icon="books"),
)
_API = NavItem("API", "/api/", icon="api")
_SANDBOX = (
    NavItem("Demo", "/demo/", icon="player-play"),
    NavItem("Sandbox", "/sandbox/inbox/", icon="device-mobile"),
)


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: the frame of the page that was asked for."""
    tools = (*_SANDBOX, _API) if settings.SANDBOX else (_API,)
    return {
        "shell": Shell(
            rooms=_marked(_ROOMS, request.path),
            tools=_marked(tools, request.path),
            request=request,
        )
    }


def _marked(items: tuple[NavItem, ...], path: str) -> tuple[NavItem, ...]:
    return tuple(
        NavItem(item.label, item.url, item.icon, is_current=_is_under(path, item.url))
        for item in items
    )


def _is_under(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
