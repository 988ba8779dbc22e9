"""Workflows and their published versions as the engine, pages and the API read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec
from django.db.models import Q, QuerySet

from waypost.engine.definition import FORMAT, Workflow
from waypost.engine.errors import Refusal, UnknownFormat
from waypost.people.actor import Actor
from waypost.workflows import models

#: Definitions kept in each process; one is about 100 KB when parsed.
_KEPT_VERSIONS = 512

_UNKNOWN = Refusal(
    "unknown_process", "There is no such workflow. Look at the list of workflows for its id."
)
_NOT_PUBLISHED = Refusal(
    "not_published", "This workflow is not published yet. Publish it, then start it."
)


@dataclass(frozen=True, slots=True)
class WorkflowSummary:
    """A row of the list of workflows; without a version it is a draft only."""

    id: int
    key: str
    name: str
    version_id: int | None
    version_number: int | None
    published_at: datetime | None
    lead_id: int | None

    @property
    def is_published(self) -> bool:
        """Whether it can be started."""
        return self.version_id is not None


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """What a new instance runs on, and who answers for it."""

    workflow_id: int
    version_id: int
    workflow: Workflow
    lead_id: int | None
    tech_lead_id: int | None
    is_private: bool


@lru_cache(maxsize=_KEPT_VERSIONS)
def load_version(version_id: int) -> Workflow:
    """The definition of a version, parsed once in each process: versions never change.

    Raises UnknownFormat for one that a newer release has written.
    """
    version = models.WorkflowVersion.objects.only("definition", "format").get(pk=version_id)
    if version.format > FORMAT:
        raise UnknownFormat(f"Version {version_id} has format {version.format}. Update Waypost.")
    workflow: Workflow = msgspec.convert(version.definition, Workflow)
    return workflow


def list_workflows(actor: Actor) -> list[WorkflowSummary]:
    """Every workflow that the actor may see, by name; one query."""
    rows = _visible(actor).select_related("published_version")
    rows = rows.defer("draft", "published_version__definition").order_by("name", "pk")
    return [
        WorkflowSummary(
            id=row.pk,
            key=row.key,
            name=row.name,
            version_id=row.published_version_id,
            version_number=row.published_version.number if row.published_version else None,
            published_at=row.published_version.published_at if row.published_version else None,
            lead_id=row.lead_id,
        )
        for row in rows
    ]


def published(actor: Actor, workflow_id: int) -> Workflow | Refusal:
    """The definition of a workflow as published now."""
    version = published_version(actor, workflow_id)
    return version if isinstance(version, Refusal) else version.workflow


def published_version(actor: Actor, workflow_id: int) -> PublishedVersion | Refusal:
    """The published version of a workflow with its leads; one query when it is cached."""
    row = _visible(actor).filter(pk=workflow_id).defer("draft").first()
    if row is None:
        return _UNKNOWN
    if row.published_version_id is None:
        return _NOT_PUBLISHED
    return PublishedVersion(
        workflow_id=row.pk,
        version_id=row.published_version_id,
        workflow=load_version(row.published_version_id),
        lead_id=row.lead_id,
        tech_lead_id=row.tech_lead_id,
        is_private=row.is_private,
    )


def find_by_key(actor: Actor, key: str) -> WorkflowSummary | None:
    """The workflow under this key."""
    return next((one for one in list_workflows(actor) if one.key == key), None)


def read_draft(actor: Actor, workflow_id: int) -> Workflow | Refusal:
    """The definition as its builder left it, with references to ids not yet resolved."""
    row = _visible(actor).filter(pk=workflow_id).only("draft").first()
    if row is None:
        return _UNKNOWN
    workflow: Workflow = msgspec.convert(row.draft, Workflow)
    return workflow


def _visible(actor: Actor) -> QuerySet[models.Workflow]:
    """Public workflows, private ones of theirs, for admins all; never another workspace's. Light
    users see those they lead.
    """
    rows = models.Workflow.objects.filter(workspace_id=actor.workspace_id, deleted_at=None)
    if actor.is_admin:
        return rows
    theirs = Q(lead_id__in=actor.principal_ids) | Q(tech_lead_id__in=actor.principal_ids)
    return rows.filter(theirs if actor.is_light else Q(is_private=False) | theirs)
