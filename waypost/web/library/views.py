"""The pages of the library."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from waypost.engine.errors import Refusal
from waypost.engine.finding import Finding
from waypost.web.access import MemberRequest, member_page
from waypost.web.library.forms import SetUp, read_set_up
from waypost.workflows.actions import Imported, Rejected
from waypost.workflows.diagram import diagram_svg
from waypost.workflows.drafts import Draft, open_draft
from waypost.workflows.editing import Edited
from waypost.workflows.library import (
    Place,
    insert_template,
    make_own_key,
    providers_of,
    set_up_template,
    store_template_credential,
    try_connection,
)
from waypost.workflows.templates import ALL, BY_KEY, Template, template_preview


@dataclass(frozen=True, slots=True)
class _Into:
    """The draft that steps go into."""

    draft: Draft

    @property
    def url(self) -> str:
        """Where its editor is."""
        return f"/workflows/{self.draft.workflow_id}/edit/"


@require_safe
@member_page
def library(request: MemberRequest, workflow_id: int | None = None) -> HttpResponse:
    """Every template; with a workflow, to put its steps in."""
    context = {
        "own": [(one, providers_of(one)) for one in ALL if one.origin == "own"],
        "third_party": [(one, providers_of(one)) for one in ALL if one.origin == "third_party"],
        "into": _into(request, workflow_id),
        "base": _base(workflow_id),
        "after": request.GET.get("after", ""),
    }
    return render(request, "library/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def template_page(request: MemberRequest, key: str, workflow_id: int | None = None) -> HttpResponse:
    """What a template does and needs; set it up, or put its steps into a workflow."""
    template = _template(key)
    into = _into(request, workflow_id)
    if request.actor.is_light:
        raise PermissionDenied("Light users set up no workflows. Ask a colleague.")
    form = read_set_up(request, request.actor, template)
    problems: tuple[str, ...] = ()
    if request.method == "POST":
        match request.POST.get("do"):
            case "store" | "make_key":
                return _stored(request, template)
            case "test":
                form = _tested(request, form)
            case _ if form.is_complete:
                outcome = _carried_out(request, template, form, into)
                if isinstance(outcome, HttpResponse):
                    return outcome
                problems = outcome
    context = {
        "template": template,
        "workflows": [(name, template_preview(name)) for name in template.names],
        "form": form,
        "into": into,
        "base": _base(workflow_id),
        "places": _places(into),
        "after": request.POST.get("after") or request.GET.get("after") or _last(into),
        "problems": problems,
        "may_store": request.actor.is_admin,
    }
    is_wrong = bool(problems) or (request.method == "POST" and not form.is_complete)
    return render(request, "library/page.html", context, status=422 if is_wrong else 200)


@require_safe
@member_page
def preview(request: MemberRequest, key: str, name: str) -> HttpResponse:
    """The picture of one of a template's workflows."""
    if name not in _template(key).names:
        raise Http404("There is no such workflow in this template.")
    svg = diagram_svg(template_preview(name))
    return HttpResponse(svg, content_type="image/svg+xml")


def _template(key: str) -> Template:
    found = BY_KEY.get(key)
    if found is None:
        raise Http404("There is no such template. Look at the library.")
    return found


def _into(request: MemberRequest, workflow_id: int | None) -> _Into | None:
    if workflow_id is None:
        return None
    draft = open_draft(request.actor, workflow_id)
    if isinstance(draft, Refusal) or not draft.may_change:
        raise Http404("There is no such workflow that you may change.")
    return _Into(draft)


def _base(workflow_id: int | None) -> str:
    return "/library/" if workflow_id is None else f"/workflows/{workflow_id}/edit/templates/"


def _places(into: _Into | None) -> list[tuple[str, str]]:
    """The steps at the top, by key, that the new ones may follow."""
    if into is None:
        return []
    workflow = into.draft.workflow
    tops = workflow.members_by_key.get("", ())
    return [(one.key, f"{workflow.number_by_key[one.key]}. {one.name}") for one in tops]


def _last(into: _Into | None) -> str:
    places = _places(into)
    return places[-1][0] if places else ""


def _stored(request: MemberRequest, template: Template) -> HttpResponse:
    """Keep a credential, and show the page again, so that a reload stores nothing twice."""
    name = request.POST.get("name", "")
    if name not in template.credentials:
        raise Http404("This template needs no such credential.")
    if request.POST.get("do") == "make_key":
        refusal = make_own_key(request.actor, template, name)
    else:
        shown, secret = (
            request.POST.get("shown", "").strip(),
            request.POST.get("secret", "").strip(),
        )
        refusal = store_template_credential(request.actor, template, name, shown, secret)
    if refusal is None:
        messages.success(request, f"The credential “{name}” is stored.")
    else:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(request.get_full_path(), status=303)


def _tested(request: MemberRequest, form: SetUp) -> SetUp:
    connections = []
    for one in form.connections:
        problem = try_connection(request.actor, one.needed, form.choices)
        title = one.needed.provider.title
        tested = problem or f"{title} accepts this credential."
        connections.append(replace(one, tested=tested, is_sound=not problem))
    return replace(form, connections=tuple(connections))


def _carried_out(
    request: MemberRequest, template: Template, form: SetUp, into: _Into | None
) -> HttpResponse | tuple[str, ...]:
    """Where it leads when it was done, else why it was not."""
    outcome: tuple[Imported, ...] | Edited | Rejected | Refusal
    if into is None:
        outcome = set_up_template(request.actor, template, form.choices)
    else:
        place = Place(request.POST.get("after", ""), choices=form.choices)
        outcome = insert_template(
            request.actor, into.draft.workflow_id, into.draft.revision, template, place
        )
    match outcome:
        case Rejected():
            return tuple(_told(one) for found in outcome.findings.values() for one in found)
        case Refusal():
            return (outcome.message,)
        case Edited():
            messages.success(request, f"The steps of “{template.title}” are in.")
            return HttpResponseRedirect(_step_url(outcome), status=303)
        case _:
            messages.success(request, f"“{template.title}” is set up and published.")
            return HttpResponseRedirect(f"/workflows/{outcome[-1].workflow_id}/", status=303)


def _step_url(edited: Edited) -> str:
    base = f"/workflows/{edited.workflow_id}/edit/"
    first = next(iter(edited.added_steps), "")
    step = edited.workflow.step_by_key.get(first)
    return f"{base}steps/{step.id}/" if step else base


def _told(finding: Finding) -> str:
    return f"{finding.message} {finding.remedy}"
