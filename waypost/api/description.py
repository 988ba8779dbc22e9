"""The OpenAPI document: what the types do not say is added from the tables of this room."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from waypost.api.codes import FAULT_BY_CODE, FAULTS
from waypost.api.examples import ANSWERS, EXAMPLE_IDS, HOST, REFUSAL_CODES, REQUESTS
from waypost.engine.json_value import JSON

Part: TypeAlias = dict[str, Any]

INTRODUCTION = """\
It keeps the words of Next Matter's API on the wire: a workflow that runs is a **process** here, and
a form field an **action**. The definitions themselves are under **workflows**. A trailing slash
makes no difference, and ids come as numbers or as text.

### Sign in

Send a key in the `Authorization` header: `Api-Key <prefix.secret>`. `API-Key`, `API Key` and
`Bearer` are taken as well, in any case, and so is the key alone. An admin makes a key with
`waypost key create NAME`; it is shown once. A call acts as the key's user and may do what they may.

### Ask twice, act once

Send an `Idempotency-Key` of your own choice, up to 255 characters, when you start an instance,
complete a step, stop or delete several, or create a workflow. The first final answer under a key is
kept for 24 hours and comes again, with `Idempotency-Replayed: true`, when the same request does.
After a broken connection just send it again. The same key with another request is refused with 422.

### Pages

A list answers `count`, `next`, `previous` and `results`: 100 on a page, with `page_size` (or
`limit`) up to 500. Follow `next` until it is null. The v2 list goes by `cursor`, so that pages stay
right while new instances start.

### Limits

Each key has a number of requests a minute. Beyond it the answer is 429, and `Retry-After` says how
many seconds to wait. While the server catches up with its work, new starts are answered 503, with
`Retry-After` too.

### Refusals

Every refusal is JSON: `code` never changes, `detail` says what to do next, and `fields` maps what
you sent to the reasons why it was not taken.
"""
_KEY_HEADER = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "`Api-Key <prefix.secret>`. Also taken, in any case: `API-Key …`, `API Key …`, "
    "`Bearer …`, and the key alone.",
}
_TAGS = {
    "instances": "Runs of a process: start, read, change, complete, stop and delete them.",
    "workflows": "Definitions: make, read, change, check, publish and restore them.",
    "processes": "Published workflows, with the ids that other calls need.",
}
_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "A text of your choice: the same request under the same key acts once.",
    "required": False,
    "schema": {"type": "string", "maxLength": 255},
    "example": "order-4711",
}
_REPLAYED = {
    "description": "`true` when this is the kept answer to an earlier request with the same key.",
    "schema": {"type": "string", "enum": ["true"]},
}
_RETRY_AFTER = {
    "description": "Seconds to wait before the next try.",
    "schema": {"type": "integer", "minimum": 1},
}
_PARAMETERS = {
    "instance_id": "Id of the instance.",
    "workflow_id": "Id of the workflow, which is that of its process.",
    "number": "Number of the version, from 1.",
    "process_id": "Id of the process, from the list of processes.",
    "step_id": "Id of the step, from the process.",
    "action_id": "Id of the form field, from the process.",
    "inject_values": "Show each field's `value`.",
    "steps_time_frame": "Show each step's `started_time` and `completed_time`.",
    "page": "Number of the page, from 1.",
    "limit": "Results on a page; the same as `page_size`.",
    "page_size": "Results on a page.",
    "cursor": "From `next` or `previous` of another page; the v2 list only.",
    "name": "Part of the instance's name.",
    "query": "Part of the name, or the id.",
    "ordering": "Names with commas between; `-` in front turns the order round.",
    "status": "Only instances in this state.",
    "priority": "`V` very high, `H` high.",
    "active_step_id": "Instances in which this step is active.",
    "tags": "Instances with one of these tags, commas between.",
    "lead_user": "Id of the instance lead.",
    "id": "Only this instance.",
    "instance_ids": "Only these instances, commas between.",
    "organization": "Taken and ignored: a key sees its own workspace only.",
    "process": "Only instances of this process.",
}


class DescribedApi(NinjaAPI):
    """An API whose document tells refusals, headers and examples too."""

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """None: ours make their answers themselves, and one made in advance costs a fiftieth."""
        return cast(HttpResponse, None)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name: short, and unique as every name within this room."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: Part | None = None
    ) -> OpenAPISchema:
        """The whole document."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        document["info"]["description"] = INTRODUCTION
        document["servers"] = [{"url": settings.PUBLIC_URL}]
        document["components"]["securitySchemes"] = {"ApiKey": _KEY_HEADER}
        document["tags"] = [{"name": name, "description": told} for name, told in _TAGS.items()]
        document["x-example-ids"] = EXAMPLE_IDS
        document["x-errors"] = [_told(fault.code) for fault in FAULTS]
        for methods in document["paths"].values():
            for operation in methods.values():
                _complete(operation)
        return document


def _told(code: str) -> Part:
    fault = FAULT_BY_CODE[code]
    return {"code": code, "status": fault.status, "meaning": fault.meaning}


def _complete(operation: Part) -> None:
    name = operation["operationId"]
    for parameter in operation["parameters"]:
        _describe_parameter(parameter)
    for status, response in operation["responses"].items():
        if status >= 400:
            _describe_refusal(status, response)
        else:
            _json(response)["example"] = _at_home(ANSWERS[name])
    if name in REQUESTS:
        _json(operation["requestBody"])["example"] = _at_home(REQUESTS[name])
    if 422 in operation["responses"]:
        _describe_idempotency(operation)


def _describe_parameter(parameter: Part) -> None:
    name = parameter["name"]
    parameter["description"] = _PARAMETERS.get(name) or _bound(name)
    if parameter["in"] == "path":
        # The first version is called 1 everywhere, so it is no id that stands for another.
        parameter["example"] = EXAMPLE_IDS.get(name, 1)


def _bound(name: str) -> str:
    """What `started_time_after` and its like say."""
    about, _, end = name.rpartition("_")
    ends = {"after": "this moment or later", "before": "this moment or earlier"}
    ends |= {"min": "at least this", "max": "at most this"}
    return f"`{about}`: {ends[end]}."


def _describe_refusal(status: int, response: Part) -> None:
    faults = [fault for fault in FAULTS if fault.status == status]
    response["description"] = "\n".join(f"- `{one.code}`: {one.meaning}" for one in faults)
    shown = FAULT_BY_CODE[REFUSAL_CODES[status]]
    _json(response)["example"] = {"code": shown.code, "detail": shown.meaning, "fields": {}}
    if any(fault.retry_seconds for fault in faults):
        response["headers"] = {"Retry-After": _RETRY_AFTER}


def _describe_idempotency(operation: Part) -> None:
    operation["parameters"].append(_IDEMPOTENCY_KEY)
    for status, response in operation["responses"].items():
        if status < 400:
            response["headers"] = {"Idempotency-Replayed": _REPLAYED}


def _json(part: Part) -> Part:
    found: Part = part["content"]["application/json"]
    return found


def _at_home(example: JSON) -> JSON:
    """The example with the address of this server."""
    text = msgspec.json.encode(example).decode()
    told: JSON = msgspec.json.decode(text.replace(HOST, settings.PUBLIC_URL))
    return told
