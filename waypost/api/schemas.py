"""What comes in and goes out, as types: the description in OpenAPI is made from these."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema

from waypost.engine.json_value import clean_json, clean_text

MAX_ID = 2**63 - 1


def _whole_number(raw: object) -> object:
    """Ids come as integers or numeric strings; True is neither, and 7.0 is JSON's 7."""
    if isinstance(raw, bool):
        raise ValueError("send an id: an integer or a string of digits")
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
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


def _written(raw: object) -> object:
    """Moments are written out: a bare number could be seconds or milliseconds."""
    if not isinstance(raw, str) or not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw, re.ASCII):
        raise ValueError("send a moment like 2026-01-31T10:00:00Z")
    return raw


def _in_utc(moment: datetime) -> datetime:
    """Times without a zone are UTC. PostgreSQL knows fewer displacements than ISO 8601."""
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError("send a moment of the years 1 to 9999") from error


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
Moment = Annotated[
    datetime,
    BeforeValidator(_written),
    AfterValidator(_in_utc),
    WithJsonSchema(
        {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]},
        mode="validation",
    ),
]
Priority = Literal["V", "H", ""]
CleanJson = Annotated[Any, AfterValidator(clean_json)]


class StepAssignment(BaseModel):
    """Who is to complete a step whose assignee is chosen at the start."""

    step_id: Id
    user_id: Id


class InstanceIn(BaseModel):
    """A start. `name` must be empty where the process names its instances itself; of the
    `url_parameters` those are kept that the process declares.
    """

    process: ProcessId
    name: Name | None = None
    deadline: Moment | None = None
    priority: Priority | None = None
    tags: Tags = Field(default_factory=list)
    step_assignments: list[StepAssignment] = Field(default_factory=list, max_length=200)
    url_parameters: dict[str, str] = Field(default_factory=dict, max_length=200)


class InstanceChanges(BaseModel):
    """What PATCH may change; PUT gives all of them."""

    name: Annotated[str, AfterValidator(clean_text), Field(min_length=1, max_length=255)] | None = (
        None
    )
    deadline: Moment | None = None
    priority: Priority | None = None
    tags: Tags | None = None


class ActionIn(BaseModel):
    """One form field's value. Both shapes are taken: `{"inputValue": {"radioItemSelected":
    "A"}}` and flat.
    """

    action_id: Id
    input_object: Annotated[dict[str, Any], AfterValidator(clean_json)] = Field(
        default_factory=dict
    )


class CompletionIn(BaseModel):
    """Values for a step that is active. `mode` is accepted and means nothing."""

    step_id: Id
    actions: list[ActionIn] = Field(default_factory=list, max_length=500)
    mode: str | None = None


class Ids(BaseModel):
    """Several instances."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=500)]


class IdsOut(BaseModel):
    """The instances that were changed."""

    ids: list[int]


class ActionOut(BaseModel):
    """One form field. `value` only with inject_values."""

    id: int
    name: str
    type: str
    settings: dict[str, Any]
    value: dict[str, Any] | None = None


class StepOut(BaseModel):
    """One step. Its times only with steps_time_frame."""

    id: int
    name: str
    type: str
    actions: list[ActionOut]
    started_time: datetime | None = None
    completed_time: datetime | None = None


class ProcessOut(BaseModel):
    """A process with its steps; the start item is not one of them."""

    id: int
    name: str
    steps: list[StepOut]


class StepDeadline(BaseModel):
    """When a step is due."""

    step_id: int
    deadline: datetime


class StepAssignmentOut(BaseModel):
    """Who is to complete a step, as it was chosen at the start."""

    step_id: int
    user_id: int


class InstanceOut(BaseModel):
    """An instance. Its steps stand in `process_snapshot`, frozen at the start."""

    id: int
    url: str
    process: str
    name: str
    deadline: datetime | None
    priority: Literal["V", "H"] | None
    tags: list[str]
    step_assignments: list[StepAssignmentOut]
    started_time: datetime
    completed_time: datetime | None
    aborted_time: datetime | None
    last_updated_time: datetime
    active_step_ids: list[int]
    step_deadlines: list[StepDeadline]
    public_url: str | None
    stage: str | None
    process_snapshot: ProcessOut


class InstanceLight(BaseModel):
    """An instance in a v2 list."""

    id: int
    name: str
    status: Literal["running", "completed", "aborted"]
    public_url: str | None


class ProcessLight(BaseModel):
    """A process in a list."""

    id: int
    url: str
    name: str


class FieldValueOut(BaseModel):
    """One field in one instance; null where nothing was entered."""

    value: dict[str, Any] | None
    instance_id: int
    instance_name: str
    settings: dict[str, Any]


class Paged(BaseModel):
    """`count` is exact up to 10,000, then an estimate, and `count_is_estimate` says so."""

    count: int
    count_is_estimate: bool = False
    next: str | None
    previous: str | None


class InstancePage(Paged):
    """A page of instances."""

    results: list[InstanceOut]


class InstanceLightPage(Paged):
    """A page of instances in few words."""

    results: list[InstanceLight]


class ProcessPage(Paged):
    """A page of processes."""

    results: list[ProcessLight]


class FieldValuePage(Paged):
    """A page of one field's values."""

    results: list[FieldValueOut]


class ErrorOut(BaseModel):
    """Why a request was refused; `code` is stable, `detail` says what to do, `fields` names
    what was wrong.
    """

    code: str
    detail: str
    fields: dict[str, list[str]]
