"""Notes of builders on a workflow or one of its steps: written, answered, assigned, completed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from waypost.engine.errors import Refusal
from waypost.engine.json_value import clean_text
from waypost.people.actor import Actor
from waypost.people.permissions import is_one_of
from waypost.people.queries import active_among
from waypost.workflows.models import StepIdentity, WorkflowNote
from waypost.workflows.sight import changeable, may_change, visible
from waypost.workspace.audit import Subject, record

LONGEST_NOTE = 4000

_UNKNOWN = Refusal("unknown_note", "There is no such note. Reload the page.")
_NOT_YOURS = Refusal(
    "not_permitted",
    "Only those who may change the workflow, and whom the note is for, may do this. Ask one of "
    "them.",
)
_EMPTY = Refusal(
    "invalid_value",
    f"Write something, at most {LONGEST_NOTE} letters.",
    (("text", "Write something."),),
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a note."""

    author: str
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A note with its replies, oldest first; `step_key` is "" for one on the whole workflow.

    `may_answer`: whoever asks may reply to it, assign and complete it.
    """

    id: int
    step_key: str
    author: str
    assignee_id: int | None
    assignee: str
    text: str
    created_at: datetime
    completed_at: datetime | None
    replies: tuple[Reply, ...]
    may_answer: bool


def list_notes(actor: Actor, workflow_id: int) -> tuple[Note, ...]:
    """The notes of a workflow that the actor sees: open ones first, the newest at the top."""
    row = visible(actor).filter(pk=workflow_id).first()
    if row is None or actor.is_light:
        return ()
    changes = may_change(actor, row)
    rows = list(row.notes.select_related("author", "assignee", "step").order_by("pk"))
    notes = [_note(one, rows, changes or is_one_of(actor, one.assignee_id)) for one in rows]
    top = [note for note, one in zip(notes, rows, strict=True) if one.reply_to_id is None]
    return tuple(sorted(reversed(top), key=lambda note: note.completed_at is not None))


def add_note(
    actor: Actor,
    workflow_id: int,
    text: str,
    step_id: int | None = None,
    assignee_id: int | None = None,
) -> int | Refusal:
    """Leave a note on a workflow, or on one of its steps, perhaps for somebody."""
    row = changeable(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    refusal = _fault(actor, text, assignee_id)
    if refusal is not None or actor.principal_id is None:
        return refusal or _NOT_YOURS
    step = StepIdentity.objects.filter(workflow=row, pk=step_id or 0).first()
    if step_id is not None and step is None:
        return Refusal("unknown_step", "The workflow has no such step. Reload the page.")
    with transaction.atomic():
        note = WorkflowNote.objects.create(
            workspace_id=row.workspace_id,
            workflow=row,
            step=step,
            author_id=actor.principal_id,
            assignee_id=assignee_id,
            text=clean_text(text).strip(),
        )
        record(actor, "note_added", Subject("workflow", row.pk, {"note_id": note.pk}))
    return note.pk


def reply_to_note(actor: Actor, workflow_id: int, note_id: int, text: str) -> Refusal | None:
    """Answer a note."""
    note = _answerable(actor, workflow_id, note_id)
    if isinstance(note, Refusal):
        return note
    refusal = _fault(actor, text, None)
    if refusal is not None or actor.principal_id is None:
        return refusal or _NOT_YOURS
    with transaction.atomic():
        WorkflowNote.objects.create(
            workspace_id=note.workspace_id,
            workflow_id=note.workflow_id,
            step_id=note.step_id,
            reply_to=note,
            author_id=actor.principal_id,
            text=clean_text(text).strip(),
        )
        record(actor, "note_answered", Subject("workflow", workflow_id, {"note_id": note.pk}))
    return None


def assign_note(
    actor: Actor, workflow_id: int, note_id: int, assignee_id: int | None
) -> Refusal | None:
    """Say whom a note is for; None is nobody in particular."""
    note = _answerable(actor, workflow_id, note_id)
    if isinstance(note, Refusal):
        return note
    if assignee_id is not None and not active_among(actor.workspace_id, [assignee_id]):
        return _nobody()
    with transaction.atomic():
        WorkflowNote.objects.filter(pk=note.pk).update(assignee_id=assignee_id)
        details = {"note_id": note.pk, "assignee_id": assignee_id}
        record(actor, "note_assigned", Subject("workflow", workflow_id, details))
    return None


def complete_note(actor: Actor, workflow_id: int, note_id: int, is_done: bool) -> Refusal | None:
    """Mark a note as done, or open it again."""
    note = _answerable(actor, workflow_id, note_id)
    if isinstance(note, Refusal):
        return note
    with transaction.atomic():
        moment = timezone.now() if is_done else None
        WorkflowNote.objects.filter(pk=note.pk).update(completed_at=moment)
        act = "note_completed" if is_done else "note_reopened"
        record(actor, act, Subject("workflow", workflow_id, {"note_id": note.pk}))
    return None


def _answerable(actor: Actor, workflow_id: int, note_id: int) -> WorkflowNote | Refusal:
    workflow = visible(actor).filter(pk=workflow_id).first()
    if workflow is None:
        return _UNKNOWN
    note = workflow.notes.filter(pk=note_id, reply_to=None).first()
    if note is None:
        return _UNKNOWN
    may_answer = may_change(actor, workflow) or is_one_of(actor, note.assignee_id)
    return note if may_answer else _NOT_YOURS


def _fault(actor: Actor, text: str, assignee_id: int | None) -> Refusal | None:
    if not 0 < len(clean_text(text).strip()) <= LONGEST_NOTE:
        return _EMPTY
    if assignee_id is not None and not active_among(actor.workspace_id, [assignee_id]):
        return _nobody()
    return None


def _nobody() -> Refusal:
    return Refusal(
        "unknown_member", "Whom it is for is no longer here. Choose somebody else from the list."
    )


def _note(row: WorkflowNote, rows: Sequence[WorkflowNote], may_answer: bool) -> Note:
    replies = (one for one in rows if one.reply_to_id == row.pk)
    return Note(
        id=row.pk,
        step_key=row.step.key if row.step else "",
        author=row.author.name,
        assignee_id=row.assignee_id,
        assignee=row.assignee.name if row.assignee else "",
        text=row.text,
        created_at=row.created_at,
        completed_at=row.completed_at,
        replies=tuple(Reply(one.author.name, one.text, one.created_at) for one in replies),
        may_answer=may_answer,
    )
