"""Accounts, members and teams: who is who."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from waypost.people.actor import Actor, Origin
from waypost.people.models import Account, Member, Principal, TeamMember


def member_actor(account: Account, origin: Origin, workspace_id: int | None = None) -> Actor | None:
    """The account at work: in this workspace, else in the first it joined; None is no member."""
    members = Member.objects.filter(
        account_id=account.pk, account__is_active=True, principal__deactivated_at=None
    )
    if workspace_id is not None:
        members = members.filter(workspace_id=workspace_id)
    member = members.order_by("pk").first()
    if member is None:
        return None
    teams = TeamMember.objects.filter(principal_id=member.pk).values_list("team_id", flat=True)
    return Actor(
        workspace_id=member.workspace_id,
        principal_id=member.pk,
        is_admin=member.role == Member.Role.ADMIN,
        origin=origin,
        principal_ids=frozenset({member.pk, *teams}),
        caller=f"member:{member.pk}",
        is_light=member.role == Member.Role.LIGHT,
    )


def owner_actor(origin: Origin, workspace_id: int | None = None) -> Actor | None:
    """The longest-standing admin at work, as whom the command line acts."""
    admins = Member.objects.filter(
        role=Member.Role.ADMIN, account__is_active=True, principal__deactivated_at=None
    )
    if workspace_id is not None:
        admins = admins.filter(workspace_id=workspace_id)
    owner = admins.select_related("account").order_by("pk").first()
    return None if owner is None else member_actor(owner.account, origin, owner.workspace_id)


@dataclass(frozen=True, slots=True)
class Administered:
    """A workspace that an account administers, and the account as its admin there."""

    workspace_id: int
    name: str
    actor: Actor


def administered_elsewhere(actor: Actor) -> list[Administered]:
    """The other workspaces of which the actor's account is an admin, by name."""
    own = Member.objects.filter(workspace_id=actor.workspace_id, pk=actor.principal_id)
    members = Member.objects.filter(
        account__in=own.values("account"),
        account__is_active=True,
        role=Member.Role.ADMIN,
        principal__deactivated_at=None,
    ).exclude(workspace_id=actor.workspace_id)
    found = []
    for member in members.select_related("workspace", "account").order_by("workspace__name", "pk"):
        there = member_actor(member.account, actor.origin, member.workspace_id)
        if there is not None:
            found.append(Administered(member.workspace_id, member.workspace.name, there))
    return found


def list_members(actor: Actor) -> list[Member]:
    """Every active member of the workspace by name."""
    members = Member.objects.filter(
        workspace_id=actor.workspace_id, principal__deactivated_at=None
    ).select_related("principal", "account")
    return list(members.order_by("principal__name", "pk"))


def list_teams(actor: Actor) -> list[Principal]:
    """Every active team of the workspace by name."""
    teams = Principal.objects.filter(
        workspace_id=actor.workspace_id, kind=Principal.Kind.TEAM, deactivated_at=None
    )
    return list(teams.order_by("name", "pk"))


def names_of(workspace_id: int, principal_ids: Iterable[int]) -> dict[int, str]:
    """The names of members, teams and bots by id."""
    found = Principal.objects.filter(workspace_id=workspace_id, pk__in=set(principal_ids))
    return dict(found.values_list("pk", "name"))


def active_among(workspace_id: int, principal_ids: Iterable[int]) -> frozenset[int]:
    """Those of these members, teams and bots who are at work in the workspace."""
    found = Principal.objects.filter(
        workspace_id=workspace_id, pk__in=set(principal_ids), deactivated_at=None
    )
    return frozenset(found.values_list("pk", flat=True))


def members_by_email(workspace_id: int, emails: Iterable[str]) -> dict[str, int]:
    """The principal ids of active members by e-mail address in small letters."""
    wanted = {email.lower() for email in emails}
    if not wanted:
        return {}
    members = Member.objects.filter(workspace_id=workspace_id, principal__deactivated_at=None)
    rows = members.values_list("account__email", "pk")
    return {email.lower(): pk for email, pk in rows if email.lower() in wanted}


def teams_by_name(workspace_id: int, names: Iterable[str]) -> dict[str, int]:
    """The ids of teams by name."""
    teams = Principal.objects.filter(
        workspace_id=workspace_id, kind=Principal.Kind.TEAM, name__in=set(names)
    )
    return dict(teams.values_list("name", "pk"))


def written_names(workspace_id: int, principal_ids: Iterable[int]) -> dict[int, str]:
    """How files name these members and teams (`user:<email>`, `team:<name>`), by id."""
    rows = Principal.objects.filter(workspace_id=workspace_id, pk__in=set(principal_ids))
    found = rows.values_list("pk", "kind", "name", "member__account__email")
    return {
        pk: f"team:{name}" if kind == Principal.Kind.TEAM else f"user:{email}"
        for pk, kind, name, email in found
        if kind == Principal.Kind.TEAM or email
    }
