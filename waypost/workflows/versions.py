"""Published versions: which there are, what they say, and bringing one back as the draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from msgspec.structs import replace

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.workflows import models
from waypost.workflows.draft_changes import draft_at, draft_of
from waypost.workflows.editing import Edited, edited, locked
from waypost.workflows.queries import load_version
from waypost.workflows.readable import DiffLine, readable_difference
from waypost.workflows.sight import UNKNOWN, visible

_UNKNOWN_VERSION = Refusal(
    "unknown_version", "This workflow has no such version. Look at its versions for their numbers."
)


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """A row of the list of versions; `published_by` is empty for nobody known."""

    number: int
    published_at: datetime
    published_by: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A version with its definition as it was frozen, ids filled in."""

    summary: VersionSummary
    workflow: Workflow


def list_versions(actor: Actor, workflow_id: int) -> tuple[VersionSummary, ...] | Refusal:
    """Every version, the newest first; two queries."""
    row = visible(actor).only("published_version_id").filter(pk=workflow_id).first()
    if row is None:
        return UNKNOWN
    return tuple(_summary(row, one) for one in _rows(row).order_by("-number"))


def version(actor: Actor, workflow_id: int, number: int) -> Version | Refusal:
    """One version."""
    row = visible(actor).only("published_version_id").filter(pk=workflow_id).first()
    if row is None:
        return UNKNOWN
    found = _rows(row).filter(number=number).first()
    return Version(_summary(row, found), load_version(found.pk)) if found else _UNKNOWN_VERSION


def version_changes(actor: Actor, workflow_id: int, number: int) -> tuple[DiffLine, ...] | Refusal:
    """What a version changed since the one before it, in words; nothing for the first."""
    after, before = (version(actor, workflow_id, one) for one in (number, number - 1))
    if isinstance(after, Refusal):
        return after
    return (
        () if isinstance(before, Refusal) else readable_difference(before.workflow, after.workflow)
    )


@transaction.atomic
def restore_version(actor: Actor, workflow_id: int, number: int) -> Edited | Refusal:
    """Make a version the draft again: a change like any other, so that it can be undone.

    Running instances keep theirs, and steps their ids.
    """
    row = locked(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    found = _rows(row).filter(number=number).first()
    if found is None:
        return _UNKNOWN_VERSION
    return edited(actor, row, _as_draft(row, found), f"Restored version {number}")


def _rows(row: models.Workflow) -> QuerySet[models.WorkflowVersion]:
    return row.versions.select_related("published_by").defer("definition")


def _summary(row: models.Workflow, found: models.WorkflowVersion) -> VersionSummary:
    return VersionSummary(
        number=found.number,
        published_at=found.published_at,
        published_by=found.published_by.name if found.published_by else "",
        is_current=found.pk == row.published_version_id,
    )


def _as_draft(row: models.Workflow, found: models.WorkflowVersion) -> Workflow:
    """The draft that was published: what a version freezes has numbers where it named ids by key.

    Versions from before changes were kept have no such draft. Who leads stays as it is.
    """
    draft = draft_at(row, found.draft_revision) if found.draft_revision else None
    newest = draft_of(row)
    return replace(
        draft or load_version(found.pk),
        key=newest.key,
        lead=newest.lead,
        tech_lead=newest.tech_lead,
    )
