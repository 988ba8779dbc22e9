"""The list of runs, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from waypost.engine.errors import Refusal
from waypost.instances.detail import InstanceRow
from waypost.instances.listing import InstanceFilter, Listing, Page, list_instances
from waypost.web.access import MemberRequest, member_page
from waypost.web.instances.shown import shown_instance
from waypost.web.live import live_part
from waypost.workflows.queries import list_workflows, names_of_workflows

PAGE_SIZE = 25
STATUSES = (("", "Any"), ("running", "Running"), ("completed", "Completed"), ("aborted", "Stopped"))


@dataclass(frozen=True, slots=True)
class ListedInstance:
    """A row of the list."""

    row: InstanceRow
    workflow_name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list was asked for, as it stands in its address."""

    name: str
    status: str
    workflow: str
    page: int

    def address(self, page: int) -> str:
        """The same question, another page."""
        return "?" + urlencode(
            {"name": self.name, "status": self.status, "workflow": self.workflow, "page": page}
        )

    @property
    def previous_url(self) -> str:
        """The page before."""
        return self.address(self.page - 1)

    @property
    def next_url(self) -> str:
        """The page behind."""
        return self.address(self.page + 1)

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.name or self.status or self.workflow)


@require_safe
@member_page
def instance_list(request: MemberRequest) -> HttpResponse:
    """Every run that the member may see, newest first."""
    asked = _asked(request)
    listing = list_instances(
        request.actor,
        InstanceFilter(
            name=asked.name,
            status=asked.status,
            workflow_id=int(asked.workflow) if asked.workflow else None,
        ),
        page=Page(number=asked.page, size=PAGE_SIZE),
    )
    if isinstance(listing, Refusal):
        listing = Listing((), 0, False, False)
    names = names_of_workflows(request.actor, [row.workflow_id for row in listing.rows])
    context = {
        "rows": [ListedInstance(row, names.get(row.workflow_id, "")) for row in listing.rows],
        "listing": listing,
        "asked": asked,
        "workflows": list_workflows(request.actor, with_archived=True),
        "statuses": STATUSES,
    }
    return render(request, "instances/list.html", context)


def _asked(request: MemberRequest) -> Asked:
    status, workflow = request.GET.get("status", ""), request.GET.get("workflow", "")
    page = request.GET.get("page", "1")
    return Asked(
        name=request.GET.get("name", "").strip()[:255],
        status=status if status in dict(STATUSES) else "",
        workflow=workflow if workflow.isdecimal() and len(workflow) < 19 else "",
        page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
    )


@require_safe
@member_page
def instance_page(request: MemberRequest, instance_id: int) -> HttpResponse:
    """One run: where it stands, what is to be done, what happened."""
    shown = shown_instance(request.actor, instance_id, timezone.now())
    return render(request, "instances/page.html", {"shown": shown})


@require_safe
@member_page
def instance_live(request: MemberRequest, instance_id: int) -> HttpResponse:
    """The part of the page that changes."""
    shown = shown_instance(request.actor, instance_id, timezone.now())
    return live_part(request, "instances/_live.html", {"shown": shown})
