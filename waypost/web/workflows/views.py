"""The page of a workflow, and the button that starts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.url_parameters import kept_parameters
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
    url_parameters: Mapping[str, str] = field(default_factory=dict)


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
    """Ask for a name, then start a run and go to it. What the address says under declared names
    goes along.
    """
    summary = workflow_or_404(request.actor, workflow_id)
    workflow = published(request.actor, workflow_id)
    has_name = not (isinstance(workflow, Workflow) and workflow.has_automatic_names)
    form = StartForm(has_name, url_parameters=_parameters(workflow, request.GET))
    if request.method == "POST":
        name = request.POST.get("name", "").strip()
        parameters = _parameters(workflow, request.POST, "url.")
        new = NewInstance(name=name, url_parameters=parameters)
        outcome = start_instance(request.actor, workflow_id, new)
        if isinstance(outcome, Done):
            return HttpResponseRedirect(f"/instances/{outcome.instance.id}/", status=303)
        reason = outcome.message if isinstance(outcome, Refusal) else ""
        form = StartForm(has_name, name, reason, parameters)
    context = {"summary": summary, "form": form}
    return render(request, "workflows/start.html", context, status=422 if form.refusal else 200)


def _parameters(workflow: Workflow | Refusal, given: QueryDict, before: str = "") -> dict[str, str]:
    """The declared URL parameters that are given, in boxes whose names begin with `before`."""
    if isinstance(workflow, Refusal):
        return {}
    said = {name: given.get(f"{before}{name}", "") for name in workflow.url_parameters}
    return kept_parameters(workflow, {name: value for name, value in said.items() if value})
