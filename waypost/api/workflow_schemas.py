"""Definitions as they come in and go out, as types."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema

from waypost.api.schemas import Id, Paged, Text
from waypost.engine.json_value import clean_json


class DefinitionIn(BaseModel):
    """A workflow as its file has it, with keys and without ids (docs/api/workflow.schema.json)."""

    definition: Annotated[
        dict[str, Any],
        AfterValidator(clean_json),
        WithJsonSchema(
            {
                "type": "object",
                "required": ["key", "name", "steps"],
                "properties": {
                    "key": {"type": "string"},
                    "name": {"type": "string"},
                    "steps": {"type": "array", "items": {"type": "object"}},
                },
            }
        ),
    ]


class DefinitionChange(DefinitionIn):
    """A whole new definition, made from the one at `revision`; later changes of others stay."""

    revision: Id


class PublishIn(BaseModel):
    """What is to be published: only this revision, and in spite of these warnings."""

    revision: Id | None = None
    acknowledged: list[Text] = Field(default_factory=list, max_length=500)


class FindingOut(BaseModel):
    """What the check says of one place. An error keeps the workflow from being published; a warning
    is silenced by its `acknowledgement`.
    """

    code: str
    severity: Literal["error", "warning"]
    message: str
    remedy: str
    step: str
    field: str
    attribute: str
    acknowledgement: str


class CheckOut(BaseModel):
    """The findings of the check."""

    is_publishable: bool
    findings: list[FindingOut]


class WorkflowLight(BaseModel):
    """A workflow in a list; `published_version` is null for a draft only."""

    id: int
    url: str
    key: str
    name: str
    published_version: int | None


class WorkflowOut(WorkflowLight):
    """The draft of a workflow."""

    revision: int
    definition: dict[str, Any]
    findings: list[FindingOut]


class WorkflowPage(Paged):
    """A page of workflows."""

    results: list[WorkflowLight]


class PublishedOut(BaseModel):
    """The published version; `is_changed` is false when it was published before as it is."""

    id: int
    key: str
    name: str
    published_version: int
    is_changed: bool


class VersionLight(BaseModel):
    """A version in a list."""

    number: int
    published_time: datetime
    published_by: str
    is_current: bool


class ChangeOut(BaseModel):
    """One difference to the version before, in words."""

    step: str
    text: str
    old: str
    new: str


class VersionOut(VersionLight):
    """A version, and what it changed."""

    definition: dict[str, Any]
    changes: list[ChangeOut]


class VersionPage(Paged):
    """A page of versions."""

    results: list[VersionLight]
