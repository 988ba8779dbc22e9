"""Archiving a workflow, bringing it back, and deleting it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from waypost.engine.errors import Refusal
from waypost.instances.deleting import delete_workflow, run_counts
from waypost.web.access import MemberRequest, member_page
from waypost.web.workflows.found import told, workflow_or_404
from waypost.workflows.archiving import archive_workflow, unarchive_workflow


@require_POST
@member_page
def archive(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Put a workflow into the archive."""
    summary = workflow_or_404(request.actor, workflow_id)
    outcome = archive_workflow(request.actor, workflow_id)
    said = f"{summary.name} is archived: nothing new starts, what runs goes on."
    return told(request, outcome, said, f"/workflows/{workflow_id}/")


@require_POST
@member_page
def unarchive(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Take a workflow out of the archive."""
    summary = workflow_or_404(request.actor, workflow_id)
    outcome = unarchive_workflow(request.actor, workflow_id)
    said = f"{summary.name} is back from the archive."
    return told(request, outcome, said, f"/workflows/{workflow_id}/")


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def delete(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Ask, then delete a workflow of which nothing runs."""
    summary = workflow_or_404(request.actor, workflow_id)
    if request.method == "POST":
        outcome = delete_workflow(request.actor, workflow_id)
        is_kept = isinstance(outcome, Refusal)
        address = f"/workflows/{workflow_id}/" if is_kept else "/workflows/"
        return told(request, outcome, f"{summary.name} is deleted.", address)
    context = {"summary": summary, "runs": run_counts(request.actor, workflow_id)}
    return render(request, "workflows/delete.html", context)
