"""The page that takes a pasted request, shows what was understood, and puts it into the step."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.pasted_request import PastedRequest
from waypost.engine.pasting import read_request, use_request
from waypost.engine.step_types.http_request import HttpRequest
from waypost.web.access import MemberRequest, member_page
from waypost.web.references.place import Place, place_of
from waypost.web.references.preview import preview_of
from waypost.web.references.views import LONGEST_PASTE
from waypost.workflows.editing import Edited, edit_draft

_TOO_LONG = "This is too long for one request. Paste it in parts."
_NOTHING = "Nothing of a request was found in this text. Look below for what can be pasted."


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def paste_request(request: MemberRequest, workflow_id: int, step_id: int) -> HttpResponse:
    """Ask for the text, show what it says, and use it once that is confirmed."""
    place = place_of(request.actor, workflow_id, step_id)
    if not place.draft.may_change:
        raise PermissionDenied("Only those who may change this workflow paste into it.")
    if not isinstance(place.workflow.step_by_key.get(place.step_key), HttpRequest):
        raise Http404("Only an integration takes a request.")
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if request.method != "POST":
        return _page(request, place, "", None)
    if len(text) > LONGEST_PASTE:
        return _page(request, place, "", None, _TOO_LONG)
    pasted = read_request(text)
    if pasted.is_empty:
        return _page(request, place, text, None, _NOTHING)
    if "use" not in request.POST:
        return _page(request, place, text, pasted)
    outcome = _use(request, place, pasted)
    if isinstance(outcome, Refusal):
        return _page(request, place, text, pasted, outcome.message)
    return HttpResponseRedirect(f"/workflows/{workflow_id}/edit/steps/{step_id}/", status=303)


def _use(request: MemberRequest, place: Place, pasted: PastedRequest) -> Edited | Refusal:
    def change(workflow: Workflow) -> Workflow | Refusal:
        return use_request(workflow, place.step_key, pasted)

    name = place.workflow.step_by_key[place.step_key].name
    written = request.POST.get("revision", "")
    revision = int(written) if written.isdecimal() and len(written) < 10 else place.draft.revision
    return edit_draft(
        request.actor, place.draft.workflow_id, revision, f"Pasted a request into {name}", change
    )


def _page(
    request: MemberRequest,
    place: Place,
    text: str,
    pasted: PastedRequest | None,
    problem: str = "",
) -> HttpResponse:
    context = {
        "place": place,
        "step": place.workflow.step_by_key[place.step_key],
        "number": place.workflow.number_by_key[place.step_key],
        "text": text,
        "problem": problem,
        "preview": pasted
        and preview_of(pasted, place.workflow, place.step_key, request.actor.is_admin),
    }
    return render(request, "references/paste.html", context, status=422 if problem else 200)
