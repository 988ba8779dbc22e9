"""The pages that open as dialogs: conditions, moments, places of steps, a new credential."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from waypost.engine.edits import containers_for
from waypost.engine.errors import Refusal
from waypost.engine.sentences import condition_sentence
from waypost.engine.step_types import AnyStep
from waypost.integrations.credentials import NewCredential
from waypost.integrations.kinds import Kind
from waypost.web.access import MemberRequest, member_page
from waypost.web.editor.answers import is_part, see_other
from waypost.web.editor.asked import number_of
from waypost.web.editor.looks import step_kinds
from waypost.web.editor.moments import moment_form
from waypost.web.editor.rules import Option, read_condition, refitted_groups, shown_groups
from waypost.web.editor.screen import opened, step_at
from waypost.workflows.choosing_credentials import store_and_choose
from waypost.workflows.drafts import Draft
from waypost.workflows.editing import Edited


@require_safe
@member_page
def conditions(request: MemberRequest, workflow_id: int, step_id: int) -> HttpResponse:
    """The rules of a step or field; with `refit` as they are being filled in."""
    draft = opened(request.actor, workflow_id)
    step = step_at(draft, step_id)
    field = step.field(request.GET.get("field", ""))
    stored = field.condition if field else step.condition
    asked = request.GET
    refits = "rows" in asked
    groups = (
        refitted_groups(draft.workflow, step, asked)
        if refits
        else shown_groups(draft.workflow, step, stored)
    )
    condition = read_condition(asked) if refits else stored
    verb = "Shown" if field else "Runs"
    context = {
        "groups": groups,
        "sentence": condition_sentence(condition, draft.workflow, verb),
        "field": field,
        "has_sources": bool(groups[0].rows and groups[0].rows[0].sources) or bool(stored),
    }
    return _dialog(request, "conditions", draft, step, context)


@require_safe
@member_page
def moment(request: MemberRequest, workflow_id: int, step_id: int, which: str) -> HttpResponse:
    """When a step starts, or by when it is due."""
    draft = opened(request.actor, workflow_id)
    step = step_at(draft, step_id)
    stored = step.schedule if which == "schedule" else step.deadline
    context = {"which": which, "form": moment_form(draft.workflow, step, stored), "stored": stored}
    return _dialog(request, "moment", draft, step, context)


@require_safe
@member_page
def place(request: MemberRequest, workflow_id: int, step_id: int) -> HttpResponse:
    """The groups that a step could move into."""
    draft = opened(request.actor, workflow_id)
    step = step_at(draft, step_id)
    numbers = draft.workflow.number_by_key
    found = [
        (one.key, numbers[one.key], one.name) for one in containers_for(draft.workflow, step.key)
    ]
    kinds = [kind for kind in step_kinds("person") if kind.name in ("group", "parallel")]
    return _dialog(request, "place", draft, step, {"containers": found, "kinds": kinds})


@require_safe
@member_page
def add(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """The kinds of steps, for a place between others or in a group."""
    draft = opened(request.actor, workflow_id)
    known = draft.workflow.step_by_key
    after, within = (known.get(request.GET.get(name, "")) for name in ("after", "within"))
    context = {
        "after": after,
        "within": within,
        "person_kinds": step_kinds("person"),
        "call_kinds": step_kinds("call"),
    }
    return _dialog(request, "add", draft, None, context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def credential(request: MemberRequest, workflow_id: int, step_id: int) -> HttpResponse:
    """Store a secret for the workspace, and choose it in this step."""
    draft = opened(request.actor, workflow_id)
    step = step_at(draft, step_id)
    if not request.actor.is_admin:
        raise PermissionDenied("Only an admin stores credentials. Ask one of them.")
    refusal = ""
    if request.method == "POST":
        outcome = _stored(request, workflow_id, step)
        if not isinstance(outcome, Refusal):
            return see_other(request, f"/workflows/{workflow_id}/edit/steps/{step_id}/")
        refusal = outcome.message
    kinds = [Option(kind, label, kind == request.POST.get("kind")) for kind, label in Kind.choices]
    entered = {name: request.POST.get(name, "") for name in ("name", "shown", "origins")}
    entered["origins"] = entered["origins"] or _origin(step)
    context = {"kinds": kinds, "entered": entered, "refusal": refusal}
    return _dialog(request, "credential", draft, step, context, 422 if refusal else 200)


def _stored(request: MemberRequest, workflow_id: int, step: AnyStep) -> Edited | Refusal:
    post = request.POST
    if post.get("kind") not in Kind.values:
        return Refusal("unknown_kind", "Choose what kind of credential it is.")
    new = NewCredential(
        post.get("name", "").strip(),
        Kind(post["kind"]),
        post.get("secret", ""),
        post.get("shown", "").strip(),
        tuple(post.get("origins", "").split()),
    )
    revision = number_of(post, "revision")
    return store_and_choose(request.actor, workflow_id, revision, step, new)


def _origin(step: AnyStep) -> str:
    """Where the step sends, as far as it is written out."""
    parts = urlsplit(getattr(step, "url", ""))
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and "{" not in parts.netloc else ""


def _dialog(
    request: MemberRequest,
    name: str,
    draft: Draft,
    step: AnyStep | None,
    context: Mapping[str, object],
    status: int = 200,
) -> HttpResponse:
    base = f"/workflows/{draft.workflow_id}/edit/"
    shown = {
        **context,
        "draft": draft,
        "step": step,
        "base": base,
        "back": f"{base}steps/{step.id}/" if step else base,
        "part": f"editor/_{name}.html",
    }
    template = f"editor/_{name}.html" if is_part(request) else "editor/dialog.html"
    return render(request, template, shown, status=status)
