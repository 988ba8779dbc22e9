"""Both ways of paging, and the filters that every list takes (platform: Filters and paging)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.dateparse import parse_duration
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from waypost.api.schemas import MAX_ID, Moment
from waypost.engine.json_value import JSON
from waypost.instances.listing import ORDERINGS, InstanceFilter, Listing, Page
from waypost.instances.listing import Moment as MomentName

LARGEST_PAGE = 500
LARGEST_NUMBER = 1_000_000
_MOMENTS: tuple[MomentName, ...] = get_args(MomentName)


#: `%d %H:%M:%S.%f` with its front left out, or ISO 8601 in days, hours, minutes and seconds.
_DURATION = (
    r"([0-9]{1,5} )?([0-9]{1,5}:)?[0-9]{1,5}:[0-9]{1,5}(\.[0-9]{1,6})?"
    r"|P([0-9]{1,5}D)?(T([0-9]{1,5}H)?([0-9]{1,5}M)?([0-9]{1,5}(\.[0-9]{1,6})?S)?)?"
)
_WORD = f"-?({'|'.join(ORDERINGS)})"
_WHOLE = "[0-9]{1,18}"


def _duration(raw: object) -> object:
    """Read by Django, which takes more spellings than are told."""
    found = raw
    if isinstance(raw, str):
        found = parse_duration(raw) if re.fullmatch(_DURATION, raw) else None
    if found is None:
        raise ValueError("send a duration like `00:50`, `01 09:30`, `02:30:00` or `PT50M`")
    return found


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": f"^({_DURATION})$"}),
]
Ordering = Annotated[str, Field(pattern=f"^({_WORD}(,{_WORD}){{0,4}})?$")]
WholeNumbers = Annotated[str, Field(pattern=f"^({_WHOLE}(,{_WHOLE})*)?$")]
QueryId = Annotated[int, Field(ge=0, le=MAX_ID)]
Percent = Annotated[int, Field(ge=0, le=100)]


class Paging(BaseModel):
    """Which page, and how many a page; `limit` and `page_size` say the same."""

    page: Annotated[int, Field(ge=1, le=LARGEST_NUMBER)] = 1
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] | None = None
    page_size: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] | None = None
    cursor: Annotated[str, Field(max_length=200)] | None = None

    def as_page(self, *, by_cursor: bool = False) -> Page:
        """The page that is asked for."""
        size = self.page_size or self.limit or 100
        cursor = (self.cursor or "") if by_cursor else None
        return Page(number=self.page, size=size, cursor=cursor)


class InstanceQuery(Paging):
    """Filters and order of a list of instances."""

    name: str = ""
    query: str = ""
    ordering: Ordering = ""
    status: Literal["running", "completed", "aborted", ""] = ""
    progress_min: Percent | None = None
    progress_max: Percent | None = None
    active_step_id: QueryId | None = None
    priority: Literal["V", "H", ""] = ""
    started_time_after: Moment | None = None
    started_time_before: Moment | None = None
    last_updated_time_after: Moment | None = None
    last_updated_time_before: Moment | None = None
    deadline_after: Moment | None = None
    deadline_before: Moment | None = None
    step_deadline_after: Moment | None = None
    step_deadline_before: Moment | None = None
    aborted_time_after: Moment | None = None
    aborted_time_before: Moment | None = None
    completed_time_after: Moment | None = None
    completed_time_before: Moment | None = None
    ended_time_after: Moment | None = None
    ended_time_before: Moment | None = None
    total_runtime_min: Duration | None = None
    total_runtime_max: Duration | None = None
    tags: str = ""
    lead_user: QueryId | None = None
    id: QueryId | None = None
    instance_ids: WholeNumbers = ""
    organization: QueryId | None = None
    process: QueryId | None = None

    def as_filter(self, workflow_id: int | None = None) -> InstanceFilter:
        """The filter for the query."""
        given: dict[str, Any] = self.model_dump()
        return InstanceFilter(
            workflow_id=workflow_id if workflow_id is not None else self.process,
            name=_clean(self.name),
            query=_clean(self.query),
            status=self.status,
            progress_min=self.progress_min,
            progress_max=self.progress_max,
            active_step_id=self.active_step_id,
            priority=self.priority,
            after={name: at for name in _MOMENTS if (at := given[f"{name}_after"])},
            before={name: at for name in _MOMENTS if (at := given[f"{name}_before"])},
            total_runtime_min=self.total_runtime_min,
            total_runtime_max=self.total_runtime_max,
            tags=tuple(filter(None, (_clean(tag).strip() for tag in self.tags.split(",")))),
            lead_user_id=self.lead_user,
            instance_ids=self._instance_ids(),
        )

    def as_ordering(self) -> tuple[str, ...]:
        """The order that is asked for, the newest first by default."""
        return tuple(self.ordering.split(",")) if self.ordering else ("-id",)

    def _instance_ids(self) -> tuple[int, ...] | None:
        ids = [int(word) for word in self.instance_ids.split(",") if word]
        if self.id is not None:
            ids.append(self.id)
        return tuple(ids) if ids else None


def envelope(
    request: HttpRequest, asked: Page, listing: Listing, results: list[JSON]
) -> dict[str, JSON]:
    """`count`, `next`, `previous` and `results`, with absolute links."""
    return {
        "count": listing.count,
        "count_is_estimate": listing.is_estimate,
        **links(request, asked, listing),
        "results": results,
    }


def links(request: HttpRequest, asked: Page, listing: Listing) -> dict[str, JSON]:
    """Where the pages beside this one are."""
    if asked.cursor is not None:
        return {
            "next": _link(request, "cursor", listing.next_cursor),
            "previous": _link(request, "cursor", listing.previous_cursor),
        }
    return numbered_links(request, asked, has_next=listing.has_next)


def numbered_links(request: HttpRequest, asked: Page, *, has_next: bool) -> dict[str, JSON]:
    """Where the numbered pages beside this one are."""
    after = str(asked.number + 1) if has_next else None
    before = str(asked.number - 1) if asked.number > 1 else None
    return {"next": _link(request, "page", after), "previous": _link(request, "page", before)}


def _link(request: HttpRequest, name: str, value: str | None) -> str | None:
    if value is None:
        return None
    given = {key: request.GET[key] for key in request.GET if key != name}
    return f"{settings.PUBLIC_URL}{request.path}?{urlencode(given | {name: value})}"


def _clean(text: str) -> str:
    return text.replace("\0", "")
