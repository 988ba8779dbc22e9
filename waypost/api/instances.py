"""/instances/: start, read, change, complete a step, list, stop and delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse
from ninja import P, PathEx, Query, Router

from waypost.api.caller import actor_of
from waypost.api.errors import ApiError, answer, refuse
from waypost.api.idempotent import call_of, kept_answer, keyed_request, refused, replay
from waypost.api.paging import InstanceQuery, envelope
from waypost.api.schemas import (
    MAX_ID,
    CompletionIn,
    ErrorOut,
    Ids,
    IdsOut,
    InstanceChanges,
    InstanceIn,
    InstanceOut,
    InstancePage,
)
from waypost.api.shapes import instance_object
from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON
from waypost.instances import actions, listing
from waypost.instances.answers import Replayed, keep_answer
from waypost.instances.queries import details_of, load_instance
from waypost.people.actor import Actor

router = Router(tags=["instances"])
#: The statuses of refusals: of every call, of one with a body, of one that keeps its answer.
REFUSALS: dict[int, type[ErrorOut]] = dict.fromkeys((400, 401, 404, 429), ErrorOut)
OF_BODIES = REFUSALS | {413: ErrorOut}
OF_KEYED = OF_BODIES | {422: ErrorOut}
InstanceId: TypeAlias = PathEx[int, P(ge=0, le=MAX_ID)]


@router.post(
    "/",
    response={201: InstanceOut, **OF_KEYED, 503: ErrorOut},
    summary="Start an instance",
)
def start_instance(request: HttpRequest, given: InstanceIn) -> HttpResponse:
    """Start the published version of a process. Its steps and fields stand in
    `process_snapshot`.
    """
    new = actions.NewInstance(
        name=given.name or "",
        deadline_at=given.deadline,
        priority=given.priority or "",
        tags=tuple(given.tags),
        step_assignments={one.step_id: one.user_id for one in given.step_assignments},
        start_kind="api",
        url_parameters=given.url_parameters,
    )
    call = call_of(request, 201, instance_object)
    outcome = actions.start_instance(actor_of(request), given.process, new, call)
    if isinstance(outcome, Refusal):
        return refused(request, call.idempotent, outcome)
    return _told(outcome, 201)


@router.get("/", response={200: InstancePage, **REFUSALS}, summary="List instances")
def list_instances(request: HttpRequest, asked: Query[InstanceQuery]) -> HttpResponse:
    """Instances of every process, the newest first."""
    return instance_page(request, asked, None)


@router.get(
    "/{int:instance_id}/", response={200: InstanceOut, **REFUSALS}, summary="Read an instance"
)
def read_instance(
    request: HttpRequest,
    instance_id: InstanceId,
    inject_values: bool = False,
    steps_time_frame: bool = False,
) -> HttpResponse:
    """An instance, on demand with the fields' values and the steps' times."""
    found = load_instance(actor_of(request), instance_id)
    if isinstance(found, Refusal):
        return refuse(found)
    shown = instance_object(found, with_values=inject_values, with_times=steps_time_frame)
    return answer(200, shown)


@router.put(
    "/{int:instance_id}/", response={200: InstanceOut, **OF_BODIES}, summary="Update an instance"
)
def replace_instance(
    request: HttpRequest, given: InstanceChanges, instance_id: InstanceId
) -> HttpResponse:
    """Change name, deadline, priority and tags; what is missing is emptied, but for the name."""
    changes = actions.Changes(
        name=given.name,
        deadline_at=given.deadline,
        clears_deadline=given.deadline is None,
        priority=given.priority or "",
        tags=tuple(given.tags or ()),
    )
    return _updated(request, instance_id, changes)


@router.patch(
    "/{int:instance_id}/", response={200: InstanceOut, **OF_BODIES}, summary="Change an instance"
)
def change_instance(
    request: HttpRequest, given: InstanceChanges, instance_id: InstanceId
) -> HttpResponse:
    """Change only what is sent; null clears a deadline or priority."""
    sent = given.model_fields_set
    changes = actions.Changes(
        name=given.name,
        deadline_at=given.deadline,
        clears_deadline="deadline" in sent and given.deadline is None,
        priority=(given.priority or "") if "priority" in sent else None,
        tags=tuple(given.tags or ()) if "tags" in sent else None,
    )
    return _updated(request, instance_id, changes)


@router.post(
    "/{int:instance_id}/complete_step/",
    response={200: InstanceOut, **OF_KEYED},
    summary="Complete a step",
)
def complete_step(
    request: HttpRequest, given: CompletionIn, instance_id: InstanceId
) -> HttpResponse:
    """Complete an active step with its fields' values. The answer is the instance after it.

    A step whose turn has not come is `step_not_active`: worth another try, so no answer is kept for
    its key.
    """
    values = {one.action_id: one.input_object for one in given.actions}
    if len(values) < len(given.actions):
        raise ApiError(Refusal("duplicate_action", "Send each action_id once."))
    call = call_of(request, 200, instance_object)
    actor = actor_of(request)
    outcome = actions.complete_step(actor, instance_id, given.step_id, values, call=call)
    if isinstance(outcome, Refusal):
        return refused(request, call.idempotent, outcome)
    return _told(outcome, 200)


@router.post("/bulk/abort/", response={201: IdsOut, **OF_KEYED}, summary="Stop several instances")
def stop_instances(request: HttpRequest, given: Ids) -> HttpResponse:
    """Stop these instances: all of them, or none when one may not be stopped."""
    return _bulk(request, given, actions.stop_instances)


@router.post(
    "/bulk/delete/", response={201: IdsOut, **OF_KEYED}, summary="Delete several instances"
)
def delete_instances(request: HttpRequest, given: Ids) -> HttpResponse:
    """Delete these instances: all of them, or none when one may not be deleted."""
    return _bulk(request, given, actions.delete_instances)


@router.delete("/bulk/", response={201: IdsOut, **OF_KEYED}, summary="Delete several with DELETE")
def delete_instances_in_bulk(request: HttpRequest, given: Ids) -> HttpResponse:
    """The same with another method."""
    return _bulk(request, given, actions.delete_instances)


def instance_page(
    request: HttpRequest, asked: InstanceQuery, workflow_id: int | None
) -> HttpResponse:
    """One numbered page of whole instances."""
    page, narrowed = asked.as_page(), asked.as_filter(workflow_id)
    found = listing.list_instances(actor_of(request), narrowed, asked.as_ordering(), page)
    if isinstance(found, Refusal):
        return refuse(found)
    results: list[JSON] = [instance_object(one) for one in details_of(found.rows)]
    return answer(200, envelope(request, page, found, results))


def _updated(request: HttpRequest, instance_id: int, changes: actions.Changes) -> HttpResponse:
    outcome = actions.update_instance(actor_of(request), instance_id, changes)
    return refuse(outcome) if isinstance(outcome, Refusal) else _told(outcome, 200)


def _told(outcome: actions.Done | Replayed, status: int) -> HttpResponse:
    if isinstance(outcome, Replayed):
        return replay(outcome)
    return answer(status, instance_object(outcome.instance))


def _bulk(
    request: HttpRequest,
    given: Ids,
    act: Callable[[Actor, Sequence[int]], tuple[int, ...] | Refusal],
) -> HttpResponse:
    keyed = keyed_request(request, 201, lambda _: None)
    kept = kept_answer(request, keyed)
    if kept is not None:
        return kept
    outcome = act(actor_of(request), given.ids)
    if isinstance(outcome, Refusal):
        return refused(request, keyed, outcome)
    body: dict[str, JSON] = {"ids": list(outcome)}
    if keyed is not None:
        keep_answer(actor_of(request), keyed, 201, body)
    return answer(201, body)
