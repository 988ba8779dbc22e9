"""Accounts sign in; principals act: members, teams and bots of a workspace."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None) -> Account:
        """An account with this password, or without one until it is set."""
        account = self.model(email=self.normalize_email(email))
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in. Global: what they may do is said by their memberships."""

    email = models.EmailField(max_length=320)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "account"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="account_email_once"),
        ]

    def __str__(self) -> str:
        return self.email


class Principal(models.Model):
    """One column for assignee, lead, starter and actor."""

    class Kind(models.TextChoices):
        """What a principal is."""

        MEMBER = "member"
        TEAM = "team"
        BOT = "bot"

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=255)
    deactivated_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "principal"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["member", "team", "bot"]), name="principal_kind"
            ),
            models.UniqueConstraint(
                fields=["workspace", "name"], condition=models.Q(kind="team"), name="team_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """An account in a workspace, with its role there."""

    class Role(models.TextChoices):
        """What a member may do (platform: Roles)."""

        ADMIN = "admin"
        COLLEAGUE = "colleague"
        LIGHT = "light"

    principal = models.OneToOneField(Principal, on_delete=models.PROTECT, primary_key=True)
    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        db_table = "member"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "account"], name="member_once"),
        ]


class TeamMember(models.Model):
    """Who belongs to a team, and who leads it."""

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    team = models.ForeignKey(Principal, on_delete=models.CASCADE, related_name="team_members")
    principal = models.ForeignKey(Principal, on_delete=models.CASCADE, related_name="memberships")
    is_lead = models.BooleanField(default=False)

    class Meta:
        db_table = "team_member"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["workspace", "team", "principal"], name="team_member_once"
            ),
        ]


class ApiKey(models.Model):
    """A key of the REST API, `prefix.secret`, kept as a hash only; it acts as its principal."""

    workspace = models.ForeignKey("workspace.Workspace", on_delete=models.PROTECT)
    name = models.CharField(max_length=255)
    prefix = models.CharField(max_length=16, unique=True)
    secret_hash = models.BinaryField()
    principal = models.ForeignKey(Principal, on_delete=models.PROTECT)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_key"
