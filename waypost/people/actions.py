"""Accounts, members and teams: making and changing them."""

from __future__ import annotations

from django.db import transaction

from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.people.models import Account, Member, Principal, TeamMember
from waypost.workspace.audit import Subject, record

_NOT_ADMIN = Refusal(
    "not_permitted", "Only an admin may change people and teams. Ask an admin of the workspace."
)


def create_account(email: str, password: str | None = None) -> Account | Refusal:
    """Somebody who can sign in; without a password only by a link sent or printed for them."""
    if Account.objects.filter(email__iexact=email.strip()).exists():
        return Refusal(
            "account_exists",
            f"{email} has an account already. Add that account to the workspace instead.",
        )
    return Account.objects.create_user(email.strip(), password)


def first_member(workspace_id: int, account: Account, name: str) -> Member:
    """Make the first account of a new workspace its admin; nobody is there yet to allow it."""
    if Member.objects.filter(workspace_id=workspace_id).exists():
        raise ValueError("The workspace has members already. Let an admin call `add_member`.")
    return _add_member(workspace_id, account, name, Member.Role.ADMIN)


def add_member(
    actor: Actor, account: Account, name: str, role: Member.Role = Member.Role.COLLEAGUE
) -> Member | Refusal:
    """Let an account into the workspace, under the name that colleagues see."""
    if not actor.is_admin:
        return _NOT_ADMIN
    if Member.objects.filter(workspace_id=actor.workspace_id, account=account).exists():
        return Refusal("member_exists", f"{account.email} is a member already. Change the role.")
    with transaction.atomic():
        member = _add_member(actor.workspace_id, account, name, role)
        record(actor, "member_added", Subject("member", member.pk, {"name": name, "role": role}))
    return member


def change_role(actor: Actor, principal_id: int, role: Member.Role) -> Refusal | None:
    """Give a member another role; the last admin stays one."""
    if not actor.is_admin:
        return _NOT_ADMIN
    with transaction.atomic():
        members = Member.objects.select_for_update().filter(workspace_id=actor.workspace_id)
        member = members.filter(pk=principal_id).first()
        if member is None:
            return _unknown("member")
        others = members.filter(role=Member.Role.ADMIN).exclude(pk=principal_id)
        if role != Member.Role.ADMIN and not others.exists():
            return Refusal(
                "last_admin", "A workspace needs an admin. Make somebody else one first."
            )
        member.role = role
        member.save(update_fields=["role"])
        record(actor, "role_changed", Subject("member", principal_id, {"role": role}))
    return None


def ensure_team(actor: Actor, name: str) -> Principal:
    """The team of this name; made without members when there is none yet."""
    with transaction.atomic():
        team, is_new = Principal.objects.get_or_create(
            workspace_id=actor.workspace_id, kind=Principal.Kind.TEAM, name=name
        )
        if is_new:
            record(actor, "team_created", Subject("team", team.pk, {"name": name}))
    return team


def add_to_team(
    actor: Actor, team_id: int, principal_id: int, is_lead: bool = False
) -> Refusal | None:
    """Make a member of the workspace one of the team; a second time changes who leads."""
    if not actor.is_admin:
        return _NOT_ADMIN
    here = Principal.objects.filter(workspace_id=actor.workspace_id)
    if not here.filter(pk=team_id, kind=Principal.Kind.TEAM).exists():
        return _unknown("team")
    if not here.filter(pk=principal_id).exclude(kind=Principal.Kind.TEAM).exists():
        return _unknown("member")
    with transaction.atomic():
        TeamMember.objects.update_or_create(
            workspace_id=actor.workspace_id,
            team_id=team_id,
            principal_id=principal_id,
            defaults={"is_lead": is_lead},
        )
        details = {"principal_id": principal_id, "is_lead": is_lead}
        record(actor, "team_joined", Subject("team", team_id, details))
    return None


def _add_member(workspace_id: int, account: Account, name: str, role: Member.Role) -> Member:
    principal = Principal.objects.create(
        workspace_id=workspace_id, kind=Principal.Kind.MEMBER, name=name
    )
    return Member.objects.create(
        principal=principal, workspace_id=workspace_id, account=account, role=role
    )


def _unknown(kind: str) -> Refusal:
    return Refusal(
        f"unknown_{kind}", f"There is no such {kind} in the workspace. Look at the list."
    )
