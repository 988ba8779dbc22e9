"""The settings of a workflow, in parts that are saved one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.web.access import MemberRequest, member_page
from waypost.web.workflows.folders import folder_choices
from waypost.web.workflows.found import Choice, number, people_choices, told, workflow_or_404
from waypost.workflows.folders import move_workflow
from waypost.workflows.queries import WorkflowSummary
from waypost.workflows.standing import (
    STATUS_LABELS,
    Planning,
    Visibility,
    appoint_leads,
    choose_editors,
    editor_ids,
    plan_workflow,
    set_visibility,
    tag_workflow,
)

_BAD_DAY = Refusal("invalid_value", "That is no day. Write it as year-month-day: 2027-01-31.")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the page offers."""

    statuses: tuple[Choice, ...]
    tags: str
    folders: list[Choice]
    editors: list[Choice]
    leads: list[Choice]
    tech_leads: list[Choice]


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def settings_page(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Where it lies, how far it is, who sees, edits and leads it."""
    summary = workflow_or_404(request.actor, workflow_id)
    save = _PARTS.get(request.POST.get("part", ""))
    if save is not None:
        outcome = save(request.actor, workflow_id, request.POST)
        return told(request, outcome, "Saved.", f"/workflows/{workflow_id}/settings/")
    context = {
        "summary": summary,
        "settings": _settings(request.actor, summary),
        "is_admin": request.actor.is_admin,
    }
    return render(request, "workflows/settings.html", context)


def _settings(actor: Actor, summary: WorkflowSummary) -> Settings:
    return Settings(
        statuses=tuple(
            Choice(value, label, value == summary.status) for value, label in STATUS_LABELS.items()
        ),
        tags=", ".join(summary.tags),
        folders=folder_choices(actor, summary.folder_id),
        editors=people_choices(actor, editor_ids(actor, summary.id)),
        leads=people_choices(actor, [summary.lead_id]),
        tech_leads=people_choices(actor, [summary.tech_lead_id]),
    )


def _save_planning(actor: Actor, workflow_id: int, posted: QueryDict) -> Refusal | None:
    written = posted.get("goes_live_on", "")
    try:
        day = date.fromisoformat(written) if written else None
    except ValueError:
        return _BAD_DAY
    planning = Planning(posted.get("status", ""), day)
    return (
        plan_workflow(actor, workflow_id, planning)
        or tag_workflow(actor, workflow_id, posted.get("tags", "").split(","))
        or move_workflow(actor, workflow_id, number(posted.get("folder")))
    )


def _save_visibility(actor: Actor, workflow_id: int, posted: QueryDict) -> Refusal | None:
    visibility = Visibility("is_private" in posted, "are_instances_private" in posted)
    return set_visibility(actor, workflow_id, visibility)


def _save_editors(actor: Actor, workflow_id: int, posted: QueryDict) -> Refusal | None:
    chosen = {int(one) for one in posted.getlist("person") if number(one) is not None}
    return choose_editors(actor, workflow_id, chosen)


def _save_leads(actor: Actor, workflow_id: int, posted: QueryDict) -> Refusal | None:
    lead, tech_lead = number(posted.get("lead")), number(posted.get("tech_lead"))
    return appoint_leads(actor, workflow_id, lead, tech_lead)


_PARTS: dict[str, Callable[[Actor, int, QueryDict], Refusal | None]] = {
    "planning": _save_planning,
    "visibility": _save_visibility,
    "editors": _save_editors,
    "leads": _save_leads,
}
