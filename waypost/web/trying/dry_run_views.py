"""The page of dry runs: begin one, go on move by move, save it as a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from waypost.engine.checks import errors_in
from waypost.engine.definition import Workflow
from waypost.engine.dry_run import DryRun, Move
from waypost.engine.dry_run_edits import keep_dry_run, remove_dry_run
from waypost.engine.errors import Refusal
from waypost.engine.url_parameters import kept_parameters
from waypost.web.access import MemberRequest, member_page
from waypost.web.fields.form import Attempt
from waypost.web.trying.acting import STEP_ACTS, Place, advanced
from waypost.web.trying.kept import KeptRun, is_saved_name, keep_run, kept_run, new_run
from waypost.web.trying.saved_runs import saved_runs
from waypost.web.trying.shown_run import FailedForm, played_world, shown_run
from waypost.workflows.drafts import Draft, open_draft
from waypost.workflows.dry_run.playing import moved
from waypost.workflows.dry_run.repeating import empty_world, saved
from waypost.workflows.dry_run.world import World
from waypost.workflows.editing import edit_draft
from waypost.workflows.surroundings import startable

_NOT_YOURS = "Only those who may change this workflow may play dry runs of it. Ask its lead."
_NOT_STARTED = "The dry run was not started, or your session has ended. Start it again."


@dataclass(frozen=True, slots=True)
class Stage:
    """A draft, the workflows around it, and the dry run that is under way."""

    draft: Draft
    others: Mapping[str, Workflow]
    kept: KeptRun | None

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"/workflows/{self.draft.workflow_id}/edit/dry-run/"

    @property
    def world(self) -> World:
        """The world before the dry run begins."""
        return empty_world(self.draft.workflow, self.others)


@require_safe
@member_page
def dry_run_page(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """The dry run under way, or how to start one; saved ones below."""
    return _page(request, _stage(request, workflow_id))


@require_POST
@member_page
def start(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Begin a new dry run, in place of the one under way."""
    stage = _stage(request, workflow_id)
    stops = stage.kept.stops_at_calls if stage.kept else False
    begun = new_run(timezone.now(), _parameters(stage.draft.workflow, request.POST))
    return _kept(request, stage, msgspec.structs.replace(begun, stops_at_calls=stops))


@require_POST
@member_page
def act(
    request: MemberRequest, workflow_id: int, run_id: int, step_id: int, verb: str
) -> HttpResponse:
    """Do something to a step of one instance."""
    stage = _stage(request, workflow_id)
    kept = _under_way(stage)
    world, _ = played_world(kept, stage.world, stage.draft.workflow.key)
    run = world.run(run_id)
    step = None if run is None else run.workflow.step_by_id.get(step_id)
    if run is None or step is None or verb not in STEP_ACTS:
        raise Http404("There is no such step in this dry run. Open its page again.")
    move = STEP_ACTS[verb](Place(world, run, step), request.POST)
    refusal = move if isinstance(move, Refusal) else _refusal(world, move)
    if refusal is None and not isinstance(move, Refusal):
        return _kept(request, stage, kept.with_move(move))
    if refusal is not None and verb == "complete":
        failed = FailedForm(run_id, step_id, Attempt(request.POST, refusal))
        return _page(request, stage, failed, status=422)
    messages.error(request, refusal.message if refusal else _NOT_STARTED)
    return HttpResponseRedirect(stage.url, status=303)


