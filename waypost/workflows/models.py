"""Blueprints: drafts, published versions, the identities that outlive both, and what people keep
around them: folders, editors, notes.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class Folder(models.Model):
    """Groups workflows."""

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    name = models.CharField(max_length=255)
    is_private = models.BooleanField(default=False)

    class Meta:
        db_table = "folder"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "name"], name="folder_name_once"),
        ]


class FolderAccess(models.Model):
    """A member or team that may open a private folder."""

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    folder = models.ForeignKey(Folder, on_delete=models.CASCADE, related_name="accesses")
    principal = models.ForeignKey("people.Principal", on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "folder_access"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["folder", "principal"], name="folder_access_once"),
        ]


class Workflow(models.Model):
    """A blueprint under its key; what runs are its versions.

    `is_in_private_folder` follows its folder: a foreign key of both columns keeps it right.
    """

    class Status(models.TextChoices):
        """How far its builders are; nothing depends on it."""

        IDEA = "idea", "Idea"
        BUILDING = "building", "Building"
        TESTING = "testing", "Testing"
        LIVE = "live", "Live"

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    folder = models.ForeignKey(Folder, null=True, on_delete=models.SET_NULL)
    key = models.SlugField(max_length=100)
    name = models.CharField(max_length=255)
    lead = models.ForeignKey(
        "people.Principal", null=True, on_delete=models.PROTECT, related_name="led_workflows"
    )
    tech_lead = models.ForeignKey(
        "people.Principal", null=True, on_delete=models.PROTECT, related_name="tech_led_workflows"
    )
    is_private = models.BooleanField(default=False)
    are_instances_private = models.BooleanField(default=False)
    is_in_private_folder = models.BooleanField(default=False)
    status = models.CharField(max_length=8, choices=Status.choices, default="", blank=True)
    goes_live_on = models.DateField(null=True)
    draft = models.JSONField(default=dict)
    draft_revision = models.IntegerField(default=1)
    published_version = models.ForeignKey(
        "WorkflowVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "workflow"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                condition=models.Q(deleted_at=None),
                name="workflow_key_once",
            ),
            models.CheckConstraint(
                condition=models.Q(is_in_private_folder=False) | models.Q(folder__isnull=False),
                name="workflow_folder_is_there",
            ),
        ]


class WorkflowEditor(models.Model):
    """A member or team with the right to edit a workflow that they do not lead."""

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="editors")
    principal = models.ForeignKey("people.Principal", on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "workflow_editor"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workflow", "principal"], name="workflow_editor_once"),
        ]


class WorkflowVersion(models.Model):
    """A published definition. Immutable: a trigger refuses any change."""

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    format = models.IntegerField()
    rules = models.IntegerField()
    definition = models.JSONField()
    draft_revision = models.IntegerField(null=True)
    sha256 = models.BinaryField()
    published_by = models.ForeignKey("people.Principal", null=True, on_delete=models.PROTECT)
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "workflow_version"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workflow", "number"], name="version_number_once"),
        ]


class StepIdentity(models.Model):
    """The id of a step for ever: it belongs to (workflow, key), not to a version. Never deleted."""

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT)
    key = models.SlugField(max_length=100)

    class Meta:
        db_table = "step_identity"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workflow", "key"], name="step_key_once"),
        ]


class FieldIdentity(models.Model):
    """The id of a field for ever: it belongs to (step, key). Never deleted."""

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT)
    step = models.ForeignKey(StepIdentity, on_delete=models.PROTECT)
    key = models.SlugField(max_length=100)

    class Meta:
        db_table = "field_identity"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["step", "key"], name="field_key_once"),
        ]


class WorkflowNote(models.Model):
    """What builders tell each other about a workflow, or one step of it; a reply names its note."""

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="notes")
    step = models.ForeignKey(StepIdentity, null=True, on_delete=models.PROTECT)
    reply_to = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="replies"
    )
    author = models.ForeignKey("people.Principal", on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(
        "people.Principal", null=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "workflow_note"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(text=""), name="note_says_something"),
        ]


class DraftChange(models.Model):
    """One change of a draft: what undo, the changelog and merging with older work live on.

    Kept for ever. `undoes` names the change that this one took back: an edit if `is_undo`, else an
    undo, which makes this one a redo.
    """

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="draft_changes")
    revision = models.IntegerField()
    actor = models.ForeignKey("people.Principal", null=True, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    label = models.CharField(max_length=255)
    changes = models.JSONField()
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    is_undo = models.BooleanField(default=False)

    class Meta:
        db_table = "draft_change"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workflow", "revision"], name="draft_revision_once"),
            models.CheckConstraint(
                condition=models.Q(is_undo=False) | models.Q(undoes__isnull=False),
                name="undo_of_something",
            ),
        ]


class DraftPresence(models.Model):
    """Who had the editor of a workflow open, at which step, and when their page said so last."""

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE)
    principal = models.ForeignKey("people.Principal", on_delete=models.CASCADE, related_name="+")
    step_key = models.CharField(max_length=100)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "draft_presence"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workflow", "principal"], name="presence_once"),
        ]
