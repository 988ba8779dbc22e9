"""The workspace: what every row of ours belongs to."""

from __future__ import annotations

import uuid

from django.db import models


class Workspace(models.Model):
    """An organisation. Every table of ours names it, and no look-up crosses it."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=255)
    time_zone = models.CharField(max_length=64, default="UTC")
    calendar = models.CharField(max_length=64, default="", blank=True)
    settings = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "workspace"

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """Who did what to the workspace's set-up; chained by hash, never changed."""

    pk = models.CompositePrimaryKey("workspace_id", "seq")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    origin = models.CharField(max_length=8)
    act = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_entry"
