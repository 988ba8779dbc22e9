"""Folders: making, sharing and emptying them, and putting workflows in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Lower

from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.people.queries import active_among
from waypost.workflows.models import Folder, FolderAccess, Workflow
from waypost.workflows.sight import changeable, may_change, open_folders, visible
from waypost.workspace.audit import Subject, record

LONGEST_NAME = 255

_UNKNOWN = Refusal("unknown_folder", "There is no such folder. Look at the list of workflows.")
_NOT_YOURS = Refusal(
    "not_permitted",
    "Only an admin, or somebody who may change every workflow in it, may change this folder. "
    "Ask one of them.",
)
_LIGHT = Refusal("not_permitted", "Light users keep no folders. Ask a colleague.")
_NO_NAME = Refusal(
    "invalid_value",
    f"Give the folder a name of at most {LONGEST_NAME} letters.",
    (("name", "Enter a name."),),
)

_DUPLICATE = Refusal(
    "duplicate_folder",
    "Another folder has this name. Choose another.",
    (("name", "Choose another name."),),
)


@dataclass(frozen=True, slots=True)
class FolderSummary:
    """A folder that somebody sees; `is_open` when they may look at all of it and put things in."""

    id: int
    name: str
    is_private: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class FolderDetail:
    """A folder with those it is shared with; `workflow_count` counts archived ones too."""

    id: int
    name: str
    is_private: bool
    principal_ids: frozenset[int]
    workflow_count: int
    may_change: bool


def list_folders(actor: Actor) -> list[FolderSummary]:
    """Folders that the actor may open, or in which they see a workflow, by name; one query."""
    opened = open_folders(actor).values("pk")
    seen = visible(actor).filter(folder__isnull=False).values("folder_id")
    rows = Folder.objects.filter(workspace_id=actor.workspace_id).annotate(
        is_open=Q(pk__in=opened),
    )
    rows = rows.filter(Q(pk__in=opened) | Q(pk__in=seen)).order_by(Lower("name"), "pk")
    return [FolderSummary(row.pk, row.name, row.is_private, row.is_open) for row in rows]


def find_folder(actor: Actor, folder_id: int) -> FolderDetail | None:
    """A folder that the actor may open."""
    row = open_folders(actor).filter(pk=folder_id).first()
    if row is None:
        return None
    accesses = row.accesses.values_list("principal_id", flat=True)
    count = Workflow.objects.filter(folder=row, deleted_at=None).count()
    return FolderDetail(
        row.pk, row.name, row.is_private, frozenset(accesses), count, _may_change(actor, row)
    )


def create_folder(actor: Actor, name: str, is_private: bool = False) -> int | Refusal:
    """A new, empty folder; whoever makes a private one may open it."""
    if actor.is_light or actor.principal_id is None:
        return _LIGHT
    refusal = _name_fault(actor, name)
    if refusal is not None:
        return refusal
    try:
        return _created(actor, name.strip(), is_private)
    except IntegrityError:
        return _DUPLICATE


def rename_folder(actor: Actor, folder_id: int, name: str) -> Refusal | None:
    """Call a folder something else."""
    row = _changeable(actor, folder_id)
    if isinstance(row, Refusal):
        return row
    refusal = _name_fault(actor, name, row.pk)
    if refusal is not None or row.name == name.strip():
        return refusal
    try:
        with transaction.atomic():
            row.name = name.strip()
            row.save(update_fields=["name"])
            record(actor, "folder_renamed", Subject("folder", row.pk, {"name": row.name}))
    except IntegrityError:
        return _DUPLICATE
    return None


def share_folder(
    actor: Actor, folder_id: int, is_private: bool, principal_ids: Collection[int]
) -> Refusal | None:
    """Say who may open a folder: everybody, or only these members and teams."""
    row = _changeable(actor, folder_id)
    if isinstance(row, Refusal):
        return row
    chosen = active_among(actor.workspace_id, principal_ids) if is_private else frozenset[int]()
    if is_private and not actor.is_admin and not chosen & actor.principal_ids:
        chosen |= {actor.principal_id or 0}  # Nobody shuts themselves out.
    with transaction.atomic():
        row.is_private = is_private
        row.save(update_fields=["is_private"])
        row.accesses.exclude(principal_id__in=chosen).delete()
        _give_access(row, chosen)
        details: dict[str, str | int | bool | None] = {
            "name": row.name,
            "is_private": is_private,
            "shared_with": ", ".join(str(one) for one in sorted(chosen)),
        }
        record(actor, "folder_shared", Subject("folder", row.pk, details))
    return None


@transaction.atomic
def delete_folder(actor: Actor, folder_id: int) -> Refusal | None:
    """Remove a folder that is empty."""
    row = _changeable(actor, folder_id)
    if isinstance(row, Refusal):
        return row
    if not _held(folder_id):
        return _UNKNOWN
    kept = Workflow.objects.filter(folder=row, deleted_at=None).count()
    if kept:
        return Refusal(
            "folder_not_empty",
            f"{row.name} still holds {kept} workflow{'' if kept == 1 else 's'}, archived ones "
            "counted. Move them out first.",
        )
    Workflow.objects.filter(folder=row).update(folder=None, is_in_private_folder=False)
    record(actor, "folder_deleted", Subject("folder", row.pk, {"name": row.name}))
    row.delete()
    return None


@transaction.atomic
def move_workflow(actor: Actor, workflow_id: int, folder_id: int | None) -> Refusal | None:
    """Put a workflow into a folder, or into none."""
    row = changeable(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    folder = None if folder_id is None else open_folders(actor).filter(pk=folder_id).first()
    if folder_id is not None and (folder is None or not _held(folder_id)):
        return _UNKNOWN
    if row.folder_id == folder_id:
        return None
    if folder is not None:
        folder.refresh_from_db()
    Workflow.objects.filter(pk=row.pk).update(
        folder=folder, is_in_private_folder=folder is not None and folder.is_private
    )
    details = {"folder": folder.name if folder else None}
    record(actor, "workflow_moved", Subject("workflow", row.pk, details))
    return None


def _held(folder_id: int) -> bool:
    """Whether the folder is still there; if so, it stays as it is until the transaction ends."""
    return Folder.objects.select_for_update().filter(pk=folder_id).first() is not None


@transaction.atomic
def _created(actor: Actor, name: str, is_private: bool) -> int:
    row = Folder.objects.create(workspace_id=actor.workspace_id, name=name, is_private=is_private)
    if is_private:
        _give_access(row, {actor.principal_id or 0})
    details: dict[str, str | int | bool | None] = {"name": row.name, "is_private": is_private}
    record(actor, "folder_created", Subject("folder", row.pk, details))
    return row.pk


def _changeable(actor: Actor, folder_id: int) -> Folder | Refusal:
    row = open_folders(actor).filter(pk=folder_id).first()
    if row is None:
        return _UNKNOWN
    return row if _may_change(actor, row) else _NOT_YOURS


def _may_change(actor: Actor, row: Folder) -> bool:
    if actor.is_admin:
        return True
    inside = Workflow.objects.filter(folder=row, deleted_at=None).only("lead_id", "tech_lead_id")
    return all(may_change(actor, one) for one in inside)


def _name_fault(actor: Actor, name: str, own_id: int = 0) -> Refusal | None:
    if not 0 < len(name.strip()) <= LONGEST_NAME or "\0" in name:
        return _NO_NAME
    others = Folder.objects.filter(workspace_id=actor.workspace_id, name=name.strip())
    if others.exclude(pk=own_id).exists():
        return _DUPLICATE
    return None


def _give_access(row: Folder, principal_ids: Collection[int]) -> None:
    FolderAccess.objects.bulk_create(
        [
            FolderAccess(workspace_id=row.workspace_id, folder=row, principal_id=one)
            for one in principal_ids
        ],
        ignore_conflicts=True,
    )