@require_POST
@member_page
def advance(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Let time go by."""
    stage = _stage(request, workflow_id)
    kept, move = _under_way(stage), advanced(request.POST)
    world, _ = played_world(kept, stage.world, stage.draft.workflow.key)
    refusal = _refusal(world, move)
    if refusal is not None:
        messages.error(request, refusal.message)
    return _kept(request, stage, kept if refusal else kept.with_move(move))


@require_POST
@member_page
def change(request: MemberRequest, workflow_id: int, verb: str) -> HttpResponse:
    """Go back a move, choose whether to stop at calls, or leave the dry run."""
    stage = _stage(request, workflow_id)
    kept = _under_way(stage)
    if verb not in _CHANGES:
        raise Http404("There is nothing here. Open the dry run again.")
    return _kept(request, stage, _CHANGES[verb](kept))


_CHANGES: Mapping[str, Callable[[KeptRun], KeptRun | None]] = {
    "back": KeptRun.without_last,
    "stops": lambda kept: msgspec.structs.replace(kept, stops_at_calls=not kept.stops_at_calls),
    "leave": lambda _: None,
}


@require_POST
@member_page
def save(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Save the dry run under way as a test, under a name."""
    stage = _stage(request, workflow_id)
    name = request.POST.get("name", "")
    run = msgspec.structs.replace(_under_way(stage).run, name=name)
    fresh = saved(run, stage.draft.workflow, stage.others)
    outcome = fresh if isinstance(fresh, Refusal) else _keep(request, stage, fresh)
    if isinstance(outcome, Refusal):
        messages.error(request, outcome.message)
        return HttpResponseRedirect(stage.url, status=303)
    messages.success(request, f"“{name.strip()}” is saved. It is repeated before each publishing.")
    return _kept(request, stage, None)


@require_POST
@member_page
def of_saved(request: MemberRequest, workflow_id: int, verb: str) -> HttpResponse:
    """Open a saved dry run, accept how it ends now, or delete it."""
    stage = _stage(request, workflow_id)
    name = request.POST.get("name", "")
    run = next((one for one in stage.draft.workflow.dry_runs if one.name == name), None)
    if run is None:
        raise Http404("This dry run is not there any more. Open the page again.")
    if verb == "open":
        return _kept(request, stage, KeptRun(run))
    outcome: Workflow | Refusal | None
    if verb == "delete":
        outcome = _edited(
            request, stage, f"Deleted the dry run {name}", lambda flow: remove_dry_run(flow, name)
        )
    else:
        outcome = _accepted(request, stage, name)
    if isinstance(outcome, Refusal):
        messages.error(request, outcome.message)
    return HttpResponseRedirect(f"{stage.url}#saved", status=303)


def _parameters(workflow: Workflow, posted: QueryDict) -> dict[str, str]:
    said = {name: posted.get(f"url.{name}", "").strip() for name in workflow.url_parameters}
    return kept_parameters(workflow, {name: value for name, value in said.items() if value})


def _accepted(request: MemberRequest, stage: Stage, name: str) -> Workflow | Refusal:
    run = next(one for one in stage.draft.workflow.dry_runs if one.name == name)
    fresh = saved(run, stage.draft.workflow, stage.others)
    return fresh if isinstance(fresh, Refusal) else _keep(request, stage, fresh)


def _keep(request: MemberRequest, stage: Stage, run: DryRun) -> Workflow | Refusal:
    label = f"Saved the dry run {run.name}"
    return _edited(request, stage, label, lambda workflow: keep_dry_run(workflow, run))


def _edited(
    request: MemberRequest,
    stage: Stage,
    label: str,
    edit: Callable[[Workflow], Workflow | Refusal],
) -> Workflow | Refusal:
    # Saved runs go by name: what somebody else did since the page was drawn stays as it is.
    draft = stage.draft
    outcome = edit_draft(request.actor, draft.workflow_id, draft.revision, label, edit)
    return outcome if isinstance(outcome, Refusal) else outcome.workflow


def _refusal(world: World, move: Move) -> Refusal | None:
    outcome = moved(world, move)
    return outcome if isinstance(outcome, Refusal) else None


def _stage(request: MemberRequest, workflow_id: int) -> Stage:
    draft = open_draft(request.actor, workflow_id)
    if isinstance(draft, Refusal):
        raise Http404(draft.message)
    if not draft.may_change:
        raise PermissionDenied(_NOT_YOURS)
    others = startable(request.actor, draft.workflow)
    return Stage(draft, others, kept_run(request, workflow_id))


def _under_way(stage: Stage) -> KeptRun:
    if stage.kept is None:
        raise Http404(_NOT_STARTED)
    if errors_in(stage.draft.findings):
        raise Http404("Mend the errors of the workflow first, then go on.")
    return stage.kept


def _kept(request: MemberRequest, stage: Stage, kept: KeptRun | None) -> HttpResponse:
    keep_run(request, stage.draft.workflow_id, kept)
    return HttpResponseRedirect(stage.url, status=303)


def _page(
    request: MemberRequest, stage: Stage, failed: FailedForm | None = None, status: int = 200
) -> HttpResponse:
    draft, kept = stage.draft, stage.kept
    errors = errors_in(draft.findings)
    key = draft.workflow.key
    shown = shown_run(kept, stage.world, key, stage.url, failed) if kept and not errors else None
    context = {
        "draft": draft,
        "url": stage.url,
        "errors": errors,
        "shown": shown,
        "name": kept.run.name if kept and is_saved_name(kept.run) else "",
        "saved": () if errors else saved_runs(draft.workflow, stage.others),
    }
    return render(request, "trying/dry_run.html", context, status=status)
