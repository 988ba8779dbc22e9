"""Publishing: errors refuse it with reasons, warnings are acknowledged one by one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from waypost.engine.checks import errors_in
from waypost.engine.errors import Refusal
from waypost.web.access import MemberRequest, member_page
from waypost.web.editor.answers import is_part, see_other
from waypost.web.editor.problems import problems_of
from waypost.web.editor.screen import opened
from waypost.workflows.actions import Imported, Rejected, publish_workflow
from waypost.workflows.drafts import Draft, publishing_findings

_HAS_ERRORS = "It cannot be published yet. Mend the errors below first."
_TICK_ALL = "Tick each warning that you have looked at, or mend what it says."


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def publish(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Show what stands in the way; without errors, publish."""
    draft = opened(request.actor, workflow_id)
    if not draft.may_change:
        raise PermissionDenied(
            "Only an admin, its lead or its tech lead may publish this workflow."
        )
    refusal = ""
    if request.method == "POST":
        outcome = _published(request, draft)
        if isinstance(outcome, Imported):
            return _success(request, draft, outcome)
        refusal = outcome
        draft = opened(request.actor, workflow_id)
    return _page(request, draft, refusal)


def _published(request: MemberRequest, draft: Draft) -> Imported | str:
    """What was published, or why nothing was."""
    ticked = request.POST.getlist("acknowledge")
    outcome = publish_workflow(request.actor, draft.workflow_id, draft.revision, ticked)
    match outcome:
        case Imported():
            return outcome
        case Refusal():
            return outcome.message
        case Rejected():
            found = [one for findings in outcome.findings.values() for one in findings]
            return _HAS_ERRORS if errors_in(found) else _TICK_ALL


def _success(request: MemberRequest, draft: Draft, outcome: Imported) -> HttpResponse:
    said = (
        f"Published as version {outcome.version_number}. New instances run on it."
        if outcome.is_changed
        else f"Nothing has changed since version {outcome.version_number}."
    )
    messages.success(request, said)
    return see_other(request, f"/workflows/{draft.workflow_id}/edit/")


def _page(request: MemberRequest, draft: Draft, refusal: str) -> HttpResponse:
    findings = publishing_findings(request.actor, draft)
    problems = problems_of(draft.workflow, draft.workflow_id, findings)
    base = f"/workflows/{draft.workflow_id}/edit/"
    context = {
        "draft": draft,
        "errors": [one for one in problems if one.is_error],
        "warnings": [one for one in problems if not one.is_error],
        "refusal": refusal,
        "base": base,
        "back": base,
        "part": "editor/_publish.html",
        "next_number": (draft.published_number or 0) + 1,
    }
    template = "editor/_publish.html" if is_part(request) else "editor/dialog.html"
    return render(request, template, context, status=422 if refusal else 200)
