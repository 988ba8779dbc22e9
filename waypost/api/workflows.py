"""/workflows/: definitions themselves, made, read, changed, checked, published and restored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import P, PathEx, Router

from waypost.api.caller import actor_of
from waypost.api.codes import FAULT_BY_CODE
from waypost.api.errors import ApiError, answer, refuse
from waypost.api.idempotent import kept_answer, keyed_request, refused
from waypost.api.instances import OF_BODIES, OF_KEYED, REFUSALS
from waypost.api.parsing import YAML_TYPES
from waypost.api.schemas import MAX_ID, ErrorOut
from waypost.api.workflow_schemas import (
    CheckOut,
    DefinitionChange,
    DefinitionIn,
    PublishedOut,
    PublishIn,
    VersionOut,
    VersionPage,
    WorkflowOut,
    WorkflowPage,
)
from waypost.api.workflow_shapes import (
    change_object,
    check_object,
    definition_of,
    version_row,
    workflow_object,
    workflow_row,
)
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.finding import Finding
from waypost.engine.json_value import JSON
from waypost.instances.answers import keep_answer
from waypost.people.actor import Actor
from waypost.workflows.actions import Rejected, check_definition, publish_workflow
from waypost.workflows.creating import create_workflow
from waypost.workflows.diagram import diagram_svg
from waypost.workflows.drafts import open_draft, publishing_findings
from waypost.workflows.editing import Edited, edit_draft
from waypost.workflows.files import read_definition, write_workflow
from waypost.workflows.queries import list_workflows
from waypost.workflows.versions import list_versions, restore_version, version, version_changes

router = Router(tags=["workflows"])
SVG_TYPE = "image/svg+xml"
WorkflowId: TypeAlias = PathEx[int, P(ge=0, le=MAX_ID)]
Number: TypeAlias = PathEx[int, P(ge=0, le=2**31 - 1)]
_Found = TypeVar("_Found")
_CONFLICT = {409: ErrorOut}
#: Refusals of the rooms that mean, here, that the URL leads nowhere.
_NOWHERE = ("unknown_process", "unknown_version")


@router.get("/", response={200: WorkflowPage, **REFUSALS}, summary="List workflows")
def list_definitions(request: HttpRequest) -> HttpResponse:
    """Every workflow that is not archived, drafts too."""
    return _page(workflow_row(one) for one in list_workflows(actor_of(request)))


@router.post("/", response={201: WorkflowOut, **OF_KEYED, **_CONFLICT}, summary="Create a workflow")
def create_definition(request: HttpRequest, given: DefinitionIn) -> HttpResponse:
    """Make a draft under the key of the definition, whether or not it would run.

    Its YAML file may be sent instead, with `Content-Type: application/yaml`.
    """
    keyed = keyed_request(request, 201, lambda _: None)
    kept = kept_answer(request, keyed)
    if kept is not None:
        return kept
    actor = actor_of(request)
    outcome = create_workflow(actor, _definition(given))
    if isinstance(outcome, Refusal):
        return refused(request, keyed, _told(outcome))
    body = _draft(actor, outcome.workflow_id)
    if keyed is not None:
        keep_answer(actor, keyed, 201, body)
    return answer(201, body)


@router.post("/check/", response={200: CheckOut, **OF_BODIES}, summary="Check a definition")
def check_unsaved(request: HttpRequest, given: DefinitionIn) -> HttpResponse:
    """What the check says of a definition that is not stored. A file may be sent instead."""
    found = _found(check_definition(actor_of(request), _definition(given)))
    return answer(200, check_object(found))


@router.get(
    "/{int:workflow_id}/", response={200: WorkflowOut, **REFUSALS}, summary="Read a workflow"
)
def read_definition_of(request: HttpRequest, workflow_id: WorkflowId) -> HttpResponse:
    """The draft, with the `revision` that a change starts from, and what the check says of it.

    With `Accept: application/yaml` the answer is the file of the workflow, with
    `Accept: image/svg+xml` its diagram.
    """
    draft = _found(open_draft(actor_of(request), workflow_id))
    accepted = request.headers.get("Accept")
    if accepted in YAML_TYPES:
        return HttpResponse(write_workflow(draft.workflow), content_type=YAML_TYPES[0])
    if accepted == SVG_TYPE:
        return HttpResponse(diagram_svg(draft.workflow), content_type=SVG_TYPE)
    return answer(200, workflow_object(draft))


@router.put(
    "/{int:workflow_id}/",
    response={200: WorkflowOut, **OF_BODIES, **_CONFLICT},
    summary="Change a workflow",
)
def replace_definition(
    request: HttpRequest, given: DefinitionChange, workflow_id: WorkflowId
) -> HttpResponse:
    """Give the draft another definition. What others changed since `revision` stays.

    A file may be sent instead, with `?revision=`. What is read can be sent back as it is.
    """
    definition = _definition(given)

    def replaced(draft: Workflow) -> Workflow | Refusal:
        return definition if definition.key == draft.key else _other_key(draft.key)

    actor = actor_of(request)
    outcome = edit_draft(actor, workflow_id, given.revision, "Changed over the API", replaced)
    return _changed(actor, outcome)


@router.post(
    "/{int:workflow_id}/check/", response={200: CheckOut, **REFUSALS}, summary="Check a workflow"
)
def check_draft(request: HttpRequest, workflow_id: WorkflowId) -> HttpResponse:
    """What the check says of the draft, its saved dry runs played once more."""
    draft = _found(open_draft(actor_of(request), workflow_id))
    return answer(200, check_object(publishing_findings(actor_of(request), draft)))


@router.post(
    "/{int:workflow_id}/publish/",
    response={200: PublishedOut, **OF_BODIES, **_CONFLICT},
    summary="Publish a workflow",
)
def publish_draft(request: HttpRequest, given: PublishIn, workflow_id: WorkflowId) -> HttpResponse:
    """Make the draft the version that new instances run on; running ones keep theirs.

    Errors refuse it, and so does each warning that is not `acknowledged` by its
    `acknowledgement`.
    """
    actor = actor_of(request)
    outcome = publish_workflow(actor, workflow_id, given.revision, given.acknowledged)
    if isinstance(outcome, Rejected):
        return refuse(_rejection([one for found in outcome.findings.values() for one in found]))
    published = _found(outcome)
    body: dict[str, JSON] = {"id": published.workflow_id, "key": published.key}
    body |= {"name": published.name, "published_version": published.version_number}
    return answer(200, body | {"is_changed": published.is_changed})


@router.get(
    "/{int:workflow_id}/versions/",
    response={200: VersionPage, **REFUSALS},
    summary="List a workflow's versions",
)
def list_published_versions(request: HttpRequest, workflow_id: WorkflowId) -> HttpResponse:
    """Every version, the newest first."""
    versions = _found(list_versions(actor_of(request), workflow_id))
    return _page(version_row(one) for one in versions)


@router.get(
    "/{int:workflow_id}/versions/{int:number}/",
    response={200: VersionOut, **REFUSALS},
    summary="Read a version",
)
def read_version(request: HttpRequest, workflow_id: WorkflowId, number: Number) -> HttpResponse:
    """A version as it was published, and in words what it changed."""
    actor = actor_of(request)
    found = _found(version(actor, workflow_id, number))
    lines = _found(version_changes(actor, workflow_id, number))
    body = version_row(found.summary) | {"definition": definition_of(found.workflow)}
    return answer(200, body | {"changes": [change_object(one) for one in lines]})


@router.post(
    "/{int:workflow_id}/versions/{int:number}/restore/",
    response={200: WorkflowOut, **REFUSALS},
    summary="Restore a version",
)
def restore(request: HttpRequest, workflow_id: WorkflowId, number: Number) -> HttpResponse:
    """Make a version the draft again. Nothing is published, and running instances go on."""
    actor = actor_of(request)
    return _changed(actor, restore_version(actor, workflow_id, number))


def _page(rows: Iterable[dict[str, JSON]]) -> HttpResponse:
    results: list[JSON] = [*rows]
    return answer(200, {"count": len(results), "next": None, "previous": None, "results": results})


def _definition(given: DefinitionIn) -> Workflow:
    """The workflow that was sent; raises ApiError with every fault of its form."""
    read = read_definition(given.definition)
    if isinstance(read, Workflow):
        return read
    fields = tuple((f"definition.{place}".rstrip("."), _sentence(one)) for place, one in read)
    told = " ".join(f"{place}: {reason}" for place, reason in fields)
    raise ApiError(Refusal("invalid_definition", told, fields))


def _sentence(finding: Finding) -> str:
    return f"{finding.message} {finding.remedy}"


def _found(outcome: _Found | Refusal) -> _Found:
    """What was asked for; raises ApiError when there is none, or the actor may not."""
    if isinstance(outcome, Refusal):
        raise ApiError(_told(outcome))
    return outcome


def _told(refusal: Refusal) -> Refusal:
    """The refusal under a code that the API knows."""
    if refusal.code in _NOWHERE:
        return Refusal("not_found", refusal.message)
    if refusal.code not in FAULT_BY_CODE:
        return Refusal("invalid_value", refusal.message, refusal.fields)
    return refusal


def _other_key(key: str) -> Refusal:
    return Refusal("other_key", f"This workflow has the key {key} and keeps it. Send that key.")


def _changed(actor: Actor, outcome: Edited | Refusal) -> HttpResponse:
    return answer(200, _draft(actor, _found(outcome).workflow_id))


def _draft(actor: Actor, workflow_id: int) -> dict[str, JSON]:
    return workflow_object(_found(open_draft(actor, workflow_id)))


def _rejection(findings: list[Finding]) -> Refusal:
    """Why nothing was published; each finding stands at its place."""
    has_errors = any(one.severity == "error" for one in findings)
    fields = tuple((_place(one), _sentence(one)) for one in findings)
    told = " ".join(reason for _, reason in fields)
    return Refusal("has_errors" if has_errors else "unacknowledged_warnings", told, fields)


def _place(finding: Finding) -> str:
    parts = (finding.step, finding.field, finding.attribute)
    return ".".join(part for part in parts if part) or "workflow"
