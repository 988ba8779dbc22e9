"""A draft as its builders see it: the definition with ids, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from waypost.engine.checks import errors_in
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.finding import Finding
from waypost.engine.references import resolve_ids
from waypost.engine.texts import change_texts
from waypost.people.actor import Actor
from waypost.workflows import models
from waypost.workflows.canonical import plain
from waypost.workflows.check import findings_of, paths_in
from waypost.workflows.draft_changes import draft_of
from waypost.workflows.dry_run.repeating import findings_of_dry_runs
from waypost.workflows.identities import identities_of
from waypost.workflows.ids import Identities, with_known_ids
from waypost.workflows.queries import load_version
from waypost.workflows.sight import UNKNOWN, may_change, visible
from waypost.workflows.surroundings import surroundings_of
from waypost.workflows.undoing import Undoable, undoable


@dataclass(frozen=True, slots=True)
class Draft:
    """What the pages of the editor show; `published_number` is None for a draft only."""

    workflow_id: int
    revision: int
    workflow: Workflow
    findings: tuple[Finding, ...]
    may_change: bool
    published_number: int | None
    is_changed_since_published: bool
    undoable: Undoable


def open_draft(actor: Actor, workflow_id: int) -> Draft | Refusal:
    """The newest draft; everybody who sees the workflow may look at it."""
    rows = visible(actor).select_related("published_version")
    row = rows.defer("published_version__definition").filter(pk=workflow_id).first()
    if row is None:
        return UNKNOWN
    draft = draft_of(row)
    known = identities_of(row.workspace_id, {row.key, *_named(draft)})
    version = row.published_version
    # The check needs the ids, too: builders copy them from addresses into bodies.
    workflow = with_known_ids(draft, known)
    return Draft(
        workflow_id=row.pk,
        revision=row.draft_revision,
        workflow=workflow,
        findings=findings_of(workflow, surroundings_of(actor, [workflow])),
        may_change=may_change(actor, row),
        published_number=version.number if version else None,
        is_changed_since_published=_is_changed(row, draft, known),
        undoable=undoable(actor, row),
    )


def publishing_findings(actor: Actor, draft: Draft) -> tuple[Finding, ...]:
    """What would stop or warn at publishing: the check, then the saved dry runs, which take too
    long for every change.
    """
    if errors_in(draft.findings):
        return draft.findings
    others = surroundings_of(actor, [draft.workflow]).workflows
    return draft.findings + findings_of_dry_runs(draft.workflow, others)


def _named(workflow: Workflow) -> set[str]:
    return {path.split("/")[0] for path, *_ in paths_in(workflow)}


def _is_changed(row: models.Workflow, draft: Workflow, known: Identities) -> bool:
    """By content, so that a change taken back counts as none."""
    if row.published_version_id is None:
        return True
    resolved = change_texts(draft, lambda text: resolve_ids(text, known.by_path.get))
    published = load_version(row.published_version_id)
    return plain(resolved, has_ids=False) != plain(published, has_ids=False)
