"""Duplicating a workflow, here or into another workspace that its owner administers.

The copy is a draft of its own: its ids are new, and ids of its own parts in texts follow its key.
Credentials are named in it, never copied; what is missing where it goes is said by the check.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from msgspec.structs import replace

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.finding import Finding
from waypost.engine.json_value import clean_text
from waypost.engine.repointing import with_key
from waypost.engine.step_types import AnyStep
from waypost.people.actor import Actor
from waypost.people.queries import administered_elsewhere
from waypost.workflows import models
from waypost.workflows.canonical import plain
from waypost.workflows.check import findings_of
from waypost.workflows.creating import free_key
from waypost.workflows.draft_changes import keep_change
from waypost.workflows.identities import allot
from waypost.workflows.queries import read_draft
from waypost.workflows.sight import changeable, open_folders
from waypost.workflows.surroundings import surroundings_of
from waypost.workspace.audit import Subject, record

LONGEST_NAME = 255
#: Who a step is for when it is no longer for somebody in particular.
_NOBODY = "workflow_lead"
_TAKEN = Refusal(
    "key_taken", "Somebody made a workflow of this name in the same moment. Try it again."
)


@dataclass(frozen=True, slots=True)
class Copy:
    """How a workflow is to be duplicated; no `workspace_id` means the same workspace."""

    name: str
    folder_id: int | None = None
    workspace_id: int | None = None
    clears_assignees: bool = False


@dataclass(frozen=True, slots=True)
class Copied:
    """The new draft, and what the check says of it where it is now."""

    workflow_id: int
    workspace_id: int
    name: str
    findings: tuple[Finding, ...]


def duplicate_workflow(actor: Actor, workflow_id: int, copy: Copy) -> Copied | Refusal:
    """Make a copy of a workflow's draft, led by whoever makes it."""
    row = changeable(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    draft = read_draft(actor, workflow_id)
    if isinstance(draft, Refusal):
        return draft
    target = _target(actor, copy.workspace_id)
    if isinstance(target, Refusal):
        return target
    name = clean_text(copy.name).strip()
    if not 0 < len(name) <= LONGEST_NAME:
        message = f"Give the copy a name of at most {LONGEST_NAME} letters."
        return Refusal("invalid_value", message, (("name", "Enter a name."),))
    folder = open_folders(target).filter(pk=copy.folder_id or 0).first()
    if folder is None and copy.folder_id is not None:
        return Refusal("unknown_folder", "There is no such folder there. Choose another.")
    workflow = _copied(draft, free_key(target.workspace_id, name), name, copy.clears_assignees)
    try:
        return _kept(target, workflow, folder, row)
    except IntegrityError:
        return _TAKEN


def _target(actor: Actor, workspace_id: int | None) -> Actor | Refusal:
    if workspace_id in (None, actor.workspace_id):
        return actor
    elsewhere = {one.workspace_id: one.actor for one in administered_elsewhere(actor)}
    if workspace_id is None or workspace_id not in elsewhere:
        return Refusal(
            "unknown_workspace", "You administer no such workspace. Choose one from the list."
        )
    return elsewhere[workspace_id]


def _copied(draft: Workflow, key: str, name: str, clears_assignees: bool) -> Workflow:
    """Leads named in the draft are not those of the copy."""
    copied = replace(with_key(draft, key), name=name, lead="", tech_lead="")
    if not clears_assignees:
        return copied
    return replace(copied, steps=tuple(_for_nobody(step) for step in copied.steps))


def _for_nobody(step: AnyStep) -> AnyStep:
    is_named = step.assignee.startswith(("user:", "team:"))
    return replace(step, assignee=_NOBODY) if is_named else step


@transaction.atomic
def _kept(
    target: Actor, workflow: Workflow, folder: models.Folder | None, original: models.Workflow
) -> Copied:
    made = models.Workflow.objects.create(
        workspace_id=target.workspace_id,
        key=workflow.key,
        name=workflow.name,
        lead_id=target.principal_id,
        folder=folder,
        is_in_private_folder=folder is not None and folder.is_private,
        # Who may not see the original through its visibility shall not see it in the copy.
        is_private=original.is_private,
        are_instances_private=original.are_instances_private,
        draft=plain(workflow, has_ids=False),
    )
    keep_change(target, made, f"Duplicated from {original.name}", ())
    allot(made, workflow)
    details: dict[str, str | int | bool | None] = {
        "key": made.key,
        "copy_of": original.key,
        "copy_of_id": original.pk,
    }
    record(target, "workflow_duplicated", Subject("workflow", made.pk, details))
    findings = findings_of(workflow, surroundings_of(target, [workflow]))
    return Copied(made.pk, target.workspace_id, made.name, findings)
