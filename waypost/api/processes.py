"""/processes/: workflows with the ids of their steps and fields, and their instances."""

from __future__ import annotations

from typing import TypeAlias

from django.http import HttpRequest, HttpResponse
from ninja import P, PathEx, Query, Router

from waypost.api.caller import actor_of
from waypost.api.errors import ApiError, answer, refuse
from waypost.api.instances import REFUSALS, instance_page
from waypost.api.paging import InstanceQuery, envelope, numbered_links
from waypost.api.schemas import (
    MAX_ID,
    FieldValuePage,
    InstanceLightPage,
    InstancePage,
    ProcessOut,
    ProcessPage,
)
from waypost.api.shapes import light_object, process_url
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.field import Field
from waypost.engine.json_value import JSON
from waypost.instances.listing import FieldValues, field_values_across, list_instances
from waypost.workflows.queries import list_workflows, published
from waypost.workflows.snapshot import process_object, settings_of

router = Router(tags=["processes"])
light_router = Router(tags=["processes"])
PathId: TypeAlias = PathEx[int, P(ge=0, le=MAX_ID)]


@router.get("/", response={200: ProcessPage, **REFUSALS}, summary="List processes")
def list_processes(request: HttpRequest) -> HttpResponse:
    """Every published process."""
    found = [one for one in list_workflows(actor_of(request)) if one.is_published]
    results: list[JSON] = [
        {"id": one.id, "url": process_url(one.id), "name": one.name} for one in found
    ]
    return answer(200, {"count": len(results), "next": None, "previous": None, "results": results})


@router.get("/{int:process_id}/", response={200: ProcessOut, **REFUSALS}, summary="Read a process")
def read_process(request: HttpRequest, process_id: PathId) -> HttpResponse:
    """A process as it is published now: where the ids for other calls come from."""
    return answer(200, process_object(process_id, _process(request, process_id)))


@router.get(
    "/{int:process_id}/instances/",
    response={200: InstancePage, **REFUSALS},
    summary="List a process's instances",
)
def list_process_instances(
    request: HttpRequest, asked: Query[InstanceQuery], process_id: PathId
) -> HttpResponse:
    """Instances of one process, in numbered pages."""
    _process(request, process_id)
    return instance_page(request, asked, process_id)


@light_router.get(
    "/{int:process_id}/instances/",
    response={200: InstanceLightPage, **REFUSALS},
    summary="List a process's instances in few words",
)
def list_light_instances(
    request: HttpRequest, asked: Query[InstanceQuery], process_id: PathId
) -> HttpResponse:
    """Instances of one process by cursor: pages stay right while new instances start."""
    _process(request, process_id)
    page = asked.as_page(by_cursor=True)
    found = list_instances(
        actor_of(request), asked.as_filter(process_id), asked.as_ordering(), page
    )
    if isinstance(found, Refusal):
        return refuse(found)
    results: list[JSON] = [light_object(row) for row in found.rows]
    return answer(200, envelope(request, page, found, results))


@router.get(
    "/{int:process_id}/steps/{int:step_id}/actions/{int:action_id}/",
    response={200: FieldValuePage, **REFUSALS},
    summary="Read one field across instances",
)
def read_field_values(
    request: HttpRequest,
    asked: Query[InstanceQuery],
    process_id: PathId,
    step_id: PathId,
    action_id: PathId,
) -> HttpResponse:
    """One form field's value in every instance of the filter, the newest first."""
    field = _field(_process(request, process_id), step_id, action_id)
    page = asked.as_page()
    found = field_values_across(actor_of(request), action_id, asked.as_filter(process_id), page)
    return refuse(found) if isinstance(found, Refusal) else _values(request, asked, field, found)


def _process(request: HttpRequest, process_id: int) -> Workflow:
    """The process that the path names; raises ApiError with 404 when it leads nowhere."""
    workflow = published(actor_of(request), process_id)
    if isinstance(workflow, Refusal):
        raise ApiError(Refusal("not_found", workflow.message))
    return workflow


def _field(workflow: Workflow, step_id: int, action_id: int) -> Field:
    step = workflow.step_by_id.get(step_id)
    fields = step.fields if step else ()
    found = next((field for field in fields if field.id == action_id), None)
    if found is None:
        message = "This process has no such step or field. Read it for its ids."
        raise ApiError(Refusal("not_found", message))
    return found


def _values(
    request: HttpRequest, asked: InstanceQuery, field: Field, found: FieldValues
) -> HttpResponse:
    shown = settings_of(field)
    results: list[JSON] = [
        {
            "value": one.value,
            "instance_id": one.instance_id,
            "instance_name": one.instance_name,
            "settings": shown,
        }
        for one in found.values
    ]
    pages = numbered_links(request, asked.as_page(), has_next=found.has_next)
    body = {"count": found.count, "count_is_estimate": found.is_estimate, **pages}
    return answer(200, body | {"results": results})
