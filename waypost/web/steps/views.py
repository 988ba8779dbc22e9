"""Early, active, done, gone: what a customer sees behind a link. GET never changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waypost.engine.errors import Refusal
from waypost.engine.instance import Status
from waypost.instances.actions import Done, complete_step_by_link
from waypost.instances.links import LinkedStep, step_from_link
from waypost.web.fields.form import Attempt, asked_fields, step_form
from waypost.web.fields.reading import posted_values
from waypost.web.live import etag_of, reload_unless
from waypost.workspace.queries import Letterhead, letterhead

_STATUS = {"early": 200, "active": 200, "done": 200, "gone": 410}
_CODE_SHOWN = "••••••"


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """One answer, as it is shown back to the one who gave it."""

    label: str
    text: str


@require_http_methods(["GET", "HEAD", "POST"])
def step_page(request: HttpRequest, token: str) -> HttpResponse:
    """The step as it stands; POST completes it."""
    linked = _linked(token)
    if request.method == "POST" and linked.state == "active":
        return _complete(request, token, linked)
    return _page(request, token, linked)


@require_safe
def step_live(request: HttpRequest, token: str) -> HttpResponse:
    """Whether the step still stands as the page shows it."""
    return reload_unless(request, _shown(_linked(token)))


def _complete(request: HttpRequest, token: str, linked: LinkedStep) -> HttpResponse:
    fields = asked_fields(linked.instance, linked.step, timezone.now())
    outcome = complete_step_by_link(
        token, posted_values(fields, request.POST), _visit(request, linked)
    )
    if isinstance(outcome, Done):
        return HttpResponseRedirect(request.path, status=303)
    return _page(request, token, _linked(token), Attempt(request.POST, outcome))


def _visit(request: HttpRequest, linked: LinkedStep) -> int:
    """The round that the form showed; a form without one was not ours and shows the current."""
    posted = request.POST.get("visit", "")
    return int(posted) if posted.isdecimal() and len(posted) < 10 else linked.visit


def _linked(token: str) -> LinkedStep:
    linked = step_from_link(token)
    if isinstance(linked, Refusal):
        raise Http404(linked.message)
    return linked


def _shown(linked: LinkedStep) -> str:
    return f"{linked.state} {linked.visit}"


def _page(
    request: HttpRequest, token: str, linked: LinkedStep, attempt: Attempt | None = None
) -> HttpResponse:
    is_active = linked.state == "active"
    context = {
        "step": linked.step,
        "form": step_form(linked.instance, linked.step, timezone.now(), attempt)
        if is_active
        else None,
        "sent": _sent(linked) if linked.state == "done" else (),
        "starts_at": _starts_at(linked),
        "company": _letterhead(linked),
        "action": request.path,
        "live_url": f"{request.path}/live",
        "live_etag": etag_of(_shown(linked)),
        "refusal": attempt.refusal if attempt and not is_active else None,
    }
    status = 422 if attempt else _STATUS[_template(linked)]
    response = render(request, f"steps/{_template(linked)}.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _template(linked: LinkedStep) -> str:
    """The page of this state. An answer is thanked for although the run has ended since."""
    is_answered = linked.instance.run(linked.step).status is Status.COMPLETED
    return "done" if linked.state == "gone" and is_answered else linked.state


def _starts_at(linked: LinkedStep) -> datetime | None:
    """When a scheduled step opens; None before its turn has come."""
    run = linked.instance.run(linked.step)
    return run.due_at if run.status is Status.SCHEDULED else None


def _letterhead(linked: LinkedStep) -> Letterhead:
    return letterhead(linked.instance.row.workspace_id)


def _sent(linked: LinkedStep) -> tuple[SentAnswer, ...]:
    """What was sent, one-time codes apart."""
    values = linked.instance.run(linked.step).values
    return tuple(
        SentAnswer(one.name, _CODE_SHOWN if one.is_one_time_code else one.shown(values[one.key]))
        for one in linked.step.fields
        if one.key in values and one.outputs and not one.is_empty(values[one.key])
    )
