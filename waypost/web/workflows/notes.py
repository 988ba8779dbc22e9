"""Notes of builders on the page of a workflow."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from waypost.web.access import MemberRequest, member_page
from waypost.web.workflows.found import number, told, workflow_or_404
from waypost.workflows import notes


@require_POST
@member_page
def add(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Leave a note."""
    workflow_or_404(request.actor, workflow_id)
    posted = request.POST
    outcome = notes.add_note(
        request.actor,
        workflow_id,
        posted.get("text", ""),
        number(posted.get("step")),
        number(posted.get("assignee")),
    )
    return told(request, outcome, "The note is there.", _notes(workflow_id))


@require_POST
@member_page
def reply(request: MemberRequest, workflow_id: int, note_id: int) -> HttpResponse:
    """Answer a note."""
    workflow_or_404(request.actor, workflow_id)
    text = request.POST.get("text", "")
    outcome = notes.reply_to_note(request.actor, workflow_id, note_id, text)
    return told(request, outcome, "The reply is there.", _notes(workflow_id))


@require_POST
@member_page
def assign(request: MemberRequest, workflow_id: int, note_id: int) -> HttpResponse:
    """Say whom a note is for."""
    workflow_or_404(request.actor, workflow_id)
    chosen = number(request.POST.get("assignee"))
    outcome = notes.assign_note(request.actor, workflow_id, note_id, chosen)
    return told(request, outcome, "The note is assigned.", _notes(workflow_id))


@require_POST
@member_page
def complete(request: MemberRequest, workflow_id: int, note_id: int) -> HttpResponse:
    """Mark a note as done, or open it again."""
    workflow_or_404(request.actor, workflow_id)
    is_done = request.POST.get("done") == "1"
    outcome = notes.complete_note(request.actor, workflow_id, note_id, is_done)
    said = "The note is completed." if is_done else "The note is open again."
    return told(request, outcome, said, _notes(workflow_id))


def _notes(workflow_id: int) -> str:
    return f"/workflows/{workflow_id}/#notes"
