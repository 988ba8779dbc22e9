"""How the editor answers: whole pages without script, parts of them with it.

A request with `X-Part: 1` gets the parts of its page as one fragment, or in `X-Go` the address of
another page to open.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from waypost.engine.errors import Refusal
from waypost.web.access import MemberRequest
from waypost.web.editor.asked import Asked
from waypost.web.editor.conflicts import again
from waypost.web.editor.screen import Screen, opened, screen_of
from waypost.workflows.editing import Edited

#: Actions whose outcome is another step, so that its page opens.
_OPENING = frozenset({"add_step", "duplicate_step"})
#: Actions that put a step in another place, which is then said.
_MOVING = frozenset({"move_step", "shift_step", "place_step"})
_STATUS = {"draft_conflict": 409, "not_permitted": 403}


def is_part(request: HttpRequest) -> bool:
    """Whether a script asks, which takes parts."""
    return request.headers.get("X-Part") == "1"


def see_other(request: HttpRequest, url: str) -> HttpResponse:
    """Go on to another page."""
    if is_part(request):
        return HttpResponse(headers={"X-Go": url})
    return HttpResponseRedirect(url, status=303)


def shown_page(
    request: MemberRequest,
    screen: Screen,
    *,
    said: str = "",
    refusal: Refusal | None = None,
    asked: Asked | None = None,
) -> HttpResponse:
    """The page, or its parts. `said` is for a live region; a refused form is shown again."""
    template = "editor/_parts.html" if is_part(request) else "editor/page.html"
    context = {"screen": screen, "said": said, "refusal": refusal}
    if refusal is not None and asked is not None and refusal.code == "draft_conflict":
        context["again"] = again(screen.workflow, asked)
    status = _STATUS.get(refusal.code, 422) if refusal else 200
    return render(request, template, context, status=status)


def changed_page(
    request: MemberRequest, workflow_id: int, asked: Asked, outcome: Edited | Refusal, said: str
) -> HttpResponse:
    """The page after a change."""
    if isinstance(outcome, Refusal):
        return refused_page(request, workflow_id, asked, outcome)
    base = f"/workflows/{workflow_id}/edit/"
    added = outcome.added_steps if asked.action in _OPENING else ()
    if added:
        new = outcome.workflow.step_by_key[added[0]]
        return see_other(request, f"{base}steps/{new.id}/")
    is_there = asked.at in outcome.workflow.step_by_id
    if asked.at and not is_there:
        return see_other(request, base)
    if asked.action in _MOVING:
        said = _place_words(outcome, asked.step)
    if is_part(request):
        draft = opened(request.actor, workflow_id)
        return shown_page(request, screen_of(request.actor, draft, asked.at), said=said)
    messages.success(request, said)
    return see_other(request, f"{base}steps/{asked.at}/" if asked.at else base)


def refused_page(
    request: MemberRequest, workflow_id: int, asked: Asked, refusal: Refusal
) -> HttpResponse:
    """The page with why nothing was changed."""
    screen = screen_of(request.actor, opened(request.actor, workflow_id), asked.at)
    return shown_page(request, screen, refusal=refusal, asked=asked)


def _place_words(outcome: Edited, key: str) -> str:
    workflow = outcome.workflow
    return f"{workflow.step_by_key[key].name} is step {workflow.number_by_key[key]} now."
