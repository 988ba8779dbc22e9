"""What a member does to a run: complete, skip, restart, stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from waypost.engine.errors import Refusal
from waypost.engine.step_types import AnyStep
from waypost.instances import actions
from waypost.instances.detail import InstanceDetail
from waypost.people.actor import Actor
from waypost.web.access import MemberRequest, member_page
from waypost.web.fields.form import Attempt, asked_fields
from waypost.web.fields.reading import posted_values
from waypost.web.instances.shown import FailedAttempt, load_or_404, shown_instance

_ask_or_act = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked once before something is done."""

    title: str
    text: str
    button: str
    is_dangerous: bool = False


@_ask_or_act
@member_page
def complete(request: MemberRequest, instance_id: int, step_id: int) -> HttpResponse:
    """End an open step with what was entered."""
    if request.method != "POST":
        return _to_instance(instance_id)
    detail = load_or_404(request.actor, instance_id)
    outcome = complete_posted(request, request.actor, detail, step_or_404(detail, step_id))
    if not isinstance(outcome, Refusal):
        messages.success(request, f"{step_or_404(detail, step_id).name} is completed.")
        return _to_instance(instance_id)
    failed = FailedAttempt(step_id, Attempt(request.POST, outcome))
    shown = shown_instance(request.actor, instance_id, timezone.now(), failed)
    if not any(work.form and work.form.refusal for work in shown.works) and not outcome.fields:
        messages.error(request, outcome.message)
    return render(request, "instances/page.html", {"shown": shown}, status=422)


def complete_posted(
    request: HttpRequest, actor: Actor, detail: InstanceDetail, step: AnyStep
) -> Refusal | None:
    """Complete a step with the posted form, for the round that the form showed."""
    visit = request.POST.get("visit", "")
    values = posted_values(asked_fields(detail, step, timezone.now()), request.POST)
    outcome = actions.complete_step(
        actor,
        detail.id,
        step.id,
        values,
        visit=int(visit) if visit.isdecimal() and len(visit) < 10 else None,
    )
    return outcome if isinstance(outcome, Refusal) else None


@_ask_or_act
@member_page
def skip(request: MemberRequest, instance_id: int, step_id: int) -> HttpResponse:
    """Ask, then pass an open step."""
    detail = load_or_404(request.actor, instance_id)
    step = step_or_404(detail, step_id)
    question = Question(
        f"Skip {step.name}?",
        "The step ends without an answer, and the run goes on behind it. References to it stay "
        "empty. This cannot be undone, but a later step may return to it.",
        "Skip the step",
    )
    act = _step_act(actions.skip_step, request, detail.id, step_id)
    return _asked_once(request, detail, question, act)


@_ask_or_act
@member_page
def restart(request: MemberRequest, instance_id: int, step_id: int) -> HttpResponse:
    """Ask, then send a failed call once more."""
    detail = load_or_404(request.actor, instance_id)
    step = step_or_404(detail, step_id)
    question = Question(
        f"Try {step.name} again?",
        "The request is made afresh and sent as a new one. If the last try did arrive after all, "
        "the other system may get it twice.",
        "Try again",
    )
    act = _step_act(actions.restart_step, request, detail.id, step_id)
    return _asked_once(request, detail, question, act)


@_ask_or_act
@member_page
def stop(request: MemberRequest, instance_id: int) -> HttpResponse:
    """Ask, then abort the run."""
    detail = load_or_404(request.actor, instance_id)
    question = Question(
        f"Stop {detail.row.name}?",
        "Open steps are closed, links of customers end, and nothing is sent any more. "
        "A stopped run cannot be started again; what happened stays in its log.",
        "Stop the run",
        is_dangerous=True,
    )

    def act() -> Refusal | None:
        outcome = actions.stop_instances(request.actor, [instance_id])
        return outcome if isinstance(outcome, Refusal) else None

    return _asked_once(request, detail, question, act)


def _step_act(
    action: Callable[[Actor, int, int], actions.Done | Refusal],
    request: MemberRequest,
    instance_id: int,
    step_id: int,
) -> Callable[[], Refusal | None]:
    def act() -> Refusal | None:
        outcome = action(request.actor, instance_id, step_id)
        return outcome if isinstance(outcome, Refusal) else None

    return act


def _asked_once(
    request: MemberRequest,
    detail: InstanceDetail,
    question: Question,
    act: Callable[[], Refusal | None],
) -> HttpResponse:
    """GET asks, POST acts and goes back to the run."""
    if request.method != "POST":
        context = {"question": question, "detail": detail}
        return render(request, "instances/question.html", context)
    refusal = act()
    if refusal:
        messages.error(request, refusal.message)
    return _to_instance(detail.id)


def step_or_404(detail: InstanceDetail, step_id: int) -> AnyStep:
    """The step with this id."""
    step = detail.workflow.step_by_id.get(step_id)
    if step is None:
        raise Http404("The workflow has no such step. Open the instance again.")
    return step


def _to_instance(instance_id: int) -> HttpResponse:
    return HttpResponseRedirect(f"/instances/{instance_id}/", status=303)
