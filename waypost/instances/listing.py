"""Lists of instances: every filter and order of the REST API, both ways of paging."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from django.db import DataError

from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON, clean_text
from waypost.instances.detail import InstanceRow
from waypost.instances.loading import ROW_COLUMNS, ROW_WIDTH, read_row
from waypost.instances.ordering import (
    BAD_CURSOR,
    ORDERINGS,
    Cursor,
    Order,
    read_cursor,
    read_order,
    write_cursor,
)
from waypost.instances.sight import SIGHT, sight_parameters
from waypost.instances.sql import Parameter, Row, Statement, array
from waypost.people.actor import Actor

__all__ = [
    "ORDERINGS",
    "FieldValue",
    "FieldValues",
    "InstanceFilter",
    "Listing",
    "Moment",
    "Page",
    "field_values_across",
    "list_instances",
]

LARGEST_PAGE = 500
#: Counting stops here; beyond it the planner's estimate stands in.
EXACT_COUNT = 10_000

Moment = Literal[
    "started_time",
    "last_updated_time",
    "deadline",
    "step_deadline",
    "aborted_time",
    "completed_time",
    "ended_time",
]
_COLUMN: dict[Moment, str] = {
    "started_time": "i.started_at",
    "last_updated_time": "i.updated_at",
    "deadline": "i.deadline_at",
    "aborted_time": "i.aborted_at",
    "completed_time": "i.completed_at",
    "ended_time": "i.ended_at",
}
_RUNTIME = "(COALESCE(i.ended_at, now()) - i.started_at)"


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


@dataclass(frozen=True, slots=True)
class _Narrowed:
    """A condition on `instance i` and `workflow w`, with its parameters."""

    where: str
    parameters: dict[str, Parameter]


FIRST_PAGE = Page()
_OUT_OF_RANGE = Refusal(
    "invalid_value", "A number or date of the filter is too large. Narrow the list otherwise."
)


def list_instances(
    actor: Actor,
    narrowed: InstanceFilter,
    ordering: Sequence[str] = ("-id",),
    page: Page = FIRST_PAGE,
) -> Listing | Refusal:
    """What the actor may see, in this order (`-` in front: descending; always ends in id)."""
    order = read_order(ordering)
    if isinstance(order, Refusal):
        return order
    condition = _narrow(actor, narrowed)
    if page.cursor is not None:
        return _cursor_page(condition, order, page)
    try:
        rows = _numbered(ROW_COLUMNS, "", condition, order, page)
        count, is_estimate = _count(condition)
    except DataError:
        return _OUT_OF_RANGE
    shown = tuple(read_row(row) for row in rows[: _size(page)])
    return Listing(shown, count, is_estimate, len(rows) > _size(page))


def field_values_across(
    actor: Actor, field_id: int, narrowed: InstanceFilter, page: Page = FIRST_PAGE
) -> FieldValues | Refusal:
    """One field in every instance of the filter, newest instance first."""
    order = Order((("id", True),))
    condition = _narrow(actor, narrowed)
    condition.parameters["field_id"] = str(field_id)
    columns = "i.id, i.name, (s.field_values -> :field_id::text)::text"
    joined = "JOIN instance_state s ON s.instance_id = i.id"
    try:
        rows = _numbered(columns, joined, condition, order, page)
        count, is_estimate = _count(condition)
    except DataError:
        return _OUT_OF_RANGE
    values = tuple(
        FieldValue(id_, name, None if value is None else msgspec.json.decode(value))
        for id_, name, value in rows[: _size(page)]
    )
    return FieldValues(values, count, is_estimate, len(rows) > _size(page))


def _size(page: Page) -> int:
    return max(1, min(page.size, LARGEST_PAGE))


def _numbered(
    columns: str, joined: str, condition: _Narrowed, order: Order, page: Page
) -> list[Row]:
    """The rows of a numbered page, and one more if there is one."""
    size = _size(page)
    statement = Statement(
        f"SELECT {columns} FROM instance i JOIN workflow w ON w.id = i.workflow_id {joined}"  # noqa: S608
        f" WHERE {condition.where} ORDER BY {order.sql(is_back=False)}"
        " LIMIT :limit::int OFFSET :offset::bigint"
    )
    offset = (max(1, page.number) - 1) * size
    return statement.rows(limit=size + 1, offset=offset, **condition.parameters)


def _cursor_page(condition: _Narrowed, order: Order, page: Page) -> Listing | Refusal:
    cursor = read_cursor(page.cursor, order) if page.cursor else None
    if isinstance(cursor, Refusal):
        return cursor
    try:
        count, is_estimate = _count(condition)
        rows = _rows_beyond(condition, order, cursor, _size(page) + 1)
    except DataError:
        return _OUT_OF_RANGE if cursor is None else BAD_CURSOR
    is_back = cursor is not None and cursor.is_back
    has_more = len(rows) > _size(page)
    rows = rows[: _size(page)][:: -1 if is_back else 1]

    def mark(row: Row, *, back: bool) -> str:
        return write_cursor(Cursor(back, order.names, tuple(row[ROW_WIDTH:])))

    has_next, has_previous = (True, has_more) if is_back else (has_more, cursor is not None)
    return Listing(
        rows=tuple(read_row(row) for row in rows),
        count=count,
        is_estimate=is_estimate,
        has_next=has_next,
        next_cursor=mark(rows[-1], back=False) if rows and has_next else None,
        previous_cursor=mark(rows[0], back=True) if rows and has_previous else None,
    )


def _rows_beyond(
    condition: _Narrowed, order: Order, cursor: Cursor | None, limit: int
) -> list[Row]:
    is_back = cursor is not None and cursor.is_back
    beyond = "" if cursor is None else f" AND {order.beyond_sql(is_back=is_back)}"
    places = () if cursor is None else cursor.values
    statement = Statement(
        f"SELECT {ROW_COLUMNS}, {order.values_sql()}"  # noqa: S608
        " FROM instance i JOIN workflow w ON w.id = i.workflow_id"
        f" WHERE {condition.where}{beyond} ORDER BY {order.sql(is_back=is_back)} LIMIT :limit::int"
    )
    at: dict[str, Parameter] = {f"at{number}": value for number, value in enumerate(places)}
    return statement.rows(limit=limit, **condition.parameters, **at)


def _count(condition: _Narrowed) -> tuple[int, bool]:
    """How many there are, and whether that is an estimate."""
    rows = (
        "SELECT 1 FROM instance i JOIN workflow w ON w.id = i.workflow_id "  # noqa: S608
        f"WHERE {condition.where}"
    )
    counted = Statement(f"SELECT count(*) FROM ({rows} LIMIT {EXACT_COUNT + 1}) AS t")  # noqa: S608
    [(count,)] = counted.rows(**condition.parameters)
    if count <= EXACT_COUNT:
        return count, False
    [(plan,)] = Statement(f"EXPLAIN (FORMAT JSON) {rows}").rows(**condition.parameters)
    plans = msgspec.json.decode(plan) if isinstance(plan, str) else plan
    return max(count, int(plans[0]["Plan"]["Plan Rows"])), True


def _narrow(actor: Actor, narrowed: InstanceFilter) -> _Narrowed:
    where = ["i.workspace_id = :workspace_id::bigint", "i.deleted_at IS NULL", SIGHT]
    parameters = sight_parameters(actor)
    for add in (_by_text, _by_number, _by_place, _by_time):
        for condition, given in add(narrowed):
            where.append(condition)
            parameters |= given
    return _Narrowed(" AND ".join(where), parameters)


_Found = list[tuple[str, dict[str, Parameter]]]
_Add = Callable[[InstanceFilter], _Found]


def _by_text(narrowed: InstanceFilter) -> _Found:
    found: _Found = []
    if narrowed.name:
        found.append(("i.name ILIKE :name_like", {"name_like": _like(narrowed.name)}))
    if narrowed.query:
        like = {"query_like": _like(narrowed.query), "query": clean_text(narrowed.query).strip()}
        found.append(("(i.name ILIKE :query_like OR i.id::text = :query::text)", dict(like)))
    if narrowed.status:
        found.append(("i.status = :status", {"status": narrowed.status}))
    if narrowed.priority:
        found.append(("i.priority = :priority", {"priority": narrowed.priority}))
    if narrowed.tags:
        tagged = (
            "EXISTS (SELECT FROM instance_tag g WHERE g.workspace_id = i.workspace_id"
            " AND g.instance_id = i.id AND g.tag = ANY (:tags::text[]))"
        )
        found.append((tagged, {"tags": array(map(clean_text, narrowed.tags))}))
    return found


def _by_number(narrowed: InstanceFilter) -> _Found:
    limits: list[tuple[str, str, Parameter]] = [
        ("progress_min", "i.progress >= :progress_min::int", narrowed.progress_min),
        ("progress_max", "i.progress <= :progress_max::int", narrowed.progress_max),
        (
            "total_runtime_min",
            f"{_RUNTIME} >= :total_runtime_min::interval",
            _interval(narrowed.total_runtime_min),
        ),
        (
            "total_runtime_max",
            f"{_RUNTIME} <= :total_runtime_max::interval",
            _interval(narrowed.total_runtime_max),
        ),
    ]
    return [(condition, {name: value}) for name, condition, value in limits if value is not None]


def _by_place(narrowed: InstanceFilter) -> _Found:
    limits: list[tuple[str, str, Parameter]] = [
        ("workflow_id", "i.workflow_id = :workflow_id::bigint", narrowed.workflow_id),
        ("parent_id", "i.parent_id = :parent_id::bigint", narrowed.parent_id),
        ("lead_user_id", "i.lead_id = :lead_user_id::bigint", narrowed.lead_user_id),
        (
            "active_step_id",
            "EXISTS (SELECT FROM open_step a WHERE a.instance_id = i.id"
            " AND a.step_id = :active_step_id::bigint AND a.kind <> 'timer')",
            narrowed.active_step_id,
        ),
        (
            "instance_ids",
            "i.id = ANY (:instance_ids::bigint[])",
            None if narrowed.instance_ids is None else array(narrowed.instance_ids),
        ),
    ]
    return [(condition, {name: value}) for name, condition, value in limits if value is not None]


def _by_time(narrowed: InstanceFilter) -> _Found:
    after = [_moment(name, ">=", moment) for name, moment in narrowed.after.items()]
    before = [_moment(name, "<=", moment) for name, moment in narrowed.before.items()]
    return after + before


def _moment(name: Moment, sign: str, moment: datetime) -> tuple[str, dict[str, Parameter]]:
    place = f"{name}_{'after' if sign == '>=' else 'before'}"
    if name == "step_deadline":
        condition = (
            "EXISTS (SELECT FROM open_step d WHERE d.instance_id = i.id"
            f" AND d.deadline_at {sign} :{place}::timestamptz)"
        )
    else:
        condition = f"{_COLUMN[name]} {sign} :{place}::timestamptz"
    return condition, {place: moment}


def _interval(duration: timedelta | None) -> str | None:
    return None if duration is None else f"{duration.total_seconds()} seconds"


def _like(text: str) -> str:
    escaped = clean_text(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
