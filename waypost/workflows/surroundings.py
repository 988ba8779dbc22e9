"""What a workspace has that workflows name, looked up for the check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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
    stored = {one.name for one in list_credentials(actor.workspace_id) if one.is_active}
    return Surroundings(
        credentials=frozenset({*stored, *new_credentials}),
        emails=_emails(actor, workflows),
        steps=_steps(actor, workflows),
    )


def _emails(actor: Actor, workflows: Sequence[Workflow]) -> frozenset[str]:
    named = [who.partition(":") for one in workflows for _, _, who in people_named(one)]
    asked = [email for kind, _, email in named if kind == "user"]
    return frozenset(members_by_email(actor.workspace_id, asked))


def _steps(
    actor: Actor, workflows: Sequence[Workflow]
) -> Mapping[str, Mapping[str, frozenset[str]]]:
    brought = {one.key: step_and_field_keys(one) for one in workflows}
    named = {path.split("/")[0] for one in workflows for path, *_ in paths_in(one)}
    rows = Row.objects.filter(
        workspace_id=actor.workspace_id,
        key__in=named - set(brought),
        deleted_at=None,
        published_version__isnull=False,
    )
    published = rows.values_list("key", "published_version_id")
    others = {key: load_version(version) for key, version in published if version is not None}
    return {key: step_and_field_keys(one) for key, one in others.items()} | brought
