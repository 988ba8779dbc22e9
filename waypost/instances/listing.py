"""Lists of instances: every filter and order of the REST API, both ways of paging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON
from waypost.instances.detail import InstanceRow
from waypost.people.actor import Actor

Moment = Literal[
    "started_time",
    "last_updated_time",
    "deadline",
    "step_deadline",
    "aborted_time",
    "completed_time",
    "ended_time",
]
ORDERINGS = (
    "id",
    "name",
    "started_time",
    "last_updated_time",
    "status",
    "priority",
    "progress",
    "deadline",
    "ended_time",
    "total_runtime",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceFilter:
    """What a list is narrowed to (platform 7.4); None and empty mean no limit.

    `name` and `query` are contained, whatever the case; `tags`: any of them; `after` and `before`
    are inclusive.
    """

    workflow_id: int | None = None
    name: str = ""
    query: str = ""
    status: str = ""
    progress_min: int | None = None
    progress_max: int | None = None
    active_step_id: int | None = None
    priority: str = ""
    after: dict[Moment, datetime] = field(default_factory=dict)
    before: dict[Moment, datetime] = field(default_factory=dict)
    total_runtime_min: timedelta | None = None
    total_runtime_max: timedelta | None = None
    tags: tuple[str, ...] = ()
    lead_user_id: int | None = None
    instance_ids: tuple[int, ...] | None = None
    parent_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list: by `number` from 1, or by `cursor` ("" for the first) when not None."""

    number: int = 1
    size: int = 100
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page. `is_estimate`: the count is exact up to 10,000 only.

    `next_cursor` and `previous_cursor` are None at the ends and in numbered pages.
    """

    rows: tuple[InstanceRow, ...]
    count: int
    is_estimate: bool
    has_next: bool
    next_cursor: str | None = None
    previous_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field's stored input object in one instance; None where it has none."""

    instance_id: int
    instance_name: str
    value: JSON


@dataclass(frozen=True, slots=True)
class FieldValues:
    """One page of a field's values across instances."""

    values: tuple[FieldValue, ...]
    count: int
    is_estimate: bool
    has_next: bool


def list_instances(
    actor: Actor, narrowed: InstanceFilter, ordering: Sequence[str] = ("-id",), page: Page = Page()
) -> Listing | Refusal:
    """What the actor may see, in this order (`-` in front: descending; always ends in id)."""
    raise NotImplementedError


def field_values_across(
    actor: Actor, field_id: int, narrowed: InstanceFilter, page: Page = Page()
) -> FieldValues | Refusal:
    """One field in every instance of the filter, newest instance first."""
    raise NotImplementedError
