"""Both ways of paging, and the filters that every list takes (platform: Filters and paging)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.dateparse import parse_duration
from ninja import Schema
from pydantic import BeforeValidator, Field, WithJsonSchema

from waypost.api.errors import ApiError
from waypost.api.schemas import MAX_ID, Moment
from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON
from waypost.instances.listing import ORDERINGS, InstanceFilter, Listing, Page
from waypost.instances.listing import Moment as MomentName

LARGEST_PAGE = 500
LARGEST_NUMBER = 1_000_000
_MOMENTS: tuple[MomentName, ...] = (
    "started_time",
    "last_updated_time",
    "deadline",
    "step_deadline",
    "aborted_time",
    "completed_time",
    "ended_time",
)


def _duration(raw: object) -> object:
    """`%d %H:%M:%S.%f` or ISO 8601, as Django reads them."""
    if not isinstance(raw, str):
        return raw
    try:
        found = parse_duration(raw)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise ValueError("send a duration like `00:50`, `01 09:30`, `02:30:00` or `PT50M`")
    return found


Duration = Annotated[
    timedelta, BeforeValidator(_duration), WithJsonSchema({"type": "string", "format": "duration"})
]
QueryId = Annotated[int, Field(ge=0, le=MAX_ID)]
Percent = Annotated[int, Field(ge=0, le=100)]


class Paging(Schema):
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
    ordering: str = ""
    status: str = ""
    progress_min: Percent | None = None
    progress_max: Percent | None = None
    active_step_id: QueryId | None = None
    priority: str = ""
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
    instance_ids: str = ""
    organization: QueryId | None = None
    process: QueryId | None = None

    def as_filter(self, workflow_id: int | None = None) -> InstanceFilter:
        """The filter for the query; raises ApiError where a word is not one of the known."""
        _one_of("status", self.status, ("running", "completed", "aborted"))
        _one_of("priority", self.priority, ("V", "H"))
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
        wanted = tuple(filter(None, (word.strip() for word in self.ordering.split(","))))
        for word in wanted:
            _one_of("ordering", word.removeprefix("-"), ORDERINGS)
        return wanted or ("-id",)

    def _instance_ids(self) -> tuple[int, ...] | None:
        words = [word.strip() for word in self.instance_ids.split(",") if word.strip()]
        if any(not (word.isascii() and word.isdigit() and len(word) < 19) for word in words):
            raise ApiError(
                Refusal("invalid_request", "Send instance_ids as numbers with commas between.")
            )
        ids = [int(word) for word in words] + ([] if self.id is None else [self.id])
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


def _one_of(name: str, word: str, known: tuple[str, ...]) -> None:
    if word and word not in known:
        message = f"{name} cannot be {word!r}. Choose one of: {', '.join(known)}."
        raise ApiError(Refusal("invalid_request", message, ((name, message),)))


def _clean(text: str) -> str:
    return text.replace("\0", "")
