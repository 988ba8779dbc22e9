"""Blueprints: drafts, published versions, and the identities that outlive both."""

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


class Workflow(models.Model):
    """A blueprint under its key; what runs are its versions."""

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
        ]


class WorkflowVersion(models.Model):
    """A published definition. Immutable: a trigger refuses any change."""

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    format = models.IntegerField()
    rules = models.IntegerField()
    definition = models.JSONField()
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
