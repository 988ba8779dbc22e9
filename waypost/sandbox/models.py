"""What both stand-ins share: accounts and their keys, the clock, answers kept for replay."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Account(models.Model):
    """One customer of the stand-ins. The auth token is random, so a plain SHA-256 is enough."""

    sid = models.CharField(max_length=34, unique=True)
    auth_token_sha256 = models.CharField(max_length=64)


class ApiKey(models.Model):
    """A further key of an account: Twilio's `SK…` with its secret, or a SendGrid bearer key."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    sid = models.CharField(max_length=34, unique=True)
    secret_sha256 = models.CharField(max_length=64, unique=True)


class Clock(models.Model):
    """The one row (id 1) that says how far the sandbox's time is from the real time."""

    offset_seconds = models.FloatField(default=0)


class KeptAnswer(models.Model):
    """The first final answer under an `Idempotency-Key`; status 0 while it is being made."""

    caller = models.CharField(max_length=34)
    key = models.CharField(max_length=255)
    request_sha256 = models.CharField(max_length=64)
    status = models.IntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")
    created = models.DateTimeField(db_index=True)

    class Meta:
        """One answer for each caller and key."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["caller", "key"], name="sandbox_one_answer_per_key")
        ]
