"""Whom a step may be for, and who may lead a workflow, as selects offer them."""

from __future__ import annotations

from dataclasses import dataclass

from waypost.people.actor import Actor
from waypost.people.queries import list_members, list_teams
from waypost.web.editor.rules import Option

_ROLES = (
    ("workflow_lead", "Workflow lead"),
    ("instance_lead", "Instance lead"),
    ("starter", "User triggering the workflow"),
    ("external", "External user (secure link)"),
)


@dataclass(frozen=True, slots=True)
class PeopleGroup:
    """Some choices under a heading."""

    label: str
    options: tuple[Option, ...]


def assignee_choices(actor: Actor, chosen: str) -> tuple[PeopleGroup, ...]:
    """Roles, teams and users; the chosen one is always among them."""
    return _with_chosen(
        (PeopleGroup("By role", _options(_ROLES, chosen)), *_named(actor, chosen)), chosen
    )


def lead_choices(actor: Actor, chosen: str, nobody: str) -> tuple[PeopleGroup, ...]:
    """Teams and users, or nobody in particular."""
    first = PeopleGroup("By default", (Option("", nobody, not chosen),))
    return _with_chosen((first, *_named(actor, chosen)), chosen)


def _named(actor: Actor, chosen: str) -> tuple[PeopleGroup, ...]:
    teams = [(f"team:{one.name}", one.name) for one in list_teams(actor)]
    users = [
        (f"user:{one.account.email}", f"{one.principal.name} ({one.account.email})")
        for one in list_members(actor)
    ]
    groups = (
        PeopleGroup("Teams", _options(teams, chosen)),
        PeopleGroup("Users", _options(users, chosen)),
    )
    return tuple(group for group in groups if group.options)


def _options(
    pairs: tuple[tuple[str, str], ...] | list[tuple[str, str]], chosen: str
) -> tuple[Option, ...]:
    return tuple(Option(value, label, value == chosen) for value, label in pairs)


def _with_chosen(groups: tuple[PeopleGroup, ...], chosen: str) -> tuple[PeopleGroup, ...]:
    if any(one.is_chosen for group in groups for one in group.options):
        return groups
    return (*groups, PeopleGroup("Not known here", (Option(chosen, chosen, is_chosen=True),)))
