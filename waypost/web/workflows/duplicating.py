"""Duplicating a workflow in the browser."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from waypost.people.actor import Actor
from waypost.people.queries import administered_elsewhere
from waypost.web.access import MemberRequest, member_page
from waypost.web.workflows.folders import folder_choices
from waypost.web.workflows.found import Choice, number, workflow_or_404
from waypost.workflows.duplicating import Copied, Copy, duplicate_workflow


@dataclass(frozen=True, slots=True)
class Target:
    """A workspace to copy into, with its folders."""

    id: int | None
    name: str
    folders: list[Choice]


@dataclass(frozen=True, slots=True)
class CopyForm:
    """What was entered, and why the last try was refused. `place` is `<workspace>/<folder>`."""

    name: str
    place: str = "/"
    clears_assignees: bool = False
    refusal: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def duplicate(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Ask for a name and a place, then make the copy."""
    summary = workflow_or_404(request.actor, workflow_id)
    form = CopyForm(f"{summary.name} (copy)"[:255], f"/{summary.folder_id or ''}")
    if request.method == "POST":
        posted = request.POST
        form = CopyForm(posted.get("name", ""), posted.get("place", "/"), "clears" in posted)
        outcome = duplicate_workflow(request.actor, workflow_id, _copy(form))
        if isinstance(outcome, Copied):
            return _copied(request, outcome)
        form = CopyForm(form.name, form.place, form.clears_assignees, outcome.message)
    context = {"summary": summary, "form": form, "targets": _targets(request.actor)}
    return render(request, "workflows/duplicate.html", context, status=422 if form.refusal else 200)


def _copy(form: CopyForm) -> Copy:
    workspace, _, folder = form.place.partition("/")
    return Copy(form.name, number(folder), number(workspace), form.clears_assignees)


def _copied(request: MemberRequest, copied: Copied) -> HttpResponse:
    """To the copy; one in another workspace is told about here, with what it lacks there."""
    if copied.workspace_id == request.actor.workspace_id:
        messages.success(request, f"{copied.name} is a draft of its own now.")
        return HttpResponseRedirect(f"/workflows/{copied.workflow_id}/", status=303)
    place = next(
        one.name
        for one in administered_elsewhere(request.actor)
        if one.workspace_id == copied.workspace_id
    )
    return render(request, "workflows/copied.html", {"copied": copied, "place": place})


def _targets(actor: Actor) -> list[Target]:
    elsewhere = administered_elsewhere(actor)
    here = Target(None, "This workspace", _folders(actor, ""))
    return [
        here,
        *(
            Target(one.workspace_id, one.name, _folders(one.actor, str(one.workspace_id)))
            for one in elsewhere
        ),
    ]


def _folders(actor: Actor, workspace: str) -> list[Choice]:
    inside = [
        Choice(f"{workspace}/{one.value}", one.label, note=one.note)
        for one in folder_choices(actor, None)
    ]
    return [Choice(f"{workspace}/", "In no folder"), *inside]
