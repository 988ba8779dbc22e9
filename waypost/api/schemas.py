"""What comes in and goes out, as types: the description in OpenAPI is made from these."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema

from waypost.engine.json_value import clean_json, clean_text

MAX_ID = 2**63 - 1


def _whole_number(raw: object) -> object:
    """Ids come as integers or numeric strings; True is neither."""
    if isinstance(raw, bool):
        raise ValueError("send an id: an integer or a string of digits")
    if isinstance(raw, str) and re.fullmatch(r"\s*[0-9]{1,19}\s*", raw, re.ASCII):
        return int(raw)
    return raw


def _process_id(raw: object) -> object:
    """A process comes as its URI, `…/api/processes/77/`, or as its id."""
    if isinstance(raw, str):
        found = re.search(r"(?:^|/processes/)\s*([0-9]{1,19})\s*/?$", raw.strip(), re.ASCII)
        if found is None:
            raise ValueError("send the URI of a process, like https://HOST/api/processes/77/")
        return int(found[1])
    return _whole_number(raw)


def _aware(moment: datetime) -> datetime:
    """Times without a zone are UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


ID_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": 0, "maximum": MAX_ID},
        {"type": "string", "pattern": "^[0-9]{1,18}$"},
    ]
}
Id = Annotated[
    int,
    BeforeValidator(_whole_number),
    Field(ge=0, le=MAX_ID, strict=True),
    WithJsonSchema(ID_SCHEMA, mode="validation"),
]
ProcessId = Annotated[
    int,
    BeforeValidator(_process_id),
    Field(ge=0, le=MAX_ID, strict=True),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": "^https?://[a-z0-9.:-]+/api/processes/[0-9]{1,18}/$"},
                {"type": "integer", "minimum": 0, "maximum": MAX_ID},
            ]
        },
        mode="validation",
    ),
]
Text = Annotated[str, AfterValidator(clean_text)]
Name = Annotated[str, AfterValidator(clean_text), Field(max_length=255)]
Tags = Annotated[
    list[Annotated[str, AfterValidator(clean_text), Field(min_length=1, max_length=100)]],
    Field(max_length=50),
]
Moment = Annotated[datetime, AfterValidator(_aware)]
Priority = Literal["V", "H", ""]
CleanJson = Annotated[Any, AfterValidator(clean_json)]


class StepAssignment(Schema):
    """Who is to complete a step whose assignee is chosen at the start."""

    step_id: Id
    user_id: Id


class InstanceIn(Schema):
    """A start. `name` must be empty where the process names its instances itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"process": "https://HOST/api/processes/1/", "name": "Ann Verification"}]
        }
    )

    process: ProcessId
    name: Name | None = None
    deadline: Moment | None = None
    priority: Priority | None = None
    tags: Tags = Field(default_factory=list)
    step_assignments: list[StepAssignment] = Field(default_factory=list, max_length=200)


class InstanceChanges(Schema):
    """What PATCH may change; PUT gives all of them."""

    name: Annotated[str, AfterValidator(clean_text), Field(min_length=1, max_length=255)] | None = (
        None
    )
    deadline: Moment | None = None
    priority: Priority | None = None
    tags: Tags | None = None


class ActionIn(Schema):
    """One form field's value. Both shapes are taken: `{"inputValue": {"radioItemSelected":
    "A"}}` and flat.
    """

    action_id: Id
    input_object: Annotated[dict[str, Any], AfterValidator(clean_json)] = Field(
        default_factory=dict
    )


class CompletionIn(Schema):
    """Values for a step that is active. `mode` is accepted and means nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "step_id": 501,
                    "actions": [{"action_id": 7001, "input_object": {"inputValue": "Ann"}}],
                }
            ]
        }
    )

    step_id: Id
    actions: list[ActionIn] = Field(default_factory=list, max_length=500)
    mode: str | None = None


class Ids(Schema):
    """Several instances."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=500)]


class IdsOut(Schema):
    """The instances that were changed."""

    ids: list[int]


class ActionOut(Schema):
    """One form field. `value` only with inject_values."""

    id: int
    name: str
    type: str
    settings: dict[str, Any]
    value: dict[str, Any] | None = None


class StepOut(Schema):
    """One step. Its times only with steps_time_frame."""

    id: int
    name: str
    type: str
    actions: list[ActionOut]
    started_time: datetime | None = None
    completed_time: datetime | None = None


class ProcessOut(Schema):
    """A process with its steps; the start item is not one of them."""

    id: int
    name: str
    steps: list[StepOut]


class StepDeadline(Schema):
    """When a step is due."""

    step_id: int
    deadline: datetime


class InstanceOut(Schema):
    """An instance. Its steps stand in `process_snapshot`, frozen at the start."""

    id: int
    url: str
    process: str
    name: str
    deadline: datetime | None
    priority: Literal["V", "H"] | None
    tags: list[str]
    step_assignments: list[StepAssignment]
    started_time: datetime
    completed_time: datetime | None
    aborted_time: datetime | None
    last_updated_time: datetime
    active_step_ids: list[int]
    step_deadlines: list[StepDeadline]
    public_url: str | None
    stage: str | None
    process_snapshot: ProcessOut


class InstanceLight(Schema):
    """An instance in a v2 list."""

    id: int
    name: str
    status: Literal["running", "completed", "aborted"]
    public_url: str | None


class ProcessLight(Schema):
    """A process in a list."""

    id: int
    url: str
    name: str


class FieldValueOut(Schema):
    """One field in one instance; null where nothing was entered."""

    value: dict[str, Any] | None
    instance_id: int
    instance_name: str
    settings: dict[str, Any]


class _Paged(Schema):
    """`count` is exact up to 10,000, then an estimate, and `count_is_estimate` says so."""

    count: int
    count_is_estimate: bool = False
    next: str | None
    previous: str | None


class InstancePage(_Paged):
    """A page of instances."""

    results: list[InstanceOut]


class InstanceLightPage(_Paged):
    """A page of instances in few words."""

    results: list[InstanceLight]


class ProcessPage(_Paged):
    """A page of processes."""

    results: list[ProcessLight]


class FieldValuePage(_Paged):
    """A page of one field's values."""

    results: list[FieldValueOut]


class ErrorOut(Schema):
    """Why a request was refused; `code` is stable, `detail` says what to do, `fields` names
    what was wrong.
    """

    code: str
    detail: str
    fields: dict[str, list[str]]
