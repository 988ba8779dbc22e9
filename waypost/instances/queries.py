"""One instance and what belongs to it, for pages and the API; a constant number of queries each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waypost.engine.errors import Refusal
from waypost.engine.events import Event
from waypost.engine.json_value import JSON
from waypost.instances.detail import InstanceDetail, InstanceRow
from waypost.people.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEvent:
    """One line of the history. `actor_name` is "" where nobody did it."""

    seq: int
    at: datetime
    event: Event
    step_id: int | None
    visit: int | None
    actor_id: int | None
    actor_name: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedExchange:
    """One try of a call, redacted. `request` and `response` hold headers and body as stored."""

    id: int
    at: datetime
    step_id: int
    visit: int
    attempt: int
    is_late: bool
    method: str
    url: str
    answered_by: str
    status: int | None
    failure: str
    duration_ms: int
    request: dict[str, JSON]
    response: dict[str, JSON] | None


@dataclass(frozen=True, slots=True)
class InstanceLog:
    """History, oldest first. `exchanges` is None for those who may not read them."""

    events: tuple[LoggedEvent, ...]
    exchanges: tuple[LoggedExchange, ...] | None


def load_instance(actor: Actor, instance_id: int) -> InstanceDetail | Refusal:
    """An instance whole, if the actor may see it."""
    raise NotImplementedError


def instance_log(actor: Actor, instance_id: int) -> InstanceLog | Refusal:
    """What happened to an instance, and every call it made."""
    raise NotImplementedError


def children(actor: Actor, instance_id: int) -> tuple[InstanceRow, ...]:
    """The instances that this one's calls created and that the actor may see, oldest first."""
    raise NotImplementedError
