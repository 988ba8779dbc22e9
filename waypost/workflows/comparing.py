"""Two versions side by side, or a version and the draft, in words."""

from __future__ import annotations

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.references import resolve_ids
from waypost.engine.texts import change_texts
from waypost.people.actor import Actor
from waypost.workflows.check import paths_in
from waypost.workflows.identities import identities_of
from waypost.workflows.queries import read_draft
from waypost.workflows.readable import DiffLine, readable_difference
from waypost.workflows.versions import version


def compare(
    actor: Actor, workflow_id: int, before: int | None, after: int | None
) -> tuple[DiffLine, ...] | Refusal:
    """What makes the one into the other; None stands for the draft."""
    old = _definition(actor, workflow_id, before)
    if isinstance(old, Refusal):
        return old
    new = _definition(actor, workflow_id, after)
    return new if isinstance(new, Refusal) else readable_difference(old, new)


def _definition(actor: Actor, workflow_id: int, number: int | None) -> Workflow | Refusal:
    if number is None:
        draft = read_draft(actor, workflow_id)
        return draft if isinstance(draft, Refusal) else _resolved(actor, draft)
    found = version(actor, workflow_id, number)
    return found if isinstance(found, Refusal) else found.workflow


def _resolved(actor: Actor, draft: Workflow) -> Workflow:
    """With literal ids as numbers, which is how a version has them."""
    named = {path.split("/")[0] for path, *_ in paths_in(draft)}
    known = identities_of(actor.workspace_id, {draft.key, *named})
    return change_texts(draft, lambda text: resolve_ids(text, known.by_path.get))
