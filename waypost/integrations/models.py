"""The stored secrets of a workspace."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from waypost.integrations.kinds import Kind


class Credential(models.Model):
    """A secret under a name; only `credentials.header_for` opens it, for the sender.

    `shown` is the part that may be shown: the user, the prefix or the header's name.
    `sealed` is encrypted with the newest credential key, and empty once revoked.
    `origins` are the only places that may receive it.
    """

    workspace = models.ForeignKey(
        "workspace.Workspace", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    shown = models.CharField(max_length=200, blank=True, default="")
    sealed = models.TextField(blank=True, default="")
    origins = ArrayField(models.CharField(max_length=300))
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "credential"
        ordering = ("workspace_id", "name", "id")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "name"), name="credential_name_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="credential_has_name"),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="credential_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(sealed="", revoked_at__isnull=False)
                | (~Q(sealed="") & Q(revoked_at__isnull=True)),
                name="credential_revoked_is_empty",
            ),
            models.CheckConstraint(condition=~Q(origins=[]), name="credential_has_origins"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Whether steps may use it."""
        return self.revoked_at is None
