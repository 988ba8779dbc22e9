"""The versions of a workflow, what each changed, bringing one back, and the changelog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.web.access import MemberRequest, member_page
from waypost.web.workflows.found import Choice, number, told, workflow_or_404
from waypost.workflows.changelog import draft_changes
from waypost.workflows.comparing import compare
from waypost.workflows.drafts import open_draft
from waypost.workflows.readable import DiffLine
from waypost.workflows.versions import VersionSummary, list_versions, restore_version

_DRAFT = "draft"
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class StepChanges:
    """What changed in one step; no step stands for the workflow itself."""

    step: str
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A version beside another one or the draft. `title` says which is made into which."""

    version: VersionSummary
    choices: tuple[Choice, ...]
    title: str
    changes: tuple[StepChanges, ...]


@require_safe
@member_page
def version_list(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Every version, the newest first."""
    summary = workflow_or_404(request.actor, workflow_id)
    draft = open_draft(request.actor, workflow_id)
    context = {
        "summary": summary,
        "versions": _versions(request.actor, workflow_id),
        "is_changed": not isinstance(draft, Refusal) and draft.is_changed_since_published,
    }
    return render(request, "workflows/versions.html", context)


@require_safe
@member_page
def version_page(request: MemberRequest, workflow_id: int, version: int) -> HttpResponse:
    """What a version changed since the one before it, or since any other, or what the draft did."""
    summary = workflow_or_404(request.actor, workflow_id)
    shown, versions = _version(request.actor, workflow_id, version)
    beside = request.GET.get("with") or (str(version - 1) if version > 1 else _DRAFT)
    compared = _compared(request.actor, workflow_id, shown, versions, beside)
    context = {"summary": summary, "compared": compared}
    return render(request, "workflows/version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def restore(request: MemberRequest, workflow_id: int, version: int) -> HttpResponse:
    """Ask, then make a version the draft again."""
    summary = workflow_or_404(request.actor, workflow_id)
    shown, _ = _version(request.actor, workflow_id, version)
    if request.method == "POST":
        outcome = restore_version(request.actor, workflow_id, version)
        said = f"Version {version} is the draft again. Publish it, and new instances run on it."
        return told(request, outcome, said, f"/workflows/{workflow_id}/")
    lost = compare(request.actor, workflow_id, None, version)
    changes = () if isinstance(lost, Refusal) else by_step(lost)
    context = {"summary": summary, "version": shown, "changes": changes}
    return render(request, "workflows/restore.html", context)


@require_safe
@member_page
def changelog(request: MemberRequest, workflow_id: int) -> HttpResponse:
    """Who changed what in the draft, the newest first."""
    summary = workflow_or_404(request.actor, workflow_id)
    before = number(request.GET.get("before"))
    found = draft_changes(request.actor, workflow_id, before, PAGE_SIZE)
    entries = () if isinstance(found, Refusal) else found
    older = entries[-1].revision if len(entries) == PAGE_SIZE else None
    context = {"summary": summary, "entries": entries, "before": before, "older": older}
    return render(request, "workflows/changelog.html", context)


def by_step(lines: Sequence[DiffLine]) -> tuple[StepChanges, ...]:
    """The lines in their order, those of a step together."""
    return tuple(
        StepChanges(step, tuple(found)) for (_, step), found in groupby(lines, key=_step_of)
    )


def _step_of(line: DiffLine) -> tuple[str, str]:
    return line.step_key, line.step


def _versions(actor: Actor, workflow_id: int) -> tuple[VersionSummary, ...]:
    found = list_versions(actor, workflow_id)
    return () if isinstance(found, Refusal) else found


def _version(
    actor: Actor, workflow_id: int, version: int
) -> tuple[VersionSummary, tuple[VersionSummary, ...]]:
    versions = _versions(actor, workflow_id)
    found = next((one for one in versions if one.number == version), None)
    if found is None:
        raise Http404("There is no such version. Look at the versions of the workflow.")
    return found, versions


def _compared(
    actor: Actor,
    workflow_id: int,
    shown: VersionSummary,
    versions: Sequence[VersionSummary],
    beside: str,
) -> Compared:
    others = [one for one in versions if one.number != shown.number]
    choices = (
        Choice(_DRAFT, "The draft", beside == _DRAFT),
        *(
            Choice(str(one.number), f"Version {one.number}", beside == str(one.number))
            for one in others
        ),
    )
    other = number(beside)
    if other is None or other > shown.number:
        pair, title = (shown.number, other), f"From version {shown.number} to {_name(other)}"
    else:
        pair, title = (other, shown.number), f"From version {other} to version {shown.number}"
    lines = compare(actor, workflow_id, *pair)
    if isinstance(lines, Refusal):
        raise Http404(lines.message)
    return Compared(shown, choices, title, by_step(lines))


def _name(version: int | None) -> str:
    return "the draft" if version is None else f"version {version}"
