"""Runs: the narrow row that lists read, the state that only the engine reads, open work, history.

`event` and `exchange` are partitioned by month, which Django cannot say: the migration makes them.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class Instance(models.Model):
    """What lists and pages read of a run. No column that changes at every step is indexed."""

    class Status(models.TextChoices):
        """Where a run stands."""

        RUNNING = "running"
        COMPLETED = "completed"
        ABORTED = "aborted"

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT, db_index=False)
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    workflow = models.ForeignKey("workflows.Workflow", on_delete=models.PROTECT, db_index=False)
    version = models.ForeignKey(
        "workflows.WorkflowVersion", on_delete=models.PROTECT, db_index=False
    )
    name = models.CharField(max_length=255)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    priority = models.CharField(max_length=1, default="", blank=True)
    tags = models.JSONField(default=list)
    #: Step id -> principal id, chosen at the start.
    step_assignments = models.JSONField(default=dict)
    progress = models.SmallIntegerField(default=0)
    stage = models.CharField(max_length=64, default="", blank=True)
    is_private = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=64, default="UTC")
    starter = models.ForeignKey(
        "people.Principal", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    lead = models.ForeignKey(
        "people.Principal", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    start_kind = models.CharField(max_length=16, default="manual")
    start_key = models.CharField(max_length=255, null=True)
    deadline_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    aborted_at = models.DateTimeField(null=True)
    ended_at = models.GeneratedField(
        expression=models.functions.Coalesce("completed_at", "aborted_at"),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )
    deleted_at = models.DateTimeField(null=True)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, db_index=False, related_name="children"
    )
    parent_step_id = models.BigIntegerField(null=True)
    parent_visit = models.IntegerField(null=True)
    parent_item = models.IntegerField(null=True)
    depth = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "instance"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(status__in=["running", "completed", "aborted"]),
                name="instance_status",
            ),
            models.CheckConstraint(
                condition=models.Q(status="running", completed_at=None, aborted_at=None)
                | models.Q(status="completed", completed_at__isnull=False)
                | models.Q(status="aborted", aborted_at__isnull=False),
                name="instance_ended",
            ),
            models.UniqueConstraint(
                fields=["parent", "parent_step_id", "parent_visit", "parent_item"],
                name="child_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "start_kind", "start_key"], name="start_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                "workspace", "workflow", "status", models.F("id").desc(), name="instance_list"
            ),
            models.Index("workspace", models.F("id").desc(), name="instance_newest"),
            models.Index(
                "workspace",
                "deadline_at",
                condition=models.Q(status="running"),
                name="instance_deadline",
            ),
        ]


class InstanceState(models.Model):
    """The state of a run as the engine knows it; `version` is what the compare-and-set compares."""

    instance = models.OneToOneField(Instance, on_delete=models.CASCADE, primary_key=True)
    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT, db_index=False)
    version = models.BigIntegerField()
    format = models.IntegerField()
    state = models.JSONField()
    field_values = models.JSONField(default=dict)
    last_hash = models.BinaryField()

    class Meta:
        db_table = "instance_state"


class OpenStep(models.Model):
    """The truth of what is open: inbox, timers and calls at once. Closed = row deleted."""

    pk = models.CompositePrimaryKey("instance_id", "step_id", "visit", "kind", "purpose")
    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT, db_index=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, db_index=False)
    step_id = models.BigIntegerField()
    visit = models.IntegerField()
    kind = models.CharField(max_length=8)
    purpose = models.CharField(max_length=16, default="")
    workflow_id = models.BigIntegerField()
    assignee_id = models.BigIntegerField(null=True)
    is_external = models.BooleanField(default=False)
    is_failed = models.BooleanField(default=False)
    is_restricted = models.BooleanField(default=False)
    activated_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    claims = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "open_step"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["person", "call", "timer", "child"]),
                name="open_step_kind",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                "workspace",
                "due_at",
                condition=models.Q(due_at__isnull=False),
                name="open_step_due",
            ),
            models.Index(
                "assignee_id",
                "deadline_at",
                condition=models.Q(kind="person"),
                name="open_step_inbox",
            ),
            models.Index("workspace", "step_id", name="open_step_by_step"),
            models.Index(
                "workspace",
                "activated_at",
                condition=models.Q(is_failed=True),
                name="open_step_failed",
            ),
        ]


class CallRequest(models.Model):
    """The request of an open call as rendered before its first try: every try sends these bytes.

    Secrets and link tokens stand in it as placeholders. Deleted with the open step.
    """

    pk = models.CompositePrimaryKey("instance_id", "step_id", "visit")
    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT, db_index=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, db_index=False)
    step_id = models.BigIntegerField()
    visit = models.IntegerField()
    request = models.JSONField()

    class Meta:
        db_table = "call_request"


class StepLink(models.Model):
    """Only what cannot be derived of a public link: revocation (generation) and expiry."""

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE)
    step_id = models.BigIntegerField()
    generation = models.IntegerField(default=0)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "step_link"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["instance", "step_id"], name="step_link_once"),
        ]


class Idempotency(models.Model):
    """The first final answer under a caller's key, replayed for 24 hours."""

    pk = models.CompositePrimaryKey("workspace_id", "caller", "key")
    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT, db_index=False)
    caller = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    body_sha256 = models.BinaryField()
    status = models.SmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "idempotency"
        indexes: ClassVar[list[models.Index]] = [models.Index("at", name="idempotency_age")]


class InstanceTag(models.Model):
    """A tag of a run, for filters."""

    pk = models.CompositePrimaryKey("workspace_id", "tag", "instance_id")
    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT, db_index=False)
    tag = models.CharField(max_length=100)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE)

    class Meta:
        db_table = "instance_tag"


class EventRow(models.Model):
    """One event of a history. `personal` can be erased without breaking the chain of hashes."""

    pk = models.CompositePrimaryKey("instance_id", "seq", "at")
    instance = models.ForeignKey(Instance, on_delete=models.DO_NOTHING, db_constraint=False)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    workspace = models.ForeignKey(
        "workspace.Workspace", on_delete=models.DO_NOTHING, db_constraint=False
    )
    workflow_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    format = models.IntegerField()
    step_id = models.BigIntegerField(null=True)
    visit = models.IntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)
    origin = models.CharField(max_length=8)
    duration_ms = models.BigIntegerField(null=True)
    payload = models.JSONField()
    personal = models.JSONField(null=True)
    personal_digest = models.BinaryField(null=True)
    hash = models.BinaryField()

    class Meta:
        db_table = "event"
        managed = False


class Exchange(models.Model):
    """One HTTP exchange of a call, redacted and capped: what a person sees in the log."""

    pk = models.CompositePrimaryKey("id", "at")
    id = models.BigIntegerField()
    at = models.DateTimeField()
    workspace = models.ForeignKey(
        "workspace.Workspace", on_delete=models.DO_NOTHING, db_constraint=False
    )
    instance = models.ForeignKey(Instance, on_delete=models.DO_NOTHING, db_constraint=False)
    step_id = models.BigIntegerField()
    visit = models.IntegerField()
    attempt = models.IntegerField()
    is_late = models.BooleanField(default=False)
    idempotency_key = models.CharField(max_length=64)
    method = models.CharField(max_length=8)
    url = models.TextField()
    answered_by = models.TextField(default="")
    status = models.IntegerField(null=True)
    failure = models.TextField(default="")
    duration_ms = models.IntegerField()
    request = models.JSONField()
    response = models.JSONField(null=True)

    class Meta:
        db_table = "exchange"
        managed = False
