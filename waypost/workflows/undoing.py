"""Undo and redo: everybody takes back their own changes, whatever others did elsewhere since."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.workflows import models
from waypost.workflows.collisions import undo_refusal
from waypost.workflows.difference import reverted
from waypost.workflows.draft_changes import Undoing, changes_of, draft_of
from waypost.workflows.editing import Edited, edited, locked
from waypost.workflows.merging import Conflict, applied

_NOTHING_TO_UNDO = Refusal("nothing_to_undo", "You changed nothing here that is not undone yet.")
_NOTHING_TO_REDO = Refusal(
    "nothing_to_redo", "You undid nothing since your last change, so there is nothing to redo."
)


@dataclass(frozen=True, slots=True)
class Undoable:
    """What undo and redo would take back, by the labels of these changes; empty for nothing."""

    undo: str = ""
    redo: str = ""


def undo(actor: Actor, workflow_id: int) -> Edited | Refusal:
    """Take back the actor's own last change; refused when somebody changed the same place since."""
    return _take_back(actor, workflow_id, is_undo=True)


def redo(actor: Actor, workflow_id: int) -> Edited | Refusal:
    """Take back the actor's last undo, as long as they changed nothing else since."""
    return _take_back(actor, workflow_id, is_undo=False)


def undoable(actor: Actor, row: models.Workflow) -> Undoable:
    """What the actor may undo and redo now."""
    last, undone = _last_change(actor, row), _last_undo(actor, row)
    return Undoable(_label(last), _label(undone.undoes if undone else None))


@transaction.atomic
def _take_back(actor: Actor, workflow_id: int, *, is_undo: bool) -> Edited | Refusal:
    row = locked(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    kept = _last_change(actor, row) if is_undo else _last_undo(actor, row)
    if kept is None:
        return _NOTHING_TO_UNDO if is_undo else _NOTHING_TO_REDO
    outcome = applied(draft_of(row), reverted(changes_of(kept)))
    if isinstance(outcome, Conflict):
        return undo_refusal(row, kept, outcome)
    label = f"Undid: {kept.label}" if is_undo else f"Redid: {_label(kept.undoes)}"
    return edited(actor, row, outcome, label, Undoing(kept, is_undo))


def _last_change(actor: Actor, row: models.Workflow) -> models.DraftChange | None:
    """The actor's last edit or redo that is not undone."""
    own = row.draft_changes.filter(actor_id=actor.principal_id, is_undo=False, undone_by=None)
    return own.exclude(changes=[]).select_related("undoes__undoes").order_by("-revision").first()


def _last_undo(actor: Actor, row: models.Workflow) -> models.DraftChange | None:
    """The actor's last undo that is not redone, if nothing of theirs came after it."""
    own = row.draft_changes.filter(actor_id=actor.principal_id).order_by("-revision")
    edit = own.filter(undoes=None).first()
    undone = own.filter(is_undo=True, undone_by=None).select_related("undoes__undoes").first()
    if undone is None or (edit is not None and edit.revision > undone.revision):
        return None
    return undone


def _label(kept: models.DraftChange | None) -> str:
    """What a change is called, and a redo by what it brought back."""
    while kept is not None and kept.undoes is not None:
        kept = kept.undoes
    return kept.label if kept else ""
