"""Who else is in the editor, and whether the draft has moved on."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from waypost.engine.errors import Refusal
from waypost.web.access import MemberRequest, member_page
from waypost.workflows.presence import note_presence


@require_POST
@member_page
def presence(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Note that the member is at a step; answer with the others and the newest revision."""
    others = note_presence(request.actor, workflow_id, request.POST.get("step", ""))
    if isinstance(others, Refusal):
        raise Http404(others.message)
    people = [{"name": one.name, "step": one.step_key} for one in others.people]
    return JsonResponse({"people": people, "revision": others.revision, "by": others.changed_by})
