"""What a workspace has that workflows name, looked up for the check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from django.db.models import Q

from waypost.engine.definition import Workflow
from waypost.engine.errors import UnknownFormat
from waypost.integrations.credentials import list_credentials
from waypost.integrations.door import door_from_settings
from waypost.people.actor import Actor
from waypost.people.queries import members_by_email
from waypost.workflows.checks.around import (
    Surroundings,
    others_named,
    people_named,
    processes_named,
)
from waypost.workflows.models import Workflow as Row
from waypost.workflows.queries import load_version
from waypost.workflows.sight import visible
from waypost.workflows.stored import stored_draft


def surroundings_of(
    actor: Actor, workflows: Sequence[Workflow], new_credentials: Iterable[str] = ()
) -> Surroundings:
    """Credentials, people and other workflows; those being brought in count as there."""
    stored = list_credentials(actor.workspace_id)
    new = frozenset(new_credentials)
    return Surroundings(
        credentials=new.union(one.name for one in stored if one.is_active),
        revoked=frozenset(one.name for one in stored if not one.is_active) - new,
        origins={one.name: frozenset(one.origins) for one in stored if one.name not in new},
        emails=_emails(actor, workflows),
        workflows=_others(actor, workflows),
        own_origins=_own_origins(),
    )


def _own_origins() -> frozenset[str]:
    """This server's address, and those of others that lead back to it."""
    door = door_from_settings()
    mapped = frozenset(origin for origin in door.origin_map if door.is_own(origin))
    return mapped | {door.own_origin}


def startable(actor: Actor, workflow: Workflow) -> Mapping[str, Workflow]:
    """The workflows that a dry run of this one may start and show: those that the actor may see."""
    others = _others(actor, [workflow])
    seen = {row.key for row in visible(actor).filter(key__in=others).only("key")}
    return {key: one for key, one in others.items() if key in seen}


def _emails(actor: Actor, workflows: Sequence[Workflow]) -> frozenset[str]:
    named = [who.partition(":") for one in workflows for _, _, who in people_named(one)]
    asked = [email for kind, _, email in named if kind == "user"]
    return frozenset(members_by_email(actor.workspace_id, asked))


def _others(actor: Actor, workflows: Sequence[Workflow]) -> Mapping[str, Workflow]:
    """The workflows being brought in, and the published ones that they name, also through others.

    A version holds ids as numbers; what it names is read from its draft.
    """
    found = {one.key: one for one in workflows}
    named = _named(workflows) - set(found)
    numbers = {number for one in workflows for number in processes_named(one)}
    while named or numbers:
        rows = Row.objects.filter(
            Q(key__in=named) | Q(pk__in=numbers),
            workspace_id=actor.workspace_id,
            deleted_at=None,
            published_version__isnull=False,
        )
        known = [*rows.only("key", "draft", "published_version_id")]
        found = {row.key: load_version(row.published_version_id or 0) for row in known} | found
        named, numbers = _named(_readable_drafts(known)) - set(found), set()
    return found


def _readable_drafts(rows: Iterable[Row]) -> Iterator[Workflow]:
    """One draft that cannot be read shall not close the pages of others."""
    for row in rows:
        with suppress(UnknownFormat):
            yield stored_draft(row)


def _named(workflows: Iterable[Workflow]) -> set[str]:
    return {key for one in workflows for key in others_named(one)}
