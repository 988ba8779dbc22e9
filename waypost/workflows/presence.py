"""Who else has the editor of a workflow open, so that builders see each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from waypost.engine.errors import Refusal
from waypost.engine.json_value import clean_text
from waypost.people.actor import Actor
from waypost.workflows import models
from waypost.workflows.sight import UNKNOWN, visible

#: Pages tell every few seconds that they are open; who was silent longer has left.
_SEEN_WITHIN = timedelta(seconds=15)
_LONGEST_KEY = 100


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else at the same workflow; no step means its overview."""

    principal_id: int
    name: str
    step_key: str


@dataclass(frozen=True, slots=True)
class Others:
    """Who else is there, and which revision is the newest, by whom and since when."""

    people: tuple[Other, ...]
    revision: int
    changed_by: str
    changed_at: datetime | None


def note_presence(actor: Actor, workflow_id: int, step_key: str = "") -> Others | Refusal:
    """Say that the actor is at this step, and hear who else is in the editor."""
    row = visible(actor).only("workspace_id", "draft_revision").filter(pk=workflow_id).first()
    if row is None or actor.principal_id is None:
        return UNKNOWN
    now = timezone.now()
    models.DraftPresence.objects.update_or_create(
        workspace_id=row.workspace_id,
        workflow=row,
        principal_id=actor.principal_id,
        defaults={"step_key": clean_text(step_key)[:_LONGEST_KEY], "seen_at": now},
    )
    last = row.draft_changes.select_related("actor").filter(revision=row.draft_revision).first()
    return Others(
        people=_others(actor, row, now),
        revision=row.draft_revision,
        changed_by=last.actor.name if last and last.actor else "",
        changed_at=last.at if last else None,
    )


def _others(actor: Actor, row: models.Workflow, now: datetime) -> tuple[Other, ...]:
    rows = models.DraftPresence.objects.filter(workflow=row, seen_at__gte=now - _SEEN_WITHIN)
    rows = rows.exclude(principal_id__in={actor.principal_id or 0}).select_related("principal")
    return tuple(
        Other(one.principal_id, one.principal.name, one.step_key)
        for one in rows.order_by("principal__name", "pk")
    )
