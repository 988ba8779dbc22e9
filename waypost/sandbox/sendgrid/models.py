"""What the SendGrid stand-in keeps. Everything belongs to an account by its SID."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Template(models.Model):
    """A transactional template; every account starts with the same one, so ids repeat."""

    account_sid = models.CharField(max_length=34)
    template_id = models.CharField(max_length=36)
    name = models.CharField(max_length=100)
    generation = models.CharField(max_length=7)
    updated = models.DateTimeField()

    class Meta:
        """An id is used once in an account."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account_sid", "template_id"], name="sandbox_one_template_per_id"
            )
        ]


class Version(models.Model):
    """A version of a template's text; the active one is sent."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="versions")
    version_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=100)
    subject = models.CharField(max_length=255)
    html_content = models.TextField(default="")
    plain_content = models.TextField(default="")
    generate_plain_content = models.BooleanField(default=True)
    editor = models.CharField(max_length=6, default="code")
    test_data = models.TextField(default="")
    is_active = models.BooleanField(default=False)
    updated = models.DateTimeField()

    class Meta:
        """At most one version of a template is active."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["template"], condition=models.Q(is_active=True), name="sandbox_one_active"
            )
        ]


class Mail(models.Model):
    """A mail to one personalization's recipients, as they got it: what the inbox page shows.

    Pruned after 24 hours of the sandbox's clock. `to` is the first recipient, `addresses` are all
    of them in small letters (copies too); `status` is the last event, the worst where recipients
    differ, and `reason` says why it is a failure. `idempotency_key` is the one of the request that
    caused it, or empty.
    """

    account_sid = models.CharField(max_length=34)
    message_id = models.CharField(max_length=64, db_index=True)
    to = models.CharField(max_length=320)
    addresses = models.JSONField(default=list)
    from_email = models.CharField(max_length=320)
    from_name = models.CharField(max_length=998, default="")
    subject = models.TextField()
    html = models.TextField(default="")
    text = models.TextField(default="")
    attachments = models.JSONField(default=list)
    status = models.CharField(max_length=16)
    reason = models.CharField(max_length=255, default="")
    idempotency_key = models.CharField(max_length=255, default="")
    created = models.DateTimeField(db_index=True)

    class Meta:
        """Read by address."""

        indexes: ClassVar = [
            GinIndex(fields=["addresses"], opclasses=["jsonb_path_ops"], name="sandbox_mail_by_to")
        ]


class Webhook(models.Model):
    """Where an account wants to hear of events, and the key that signs them."""

    account_sid = models.CharField(max_length=34, db_index=True)
    webhook_id = models.UUIDField(unique=True)
    url = models.TextField()
    friendly_name = models.CharField(max_length=255, default="")
    is_enabled = models.BooleanField(default=True)
    events = models.JSONField(default=list)
    # In clear by purpose: it signs invented events of a sandbox and nothing else.
    private_key = models.TextField(default="")
    created = models.DateTimeField()
    updated = models.DateTimeField()


class Delivery(models.Model):
    """An event on its way to a webhook; the row goes when the webhook took it."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE)
    event = models.JSONField()
    tries = models.IntegerField(default=0)
    last_error = models.CharField(max_length=255, default="")
    due = models.DateTimeField(db_index=True)  # Real time, not the sandbox's clock.


class Batch(models.Model):
    """A batch id given out by `/v3/mail/batch`."""

    account_sid = models.CharField(max_length=34)
    batch_id = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField()
