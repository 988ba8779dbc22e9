"""Workflows and their published versions as the engine, pages and the API read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias, TypedDict

import msgspec
from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Lower

from waypost.engine.definition import FORMAT, Workflow
from waypost.engine.errors import Refusal, UnknownFormat
from waypost.people.actor import Actor
from waypost.workflows import models
from waypost.workflows.sight import UNKNOWN, is_edited_by, may_lead, visible
from waypost.workflows.stored import stored_draft

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class _Seen(TypedDict):
    is_edited: bool
    tags: list[str] | None


_SeenRow: TypeAlias = "WithAnnotations[models.Workflow, _Seen]"

#: Definitions kept in each process; one is about 100 KB when parsed.
_KEPT_VERSIONS = 512

_NOT_PUBLISHED = Refusal(
    "not_published", "This workflow is not published yet. Publish it, then start it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowSummary:
    """A row of the list of workflows; without a version it is a draft only.

    `may_change`: whoever asks may edit it; `may_lead`: and say who else sees and edits it.
    """

    id: int
    key: str
    name: str
    version_id: int | None
    version_number: int | None
    published_at: datetime | None
    lead_id: int | None
    tech_lead_id: int | None
    folder_id: int | None
    is_private: bool
    are_instances_private: bool
    tags: tuple[str, ...]
    status: str
    goes_live_on: date | None
    is_archived: bool
    may_change: bool
    may_lead: bool

    @property
    def is_published(self) -> bool:
        """Whether it has a version to run on."""
        return self.version_id is not None

    @property
    def may_start(self) -> bool:
        """Whether new instances of it may begin."""
        return self.is_published and not self.is_archived


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


def list_workflows(actor: Actor, with_archived: bool = False) -> list[WorkflowSummary]:
    """Every workflow that the actor may see, by name; a constant number of queries."""
    rows = _summed_up(actor).order_by(Lower("name"), "pk")
    rows = rows if with_archived else rows.filter(archived_at=None)
    return [_summary(actor, row) for row in rows]


def find_workflow(actor: Actor, workflow_id: int) -> WorkflowSummary | None:
    """The workflow with this id, archived or not, if the actor may see it."""
    row = _summed_up(actor).filter(pk=workflow_id).first()
    return None if row is None else _summary(actor, row)


def names_of_workflows(actor: Actor, workflow_ids: Iterable[int]) -> dict[int, str]:
    """The names of the workflows of instances that the actor sees: who sees an instance may know
    what it is an instance of, also where the workflow is hidden from them or deleted.
    """
    rows = models.Workflow.objects.filter(workspace_id=actor.workspace_id, pk__in=set(workflow_ids))
    return dict(rows.values_list("pk", "name"))


def published(actor: Actor, workflow_id: int) -> Workflow | Refusal:
    """The definition of a workflow as published now."""
    version = published_version(actor, workflow_id)
    return version if isinstance(version, Refusal) else version.workflow


def published_version(actor: Actor, workflow_id: int) -> PublishedVersion | Refusal:
    """The published version of a workflow with its leads; one query when it is cached."""
    row = visible(actor).filter(pk=workflow_id).defer("draft").first()
    if row is None:
        return UNKNOWN
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
    row = _summed_up(actor).filter(key=key).first()
    return None if row is None else _summary(actor, row)


def keys_in_use(actor: Actor) -> frozenset[str]:
    """The keys that workflows of the workspace have, seen by the actor or not."""
    rows = models.Workflow.objects.filter(workspace_id=actor.workspace_id, deleted_at=None)
    return frozenset(rows.values_list("key", flat=True))


def read_draft(actor: Actor, workflow_id: int) -> Workflow | Refusal:
    """The definition as its builder left it, with references to ids not yet resolved."""
    row = visible(actor).filter(pk=workflow_id).only("draft").first()
    if row is None:
        return UNKNOWN
    return stored_draft(row)


def _summed_up(actor: Actor) -> QuerySet[_SeenRow]:
    rows = visible(actor).select_related("published_version")
    rows = rows.defer("draft", "published_version__definition")
    return rows.annotate(is_edited=is_edited_by(actor), tags=KeyTransform("tags", "draft"))


def _summary(actor: Actor, row: _SeenRow) -> WorkflowSummary:
    version = row.published_version
    return WorkflowSummary(
        id=row.pk,
        key=row.key,
        name=row.name,
        version_id=row.published_version_id,
        version_number=version.number if version else None,
        published_at=version.published_at if version else None,
        lead_id=row.lead_id,
        tech_lead_id=row.tech_lead_id,
        folder_id=row.folder_id,
        is_private=row.is_private,
        are_instances_private=row.are_instances_private,
        tags=tuple(row.tags) if isinstance(row.tags, list) else (),
        status=row.status,
        goes_live_on=row.goes_live_on,
        is_archived=row.archived_at is not None,
        may_change=row.is_edited or may_lead(actor, row),
        may_lead=may_lead(actor, row),
    )
