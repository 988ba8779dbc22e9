"""Folders in the browser: making one, saying who opens it, deleting it, moving a workflow."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.web.access import MemberRequest, member_page
from waypost.web.workflows.found import Choice, number, people_choices, told, workflow_or_404
from waypost.workflows import folders
from waypost.workflows.folders import FolderDetail

_ask_or_act = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class FolderForm:
    """A folder as it is entered, and why the last try was refused."""

    name: str = ""
    is_private: bool = False
    refusal: str = ""


@_ask_or_act
@member_page
def new_folder(request: MemberRequest) -> HttpResponse:
    """Make a folder and open it."""
    form = FolderForm()
    if request.method == "POST":
        name, is_private = request.POST.get("name", ""), "is_private" in request.POST
        outcome = folders.create_folder(request.actor, name, is_private)
        if not isinstance(outcome, Refusal):
            messages.success(request, f"{name.strip()} is there. Move workflows into it.")
            address = f"/workflows/folders/{outcome}/" if is_private else _listed(outcome)
            return HttpResponseRedirect(address, status=303)
        form = FolderForm(name, is_private, outcome.message)
    context = {"form": form}
    return render(request, "workflows/new_folder.html", context, status=_status(form.refusal))


@_ask_or_act
@member_page
def folder_page(request: MemberRequest, folder_id: int) -> HttpResponse:
    """The name of a folder, and who may open it."""
    folder = _folder_or_404(request.actor, folder_id)
    form = FolderForm(folder.name, folder.is_private)
    if request.method == "POST":
        name, is_private = request.POST.get("name", ""), "is_private" in request.POST
        chosen = {int(one) for one in request.POST.getlist("person") if number(one) is not None}
        refusal = folders.rename_folder(request.actor, folder_id, name)
        refusal = refusal or folders.share_folder(request.actor, folder_id, is_private, chosen)
        if refusal is None:
            messages.success(request, f"{name.strip()} is saved.")
            return HttpResponseRedirect(_listed(folder_id), status=303)
        form = FolderForm(name, is_private, refusal.message)
    people = people_choices(request.actor, folder.principal_ids)
    context = {"folder": folder, "form": form, "people": people}
    return render(request, "workflows/folder.html", context, status=_status(form.refusal))


@require_POST
@member_page
def delete_folder(request: MemberRequest, folder_id: int) -> HttpResponse:
    """Remove a folder that is empty."""
    folder = _folder_or_404(request.actor, folder_id)
    outcome = folders.delete_folder(request.actor, folder_id)
    address = f"/workflows/folders/{folder_id}/" if outcome else "/workflows/"
    return told(request, outcome, f"{folder.name} is deleted.", address)


@_ask_or_act
@member_page
def move(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Choose the folder that a workflow lies in."""
    summary = workflow_or_404(request.actor, workflow_id)
    if request.method == "POST":
        outcome = folders.move_workflow(
            request.actor, workflow_id, number(request.POST.get("folder"))
        )
        return told(request, outcome, f"{summary.name} is moved.", f"/workflows/{workflow_id}/")
    context = {"summary": summary, "folders": folder_choices(request.actor, summary.folder_id)}
    return render(request, "workflows/move.html", context)


def folder_choices(actor: Actor, chosen: int | None) -> list[Choice]:
    """The folders that the actor may put workflows into."""
    return [
        Choice(str(one.id), one.name, one.id == chosen, "private" if one.is_private else "")
        for one in folders.list_folders(actor)
        if one.is_open
    ]


def _folder_or_404(actor: Actor, folder_id: int) -> FolderDetail:
    found = folders.find_folder(actor, folder_id)
    if found is None:
        raise Http404("There is no such folder. Look at the list of workflows.")
    return found


def _listed(folder_id: int) -> str:
    return f"/workflows/?folder={folder_id}"


def _status(refusal: str) -> int:
    return 422 if refusal else 200
