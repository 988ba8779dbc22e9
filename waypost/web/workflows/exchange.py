"""Workflows as files in the browser: looked at before they come in, and handed out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from waypost.engine.errors import Refusal
from waypost.web.access import MemberRequest, member_page
from waypost.web.workflows.found import workflow_or_404
from waypost.web.workflows.versions import StepChanges, by_step
from waypost.workflows.actions import Imported, Rejected, export_workflow, import_workflow
from waypost.workflows.files import FileFinding, WorkflowFile, read_workflow
from waypost.workflows.importing import ImportPreview, preview_import
from waypost.workflows.parameters import Parameter, declared_in
from waypost.workflows.readable import readable_difference
from waypost.workflows.yaml_reading import MAX_BYTES

_PREFIX = "parameter."


@dataclass(frozen=True, slots=True)
class AskedParameter:
    """A parameter of the file, and the value entered for it."""

    name: str
    parameter: Parameter
    value: str


@dataclass(frozen=True, slots=True)
class ImportForm:
    """The text as it came, what is wrong with it, and what it would do."""

    text: str = ""
    parameters: tuple[AskedParameter, ...] = ()
    findings: tuple[FileFinding, ...] = ()
    preview: ImportPreview | None = None
    changes: tuple[StepChanges, ...] = ()
    is_refused: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def import_page(request: MemberRequest) -> HttpResponse:
    """Take a file in: first look at what it would do, then keep it as a draft or publish it."""
    if request.method != "POST":
        return render(request, "workflows/import.html", {"form": ImportForm()})
    text, given = _posted_text(request), _given(request)
    file = read_workflow(text, given={"BASE": settings.PUBLIC_URL, **given})
    parameters = _asked(text, given)
    if not isinstance(file, WorkflowFile):
        form = ImportForm(text, parameters, file, is_refused=True)
    elif request.POST.get("act") in ("draft", "publish"):
        outcome = import_workflow(request.actor, file.workflow, request.POST["act"] == "publish")
        if isinstance(outcome, Imported):
            return _brought_in(request, outcome)
        form = ImportForm(text, parameters, _located(file, outcome), is_refused=True)
    else:
        form = _looked_at(preview_import(request.actor, file), text, parameters)
    status = 422 if form.is_refused else 200
    return render(request, "workflows/import.html", {"form": form}, status=status)


@require_safe
@member_page
def export(request: MemberRequest, workflow_id: int, kind: str) -> HttpResponse:
    """The draft of a workflow as a file: `kind` is yaml or json."""
    summary = workflow_or_404(request.actor, workflow_id)
    text = export_workflow(request.actor, workflow_id, as_json=kind == "json")
    if isinstance(text, Refusal):
        raise Http404(text.message)
    media_type = "application/json" if kind == "json" else "application/yaml"
    answer = HttpResponse(text, content_type=f"{media_type}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{summary.key}.{kind}"'
    return answer


def _posted_text(request: MemberRequest) -> str:
    """The chosen file, else what was pasted; bytes that are no text stand out as such."""
    chosen = request.FILES.get("file")
    if chosen is None or isinstance(chosen, list):
        return request.POST.get("text", "").replace("\r\n", "\n")
    # One byte more than is read at all: the reader says that it is too large.
    content: bytes = chosen.read(MAX_BYTES + 1)
    return content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")


def _given(request: MemberRequest) -> dict[str, str]:
    return {
        key.removeprefix(_PREFIX): value
        for key, value in request.POST.items()
        if key.startswith(_PREFIX) and isinstance(value, str) and value
    }


def _asked(text: str, given: Mapping[str, str]) -> tuple[AskedParameter, ...]:
    return tuple(
        AskedParameter(name, one, given.get(name, one.default or ""))
        for name, one in declared_in(text).items()
        if name != "BASE"
    )


def _looked_at(
    preview: ImportPreview, text: str, parameters: tuple[AskedParameter, ...]
) -> ImportForm:
    before = preview.before
    changes = () if before is None else by_step(readable_difference(before, preview.workflow))
    return ImportForm(
        text, parameters, preview.findings, preview, changes, is_refused=preview.has_errors
    )


def _located(file: WorkflowFile, rejected: Rejected) -> tuple[FileFinding, ...]:
    found = rejected.findings.get(file.workflow.key, ())
    return tuple(file.located(one) for one in found)


def _brought_in(request: MemberRequest, imported: Imported) -> HttpResponse:
    told = "as a draft"
    if imported.version_number is not None and imported.is_changed:
        told = f"and published as version {imported.version_number}"
    messages.success(request, f"{imported.name} is imported {told}.")
    return HttpResponseRedirect(f"/workflows/{imported.workflow_id}/", status=303)
