"""Test one integration, and pick variables from its answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.samples import samples_of
from waypost.engine.step_types.http_request import HttpRequest
from waypost.web.access import MemberRequest, member_page
from waypost.web.trying.panel import given_values, keep_trial, keep_values, panel_of
from waypost.workflows.drafts import Draft, open_draft
from waypost.workflows.editing import edit_draft
from waypost.workflows.trying import try_step, with_variable

_NOT_YOURS = "Only those who may change this workflow may test it. Ask its lead."
_LONGEST_VALUE = 10_000


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def trial_page(request: MemberRequest, workflow_id: int, step_id: int) -> HttpResponse:
    """The panel as a page of its own; POST sends the request once."""
    draft, step = _step_or_404(request, workflow_id, step_id)
    if request.method != "POST":
        return _page(request, draft, step)
    keep_values(request, workflow_id, _entered(request, draft, step))
    outcome = (
        try_step(request.actor, draft.workflow, step, given_values(request, workflow_id))
        if draft.may_change
        else Refusal("not_permitted", _NOT_YOURS)
    )
    if isinstance(outcome, Refusal):
        return _page(request, draft, step, outcome.message)
    keep_trial(request, workflow_id, step_id, outcome)
    return HttpResponseRedirect(f"{request.path}#answer", status=303)


@require_POST
@member_page
def add_variable(request: MemberRequest, workflow_id: int, step_id: int) -> HttpResponse:
    """Add a variable for the value that was clicked."""
    _, step = _step_or_404(request, workflow_id, step_id)
    path = request.POST.get("path", "")

    def change(workflow: Workflow) -> Workflow | Refusal:
        return with_variable(workflow, step.key, path)

    posted = request.POST.get("revision", "")
    revision = int(posted) if posted.isdecimal() and len(posted) < 10 else 0
    label = f"Picked {path} for a variable of {step.name}"
    outcome = edit_draft(request.actor, workflow_id, revision, label, change)
    if isinstance(outcome, Refusal):
        messages.error(request, outcome.message)
    return HttpResponseRedirect("../#variables", status=303)


def _entered(request: MemberRequest, draft: Draft, step: HttpRequest) -> dict[str, str]:
    """The values of the references that the step has; whatever else is sent is not kept."""
    posted = {one.key: f"given-{one.key}" for one in samples_of(step, draft.workflow)}
    return {
        key: request.POST.get(name, "")[:_LONGEST_VALUE]
        for key, name in posted.items()
        if name in request.POST
    }


def _step_or_404(
    request: MemberRequest, workflow_id: int, step_id: int
) -> tuple[Draft, HttpRequest]:
    draft = open_draft(request.actor, workflow_id)
    if isinstance(draft, Refusal):
        raise Http404(draft.message)
    step = draft.workflow.step_by_id.get(step_id)
    if not isinstance(step, HttpRequest):
        raise Http404("There is no integration here. Open the workflow again.")
    return draft, step


def _page(
    request: MemberRequest, draft: Draft, step: HttpRequest, refusal: str = ""
) -> HttpResponse:
    panel = panel_of(request, draft, step, refusal)
    context = {"draft": draft, "panel": panel}
    return render(request, "trying/test.html", context, status=422 if refusal else 200)
