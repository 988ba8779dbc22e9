"""The list of workflows, the page of one, and the button that starts it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.field_types import AnyField
from waypost.engine.step_types import AnyStep
from waypost.instances.actions import Done, NewInstance, start_instance
from waypost.instances.listing import InstanceFilter, Page, list_instances
from waypost.people.actor import Actor
from waypost.people.queries import names_of
from waypost.web.access import MemberRequest, member_page
from waypost.workflows.queries import WorkflowSummary, find_workflow, list_workflows, published

RECENT = Page(size=10)


@dataclass(frozen=True, slots=True)
class ListedStep:
    """One step of a definition, with the ids that calls need."""

    number: str
    step: AnyStep
    kind: str
    notes: tuple[str, ...]
    fields: tuple[AnyField, ...]


@dataclass(frozen=True, slots=True)
class StartForm:
    """What is asked before a run starts, and why the last try did not."""

    has_name: bool
    name: str = ""
    refusal: str = ""


@require_safe
@member_page
def workflow_list(request: MemberRequest) -> HttpResponse:
    """Every workflow that the member may see."""
    workflows = list_workflows(request.actor)
    leads = {one.lead_id for one in workflows if one.lead_id is not None}
    names = names_of(request.actor.workspace_id, leads)
    context = {"rows": [(one, names.get(one.lead_id or 0, "")) for one in workflows]}
    return render(request, "workflows/list.html", context)


@require_safe
@member_page
def workflow_page(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """The steps of a workflow, the ids of its fields, and its runs."""
    summary = _summary(request.actor, workflow_id)
    workflow = published(request.actor, workflow_id)
    runs = list_instances(request.actor, InstanceFilter(workflow_id=workflow_id), page=RECENT)
    context = {
        "summary": summary,
        "workflow": None if isinstance(workflow, Refusal) else workflow,
        "steps": () if isinstance(workflow, Refusal) else _listed_steps(workflow),
        "runs": () if isinstance(runs, Refusal) else runs.rows,
    }
    return render(request, "workflows/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def start(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Ask for a name, then start a run and go to it."""
    summary = _summary(request.actor, workflow_id)
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


def _summary(actor: Actor, workflow_id: int) -> WorkflowSummary:
    found = find_workflow(actor, workflow_id)
    if found is None:
        raise Http404("There is no such workflow. Look at the list of workflows.")
    return found


def _listed_steps(workflow: Workflow) -> tuple[ListedStep, ...]:
    return tuple(
        ListedStep(
            workflow.number_by_key[step.key],
            step,
            "Public form" if step.is_external else type(step).label,
            _notes(step),
            step.fields,
        )
        for step in workflow.steps
    )


def _notes(step: AnyStep) -> tuple[str, ...]:
    conditional = ("only under a condition",) if step.condition else ()
    passing = () if step.is_blocking else ("does not hold up the next",)
    return conditional + passing
