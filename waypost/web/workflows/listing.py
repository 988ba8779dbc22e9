"""The list of workflows: folders beside it, narrowed by name, tag, status and lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waypost.people.queries import names_of
from waypost.web.access import MemberRequest, member_page
from waypost.web.workflows.found import Choice
from waypost.workflows.folders import FolderSummary, list_folders
from waypost.workflows.queries import WorkflowSummary, list_workflows
from waypost.workflows.standing import STATUS_LABELS

_NO_FOLDER = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list was asked for, as it stands in its address."""

    name: str = ""
    tag: str = ""
    status: str = ""
    lead: str = ""
    folder: str = ""
    archived: str = ""

    @property
    def address(self) -> str:
        """The page that shows this."""
        given = {key: value for key in self.__slots__ if (value := getattr(self, key))}
        return f"/workflows/?{urlencode(given)}" if given else "/workflows/"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the folder is asked for."""
        return bool(self.name or self.tag or self.status or self.lead)

    @property
    def has_more(self) -> bool:
        """Whether one of the filters that are folded away is set."""
        return bool(self.status or self.lead or self.archived)

    def fits(self, one: WorkflowSummary) -> bool:
        """Whether the workflow is asked for, in whatever folder."""
        return (
            self.name.casefold() in one.name.casefold()
            and (not self.tag or self.tag in one.tags)
            and (not self.status or self.status == one.status)
            and (not self.lead or self.lead == str(one.lead_id or ""))
        )

    def is_in_folder(self, one: WorkflowSummary) -> bool:
        """Whether the workflow is in the folder that is open."""
        folder = str(one.folder_id) if one.folder_id else _NO_FOLDER
        return self.folder in ("", folder)


@dataclass(frozen=True, slots=True)
class ListedWorkflow:
    """A row of the list."""

    summary: WorkflowSummary
    lead: str
    folder: str
    status: str


@dataclass(frozen=True, slots=True)
class FolderLink:
    """A folder beside the list, with how many of the workflows asked for it holds."""

    label: str
    address: str
    count: int
    is_current: bool
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """Everything the list shows. `open_folder` is the one that its head is about."""

    asked: Asked
    rows: tuple[ListedWorkflow, ...]
    folders: tuple[FolderLink, ...]
    open_folder: FolderSummary | None
    tags: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    leads: tuple[Choice, ...]
    is_empty: bool


@require_safe
@member_page
def workflow_list(request: MemberRequest) -> HttpResponse:
    """The workflows that the member may see."""
    asked = Asked(**{key: request.GET.get(key, "").strip()[:255] for key in Asked.__slots__})
    found = list_workflows(request.actor, with_archived=bool(asked.archived))
    folders = list_folders(request.actor)
    leads = names_of(request.actor.workspace_id, {one.lead_id or 0 for one in found})
    listed = _listed(asked, found, folders, leads)
    context = {"listed": listed, "may_create": not request.actor.is_light}
    return render(request, "workflows/list.html", context)


def _listed(
    asked: Asked,
    found: Sequence[WorkflowSummary],
    folders: Sequence[FolderSummary],
    leads: Mapping[int, str],
) -> Listed:
    fitting = [one for one in found if asked.fits(one)]
    names = {one.id: one.name for one in folders}
    rows = tuple(
        ListedWorkflow(
            one,
            leads.get(one.lead_id or 0, ""),
            "" if asked.folder else names.get(one.folder_id or 0, ""),
            STATUS_LABELS.get(one.status, ""),
        )
        for one in fitting
        if asked.is_in_folder(one)
    )
    tags = sorted({tag for one in found for tag in one.tags}, key=str.casefold)
    return Listed(
        asked=asked,
        rows=rows,
        folders=tuple(_folder_links(asked, fitting, folders)) if folders else (),
        open_folder=next((one for one in folders if str(one.id) == asked.folder), None),
        tags=tuple(Choice(tag, tag, tag == asked.tag) for tag in tags),
        statuses=tuple(
            Choice(value, label, value == asked.status) for value, label in STATUS_LABELS.items()
        ),
        leads=tuple(
            Choice(str(pk), name, str(pk) == asked.lead)
            for pk, name in sorted(leads.items(), key=lambda item: item[1].casefold())
        ),
        is_empty=not found and not folders,
    )


def _folder_links(
    asked: Asked, fitting: Sequence[WorkflowSummary], folders: Sequence[FolderSummary]
) -> list[FolderLink]:
    counts = Counter(one.folder_id for one in fitting)

    def link(label: str, folder: str, count: int, is_private: bool = False) -> FolderLink:
        address = replace(asked, folder=folder).address
        return FolderLink(label, address, count, asked.folder == folder, is_private)

    return [
        link("All workflows", "", len(fitting)),
        *(link(one.name, str(one.id), counts[one.id], one.is_private) for one in folders),
        link("In no folder", _NO_FOLDER, counts[None]),
    ]
