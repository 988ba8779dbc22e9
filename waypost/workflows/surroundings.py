"""What a workspace has that workflows name, looked up for the check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from waypost.engine.definition import Workflow
from waypost.integrations.credentials import list_credentials
from waypost.people.actor import Actor
from waypost.people.queries import members_by_email
from waypost.workflows.check import Surroundings, paths_in, people_named, step_and_field_keys
from waypost.workflows.models import Workflow as Row
from waypost.workflows.queries import load_version


def surroundings_of(
    actor: Actor, workflows: Sequence[Workflow], new_credentials: Iterable[str] = ()
) -> Surroundings:
    """Credentials, people and other workflows; those being brought in count as there."""
    others = _others(actor, workflows)
    stored = {one.name for one in list_credentials(actor.workspace_id) if one.is_active}
    return Surroundings(
        credentials=frozenset({*stored, *new_credentials}),
        emails=_emails(actor, workflows),
        steps={key: step_and_field_keys(one) for key, one in others.items()},
        workflows=others,
    )


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
    while named:
        rows = Row.objects.filter(
            workspace_id=actor.workspace_id,
            key__in=named,
            deleted_at=None,
            published_version__isnull=False,
        )
        known = [*rows.only("key", "draft", "published_version_id")]
        found |= {row.key: load_version(row.published_version_id or 0) for row in known}
        drafts: list[Workflow] = [
            msgspec.convert(row.draft, Workflow) for row in known if row.draft
        ]
        named = _named(drafts) - set(found)
    return found


def _named(workflows: Iterable[Workflow]) -> set[str]:
    return {path.split("/")[0] for one in workflows for path, *_ in paths_in(one)}
