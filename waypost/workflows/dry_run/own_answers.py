"""Calls to ourselves in a dry run: what they ask is done in the same world, with the real refusals.

The answers have the shapes of the REST API (`docs/api/rest.md`); a test compares them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from waypost.engine.errors import Refusal
from waypost.engine.forms import completion_by_ids
from waypost.engine.instance import By, Status
from waypost.engine.json_value import JSON
from waypost.engine.rendering import RenderedRequest
from waypost.integrations.outputs import read_answer
from waypost.workflows.dry_run.provider_answers import Given
from waypost.workflows.dry_run.world import LINK_BASE, Beginning, Origin, Run, World, change, start
from waypost.workflows.snapshot import process_object

_HOST = LINK_BASE.removesuffix("/s/")
_BY = "Waypost"
_NOT_FOUND = Refusal(
    "not_found",
    "There is no such instance, or it is not yours to see. Check the id, or ask its workflow lead.",
)
#: Refusals whose status is not 400, as the API table has them.
_STATUSES = {"not_found": 404}

Done = tuple[World, Given]


def is_own_call(request: RenderedRequest) -> bool:
    """Whether a request is for a server such as this, by its path: files know no address of it."""
    return re.match(r"/api/(instances|processes)/", urlsplit(request.url).path) is not None


def own_answer(world: World, origin: Origin, request: RenderedRequest) -> Done:
    """Do what a call to ourselves asks."""
    path = urlsplit(request.url).path
    for method, pattern, act in _CALLS:
        found = re.fullmatch(pattern, path)
        if found and method == request.method:
            asked = read_answer(request.body) if request.body else {}
            if not isinstance(asked, dict):
                return _refused(world, Refusal("invalid_json", "The body is no JSON object."))
            return act(world, origin, asked, found.groups())
    return _refused(world, Refusal("not_found", f"There is nothing at {path}."))


def instance_answer(world: World, run: Run) -> dict[str, JSON]:
    """An instance as the API shows it."""
    state = run.state
    ended = _moment(world.now)
    return {
        "id": run.id,
        "url": f"{_HOST}/api/instances/{run.id}/",
        "process": f"{_HOST}/api/processes/{run.workflow.id}/",
        "name": state.name,
        "deadline": None,
        "priority": None,
        "tags": [],
        "step_assignments": [],
        "started_time": _moment(run.started_at),
        "completed_time": ended if state.status == "completed" else None,
        "aborted_time": ended if state.status == "aborted" else None,
        "last_updated_time": ended,
        "active_step_ids": [
            step.id
            for step in run.workflow.steps
            if state.run(step.key).status in (Status.ACTIVE, Status.FAILED)
        ],
        "step_deadlines": [],
        "public_url": None,
        "stage": None,
        "process_snapshot": process_object(run.workflow.id, run.workflow),
    }


def _start(world: World, origin: Origin, asked: Mapping[str, JSON], _: tuple[str, ...]) -> Done:
    number = _number(str(asked.get("process", "")).rstrip("/").rpartition("/")[2])
    key = next((one.key for one in world.workflows.values() if one.id == number), "")
    name = asked.get("name") or ""
    given = asked.get("url_parameters")
    parameters = given if isinstance(given, dict) else {}
    new = Beginning(
        name if isinstance(name, str) else "",
        {one: text for one, text in parameters.items() if isinstance(text, str)},
    )
    after = start(world, key, new, origin)
    if isinstance(after, Refusal):
        return _refused(world, after)
    return after, _given(201, instance_answer(after, after.runs[-1]))


def _complete(
    world: World, origin: Origin, asked: Mapping[str, JSON], ids: tuple[str, ...]
) -> Done:
    run = world.run(int(ids[0]))
    if run is None:
        return _refused(world, _NOT_FOUND)
    step = run.workflow.step_by_id.get(_number(asked.get("step_id")) or 0)
    values = _values(asked.get("actions"))
    if step is None:
        return _refused(world, Refusal("unknown_step", "This instance has no such step."))
    if isinstance(values, Refusal):
        return _refused(world, values)
    if _is_superseded(world, origin, run):
        return _refused(world, Refusal("superseded", "The step that asks was reset meanwhile."))
    by: By = "call" if origin.run_id == run.id else "other_instance"
    command = completion_by_ids(step, values, None, by)
    after = command if isinstance(command, Refusal) else change(world, run, command, "call")
    if isinstance(after, Refusal):
        return _refused(world, after)
    return after, _given(200, instance_answer(after, after.again(run)))


def _read(world: World, _: Origin, __: Mapping[str, JSON], ids: tuple[str, ...]) -> Done:
    run = world.run(int(ids[0]))
    if run is None:
        return _refused(world, _NOT_FOUND)
    return world, _given(200, instance_answer(world, run))


_Act = Callable[[World, Origin, Mapping[str, JSON], tuple[str, ...]], Done]
_CALLS: tuple[tuple[str, str, _Act], ...] = (
    ("POST", r"/api/instances/", _start),
    ("POST", r"/api/instances/([0-9]{1,18})/complete_step/", _complete),
    ("GET", r"/api/instances/([0-9]{1,18})/", _read),
)


def _values(actions: JSON) -> dict[int, JSON] | Refusal:
    """Input objects by field id."""
    listed = actions if isinstance(actions, list) else []
    pairs = [
        (_number(one.get("action_id")), one.get("input_object"))
        for one in listed
        if isinstance(one, dict)
    ]
    if len(pairs) < len(listed) or any(number is None for number, _ in pairs):
        return Refusal("invalid_request", "Correct the request: each action needs an action_id.")
    values = {number: value for number, value in pairs if number is not None}
    if len(values) < len(pairs):
        return Refusal("duplicate_action", "Send each action_id once.")
    return values


def _is_superseded(world: World, origin: Origin, run: Run) -> bool:
    """Whether the visit that created the asking instance was reset in the one it answers."""
    asking = world.run(origin.run_id)
    parent = asking.parent if asking else None
    if parent is None or parent.run_id != run.id:
        return False
    then = run.state.run(parent.step)
    return then.visit != parent.visit or then.status is Status.NOT_STARTED


def _number(written: JSON) -> int | None:
    """An id as the API takes it: a number, or its digits as a text."""
    if isinstance(written, int) and not isinstance(written, bool):
        return written
    text = written.strip() if isinstance(written, str) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _refused(world: World, refusal: Refusal) -> Done:
    fields: dict[str, JSON] = {name: [reason] for name, reason in refusal.fields}
    body: dict[str, JSON] = {"code": refusal.code, "detail": refusal.message, "fields": fields}
    return world, _given(_STATUSES.get(refusal.code, 400), body)


def _given(status: int, body: dict[str, JSON]) -> Given:
    return Given(status, msgspec.json.encode(body).decode(), _BY)


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
