"""Who sees and who changes which workflow and folder: the one place that says so.

Sight is hierarchical: what is public in a private folder is seen by those who may open the folder.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.people.permissions import is_one_of
from waypost.workflows.models import Folder, FolderAccess, Workflow, WorkflowEditor

UNKNOWN = Refusal(
    "unknown_process", "There is no such workflow. Look at the list of workflows for its id."
)
NOT_YOURS = Refusal(
    "not_permitted",
    "Only an admin, its lead, its tech lead or an editor may change this workflow. Ask one of "
    "them.",
)
NO_BUILDER = Refusal(
    "not_permitted", "Light users make no workflows. Ask an admin for the role of a colleague."
)
LEADS_BY_ADMINS = Refusal(
    "not_permitted", "Only an admin may change the leads of a workflow. Ask an admin."
)
_NOT_LED = Refusal(
    "not_permitted", "Only an admin, its lead or its tech lead may do this. Ask one of them."
)


def visible(actor: Actor) -> QuerySet[Workflow]:
    """The workflows that the actor may see, archived ones too; never another workspace's.

    Light users see those they lead or edit; admins all.
    """
    rows = Workflow.objects.filter(workspace_id=actor.workspace_id, deleted_at=None)
    if actor.is_admin:
        return rows
    theirs = Q(lead_id__in=actor.principal_ids) | Q(tech_lead_id__in=actor.principal_ids)
    theirs |= Q(is_edited_by(actor))
    if actor.is_light:
        return rows.filter(theirs)
    return rows.filter(theirs | (Q(is_private=False) & _in_open_folders(actor)))


def open_folders(actor: Actor) -> QuerySet[Folder]:
    """The folders that the actor may open, and so put workflows into."""
    rows = Folder.objects.filter(workspace_id=actor.workspace_id)
    if actor.is_admin:
        return rows
    if actor.is_light or actor.principal_id is None:
        return rows.none()
    return rows.filter(Q(is_private=False) | Q(pk__in=_opened(actor)))


def may_open_folder_of(actor: Actor, workflow_id: int) -> bool:
    """Whether a workflow lies in no folder, or in one that the actor may open."""
    row = Workflow.objects.filter(workspace_id=actor.workspace_id, pk=workflow_id)
    return row.filter(Q(folder=None) | Q(folder__in=open_folders(actor))).exists()


def may_change(actor: Actor, row: Workflow) -> bool:
    """Edit a workflow: admins, its lead, its tech lead and its editors (platform 8)."""
    return may_lead(actor, row) or _edited(actor).filter(workflow=row).exists()


def is_edited_by(actor: Actor) -> Exists:
    """Whether the actor is an editor of the workflow that a query is at."""
    return Exists(_edited(actor).filter(workflow_id=OuterRef("pk")))


def may_lead(actor: Actor, row: Workflow) -> bool:
    """Decide who sees and edits a workflow, and whether it stays: admins and its leads."""
    return actor.is_admin or is_one_of(actor, row.lead_id, row.tech_lead_id)


def changeable(actor: Actor, workflow_id: int) -> Workflow | Refusal:
    """The workflow, if the actor may edit it."""
    row = visible(actor).filter(pk=workflow_id).first()
    if row is None:
        return UNKNOWN
    return row if may_change(actor, row) else NOT_YOURS


def led(actor: Actor, workflow_id: int) -> Workflow | Refusal:
    """The workflow, if the actor is an admin or leads it."""
    row = visible(actor).filter(pk=workflow_id).first()
    if row is None:
        return UNKNOWN
    return row if may_lead(actor, row) else _NOT_LED


def _in_open_folders(actor: Actor) -> Q:
    # Who has an open step of a workflow sees it, whatever folder it lies in. Runs are rows of a
    # room above this one: their relation is named here, nothing of theirs is called.
    involved = Workflow.objects.filter(
        instance__openstep__kind="person",
        instance__openstep__assignee_id__in=actor.principal_ids,
    )
    return (
        Q(is_in_private_folder=False)
        | Q(folder_id__in=_opened(actor))
        | Q(pk__in=involved.values("pk"))
    )


def _edited(actor: Actor) -> QuerySet[WorkflowEditor]:
    return WorkflowEditor.objects.filter(principal_id__in=actor.principal_ids)


def _opened(actor: Actor) -> QuerySet[FolderAccess, int]:
    accesses = FolderAccess.objects.filter(principal_id__in=actor.principal_ids)
    return accesses.values_list("folder_id", flat=True)
