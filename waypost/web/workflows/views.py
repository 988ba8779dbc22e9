"""The page of a workflow, and the button that starts it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.instances.actions import Done, NewInstance, start_instance
from waypost.instances.listing import InstanceFilter, Page, list_instances
from waypost.web.access import MemberRequest, member_page
from waypost.web.workflows.found import workflow_or_404
from waypost.web.workflows.shown import shown_workflow
from waypost.workflows.queries import published

RECENT = Page(size=10)


@dataclass(frozen=True, slots=True)
class StartForm:
    """What is asked before a run starts, and why the last try did not."""

    has_name: bool
    name: str = ""
    refusal: str = ""


@require_safe
@member_page
def workflow_page(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """What a workflow consists of, how it stands, its notes and its runs."""
    summary = workflow_or_404(request.actor, workflow_id)
    runs = list_instances(request.actor, InstanceFilter(workflow_id=workflow_id), page=RECENT)
    context = {
        "summary": summary,
        "shown": shown_workflow(request.actor, summary),
        "runs": () if isinstance(runs, Refusal) else runs.rows,
    }
    return render(request, "workflows/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def start(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Ask for a name, then start a run and go to it."""
    summary = workflow_or_404(request.actor, workflow_id)
    workflow = published(request.actor, workflow_id)
    has_name = not (isinstance(workflow, Workflow) and workflow.has_automatic_names)
    form = StartForm(has_name)
    if request.method == "POST":
        name = request.POST.get("name", "").strip()
        outcome = start_instance(request.actor, workflow_id, NewInstance(name=name))
        if isinstance(outcome, Done):
            return HttpResponseRedirect(f"/instances/{outcome.instance.id}/", status=303)
        reason = outcome.message if isinstance(outcome, Refusal) else ""
        form = StartForm(has_name, name, reason)
    context = {"summary": summary, "form": form}
    return render(request, "workflows/start.html", context, status=422 if form.refusal else 200)
