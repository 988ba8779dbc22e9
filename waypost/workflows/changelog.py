"""The changelog of a workflow: who changed what in its draft, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.workflows import models
from waypost.workflows.difference import reverted
from waypost.workflows.draft_changes import changes_of, draft_at
from waypost.workflows.merging import applied
from waypost.workflows.readable import DiffLine, readable
from waypost.workflows.sight import UNKNOWN, visible


@dataclass(frozen=True, slots=True)
class ChangelogEntry:
    """One change of a draft in words; `undoes` is the revision that it took back, if any."""

    revision: int
    at: datetime
    who: str
    label: str
    lines: tuple[DiffLine, ...]
    undoes: int | None


def draft_changes(
    actor: Actor, workflow_id: int, before: int | None = None, limit: int = 50
) -> tuple[ChangelogEntry, ...] | Refusal:
    """What was changed in a draft, the newest first, or the newest before a revision."""
    row = visible(actor).filter(pk=workflow_id).first()
    if row is None:
        return UNKNOWN
    last = row.draft_revision if before is None else min(before - 1, row.draft_revision)
    kept = row.draft_changes.select_related("actor", "undoes").filter(revision__lte=last)
    return tuple(_entries(kept.order_by("-revision")[:limit], draft_at(row, last)))


def _entries(
    kept: Iterable[models.DraftChange], after: Workflow | None
) -> Iterator[ChangelogEntry]:
    """Each change told between the draft before and after it; the newest comes first."""
    for one in kept:
        changes = changes_of(one)
        before = None if after is None else applied(after, reverted(changes))
        if after is None or not isinstance(before, Workflow):
            yield _entry(one, ())
            after = None
        else:
            yield _entry(one, readable(changes, before, after))
            after = before


def _entry(kept: models.DraftChange, lines: tuple[DiffLine, ...]) -> ChangelogEntry:
    return ChangelogEntry(
        revision=kept.revision,
        at=kept.at,
        who=kept.actor.name if kept.actor else "",
        label=kept.label,
        lines=lines,
        undoes=kept.undoes.revision if kept.undoes else None,
    )
