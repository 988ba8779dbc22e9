"""What the Verify stand-in keeps. Everything belongs to an account by its SID."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Service(models.Model):
    """A verification service: Twilio's own settings, then the switches only the sandbox has."""

    sid = models.CharField(max_length=34, unique=True)
    account_sid = models.CharField(max_length=34, db_index=True)
    friendly_name = models.CharField(max_length=30)
    code_length = models.IntegerField(default=6)
    lookup_enabled = models.BooleanField(default=False)
    psd2_enabled = models.BooleanField(default=False)
    skip_sms_to_landlines = models.BooleanField(default=False)
    dtmf_input_required = models.BooleanField(default=True)
    tts_name = models.CharField(max_length=64, null=True)
    do_not_share_warning_enabled = models.BooleanField(default=False)
    custom_code_enabled = models.BooleanField(default=False)
    default_template_sid = models.CharField(max_length=34, null=True)
    mailer_sid = models.CharField(max_length=34, null=True)
    push = models.JSONField(default=dict)
    totp = models.JSONField(default=dict)
    whatsapp = models.JSONField(default=dict)
    passkeys = models.JSONField(default=dict)
    verify_event_subscription_enabled = models.BooleanField(default=False)
    date_created = models.DateTimeField()
    date_updated = models.DateTimeField()

    is_sandbox = models.BooleanField(default=True)
    ttl_seconds = models.IntegerField(default=600)
    max_sends = models.IntegerField(default=5)
    max_checks = models.IntegerField(default=5)
    spacing_seconds = models.IntegerField(default=0)
    max_sends_per_minute = models.IntegerField(default=0)
    resend_policy = models.CharField(max_length=4, default="same")
    expiry_error = models.CharField(max_length=5, default="20404")
    disabled_channels = models.JSONField(default=list)
    denied_countries = models.JSONField(default=list)
    blocked_prefixes = models.JSONField(default=list)


class Verification(models.Model):
    """One code sent to one address; the code is derived (`codes.py`) or encrypted, not in clear."""

    sid = models.CharField(max_length=34, unique=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE)
    to = models.CharField(max_length=320)
    channel = models.CharField(max_length=8)
    status = models.CharField(max_length=24)
    salt = models.CharField(max_length=32)
    key_id = models.CharField(max_length=16)
    code_length = models.IntegerField()
    custom_code = models.TextField(null=True)  # Encrypted; null when derived, and once final.
    fixed_code = models.CharField(max_length=10, default="")
    amount = models.CharField(max_length=64, null=True)
    payee = models.CharField(max_length=255, null=True)
    lookup = models.JSONField(default=dict)
    tags = models.JSONField(default=dict)
    sends = models.IntegerField(default=1)
    checks = models.IntegerField(default=0)
    send_code_attempts = models.JSONField(default=list)
    sent_at = models.DateTimeField()
    expires = models.DateTimeField()
    date_created = models.DateTimeField()
    date_updated = models.DateTimeField()

    class Meta:
        """At most one live verification for each service and address."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service", "to"],
                condition=Q(status__in=["pending", "max_attempts_reached"]),
                name="sandbox_one_live_verification",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["service", "to", "-id"])]


class Attempt(models.Model):
    """One send of a verification's code, and what became of its delivery."""

    sid = models.CharField(max_length=34, unique=True)
    account_sid = models.CharField(max_length=34)
    verification = models.ForeignKey(Verification, on_delete=models.CASCADE)
    channel = models.CharField(max_length=8)
    message_status = models.CharField(max_length=24)
    error_code = models.CharField(max_length=8, default="")
    country = models.CharField(max_length=2, default="")
    locale = models.CharField(max_length=16, default="")
    created = models.DateTimeField()

    class Meta:
        """Listed by account, newest first."""

        indexes: ClassVar = [models.Index(fields=["account_sid", "-id"])]


class Text(models.Model):
    """A message as the customer's phone received it: what the inbox page shows.

    `code` and `body` hold the code in clear, by purpose and only in the sandbox; rows are pruned
    after 24 hours (of the sandbox's clock). `channel` is sms, call, whatsapp or email, and `to` a
    number or a mail address. Newest first is `order_by("-id")`. `idempotency_key` is the one of the
    request that caused it, or empty.
    """

    account_sid = models.CharField(max_length=34)
    verification_sid = models.CharField(max_length=34)
    attempt_sid = models.CharField(max_length=34)
    channel = models.CharField(max_length=8)
    to = models.CharField(max_length=320)
    body = models.TextField()
    code = models.CharField(max_length=10)
    idempotency_key = models.CharField(max_length=255, default="")
    created = models.DateTimeField(db_index=True)

    class Meta:
        """Read by address, newest first."""

        indexes: ClassVar = [models.Index(fields=["to", "-id"])]


class MagicHit(models.Model):
    """A request to a magic number that did not take the ordinary path."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE)
    to = models.CharField(max_length=320)
    effect = models.CharField(max_length=32)
    was_refused = models.BooleanField(default=True)
    label = models.CharField(max_length=8, default="magic")
    created = models.DateTimeField()

    class Meta:
        """Read by number, newest first."""

        indexes: ClassVar = [models.Index(fields=["service", "to", "-id"])]


class RateLimit(models.Model):
    """A limit on a key that the caller names, for instance the visitor's address."""

    sid = models.CharField(max_length=34, unique=True)
    account_sid = models.CharField(max_length=34)
    service = models.ForeignKey(Service, on_delete=models.CASCADE)
    unique_name = models.CharField(max_length=64)
    description = models.CharField(max_length=255, null=True)
    date_created = models.DateTimeField()
    date_updated = models.DateTimeField()

    class Meta:
        """A name is used once in a service."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service", "unique_name"], name="sandbox_one_rate_limit_per_name"
            )
        ]


class Bucket(models.Model):
    """How many requests a rate limit lets pass in how many seconds."""

    sid = models.CharField(max_length=34, unique=True)
    account_sid = models.CharField(max_length=34)
    rate_limit = models.ForeignKey(RateLimit, on_delete=models.CASCADE)
    max = models.IntegerField()
    interval = models.IntegerField()
    date_created = models.DateTimeField()
    date_updated = models.DateTimeField()

    class Meta:
        """An interval is used once in a rate limit."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rate_limit", "interval"], name="sandbox_one_bucket_per_interval"
            )
        ]


class Counter(models.Model):
    """Requests under one key in one window; the key is a hash, as it may hold an address."""

    key = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    hits = models.IntegerField(default=0)

    class Meta:
        """One row for each key and window."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "window_start"], name="sandbox_one_counter")
        ]
