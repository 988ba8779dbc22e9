"""The pages of the editor, and the one address that every change of a draft is posted to."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waypost.engine.errors import Refusal
from waypost.web.access import MemberRequest, member_page
from waypost.web.editor.answers import (
    changed_page,
    refused_page,
    see_other,
    shown_page,
)
from waypost.web.editor.asked import read_asked
from waypost.web.editor.changes import ACTIONS
from waypost.web.editor.screen import opened, screen_of, step_at
from waypost.workflows.creating import new_workflow
from waypost.workflows.editing import edit_draft
from waypost.workflows.queries import read_draft
from waypost.workflows.undoing import redo, undo

_NO_ACTION = Refusal("unknown_action", "There is no such button any more. Reload the page.")


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def new(request: MemberRequest) -> HttpResponse:
    """Ask for a name, then open the editor."""
    name = request.POST.get("name", "")
    refusal = ""
    if request.method == "POST":
        made = new_workflow(request.actor, name)
        if not isinstance(made, Refusal):
            return see_other(request, f"/workflows/{made.workflow_id}/edit/")
        refusal = made.message
    context = {"name": name, "refusal": refusal}
    return render(request, "editor/new.html", context, status=422 if refusal else 200)


@require_safe
@member_page
def overview(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Name, leads, tags, and how instances start."""
    draft = opened(request.actor, workflow_id)
    return shown_page(request, screen_of(request.actor, draft))


@require_safe
@member_page
def step(request: MemberRequest, workflow_id: int, step_id: int) -> HttpResponse:
    """One step with its fields or settings."""
    draft = opened(request.actor, workflow_id)
    step_at(draft, step_id)
    return shown_page(request, screen_of(request.actor, draft, step_id))


@require_POST
@member_page
def change(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Carry out what a form asks for."""
    asked = read_asked(request.POST)
    if asked.action in ("undo", "redo"):
        turn = undo if asked.action == "undo" else redo
        outcome = turn(request.actor, workflow_id)
        label = "Undone." if asked.action == "undo" else "Done again."
        return changed_page(request, workflow_id, asked, outcome, label)
    action = ACTIONS.get(asked.action)
    workflow = read_draft(request.actor, workflow_id)
    if action is None or isinstance(workflow, Refusal):
        refusal = workflow if isinstance(workflow, Refusal) else _NO_ACTION
        return refused_page(request, workflow_id, asked, refusal)
    label = action.named(workflow, asked)
    outcome = edit_draft(
        request.actor, workflow_id, asked.revision, label, lambda draft: action.apply(draft, asked)
    )
    return changed_page(request, workflow_id, asked, outcome, f"{label}.")
