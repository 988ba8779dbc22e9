"""The changes of a draft as they are kept: written, read, taken back to see an earlier draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from django.db.models import QuerySet

from waypost.engine.definition import Workflow
from waypost.engine.json_value import clean_text
from waypost.people.actor import Actor
from waypost.workflows import models
from waypost.workflows.canonical import plain
from waypost.workflows.difference import CHANGES, Change, changes_between, reverted
from waypost.workflows.identities import allot, identities_of
from waypost.workflows.ids import Identities, with_known_ids
from waypost.workflows.merging import applied
from waypost.workflows.stored import stored_draft

#: A change may hold two texts as long as a request: not all of a long history at the same time.
_READ_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Undoing:
    """The change that another takes back, by undo or else by redo."""

    kept: models.DraftChange
    is_undo: bool


def draft_of(row: models.Workflow) -> Workflow:
    """The newest draft, without ids."""
    return stored_draft(row)


def changes_of(kept: models.DraftChange) -> tuple[Change, ...]:
    """What one kept change did."""
    return msgspec.convert(kept.changes, CHANGES)


def later_changes(row: models.Workflow, revision: int) -> QuerySet[models.DraftChange]:
    """The changes made since this revision, the newest first."""
    return row.draft_changes.filter(revision__gt=revision).order_by("-revision")


def draft_at(row: models.Workflow, revision: int) -> Workflow | None:
    """The draft as it was at a revision; None for one from before changes were kept."""
    draft = draft_of(row)
    if revision == row.draft_revision:
        return draft
    later = later_changes(row, revision)
    if later.count() != row.draft_revision - revision:
        return None
    for kept in later.iterator(chunk_size=_READ_AT_ONCE):
        earlier = applied(draft, reverted(changes_of(kept)))
        if not isinstance(earlier, Workflow):
            return None
        draft = earlier
    return draft


def keep_draft(
    actor: Actor,
    row: models.Workflow,
    workflow: Workflow,
    label: str,
    taking_back: Undoing | None = None,
) -> tuple[Change, ...]:
    """Make this the newest draft of a locked row, with its change on record; what was changed."""
    changes = changes_between(draft_of(row), workflow)
    if not changes:
        return ()
    row.draft = plain(workflow, has_ids=False)
    row.draft_revision += 1
    row.name = workflow.name[:255]
    row.save(update_fields=["draft", "draft_revision", "name"])
    keep_change(actor, row, label, changes, taking_back)
    return changes


def keep_change(
    actor: Actor,
    row: models.Workflow,
    label: str,
    changes: Sequence[Change],
    taking_back: Undoing | None = None,
) -> None:
    """Put what led to the newest revision on record."""
    models.DraftChange.objects.create(
        workspace_id=row.workspace_id,
        workflow=row,
        revision=row.draft_revision,
        actor_id=actor.principal_id,
        label=clean_text(label)[:255],
        changes=msgspec.to_builtins(tuple(changes)),
        undoes=taking_back.kept if taking_back else None,
        is_undo=taking_back is not None and taking_back.is_undo,
    )


def with_all_ids(row: models.Workflow, workflow: Workflow, known: Identities) -> Workflow:
    """The workflow with the ids of its steps and fields; those not known yet are allotted."""
    filled = with_known_ids(workflow, known)
    parts = [*filled.steps, *(field for step in filled.steps for field in step.fields)]
    if all(part.id for part in parts):
        return filled
    allot(row, workflow)
    return with_known_ids(workflow, identities_of(row.workspace_id, [row.key]))
