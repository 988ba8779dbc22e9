"""Why two changes do not go together, in words: where, and what either of them wanted."""

from __future__ import annotations

import json

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON
from waypost.people.queries import names_of
from waypost.workflows import models
from waypost.workflows.difference import KEYED, Path, reverted
from waypost.workflows.draft_changes import changes_of, draft_of, later_changes
from waypost.workflows.merging import Conflict, applied

_LONGEST = 120


def conflict_refusal(row: models.Workflow, revision: int, conflict: Conflict) -> Refusal:
    """The refusal of a change that meets another one made since a revision."""
    where, who = _place_and_author(row, revision, conflict.path)
    if conflict.theirs is None:
        message = f"{who} removed {where} meanwhile, so your change of it has no place any more."
    elif conflict.ours is None:
        message = f"{who} changed {where} meanwhile, so it was not removed."
    else:
        theirs, ours = shown(conflict.theirs), shown(conflict.ours)
        message = f"{who} changed {where} meanwhile to {theirs}, and you to {ours}."
    return Refusal("draft_conflict", f"{message} Look at it as it is now, then change it again.")


def undo_refusal(row: models.Workflow, kept: models.DraftChange, conflict: Conflict) -> Refusal:
    """The refusal to take back a change in a place where another one was made since."""
    where, who = _place_and_author(row, kept.revision, conflict.path)
    did = "removed" if conflict.theirs is None else "changed"
    return Refusal(
        "draft_conflict",
        f"{who} {did} {where} since, so “{kept.label}” is left as it is. Change it by hand.",
    )


def _place_and_author(row: models.Workflow, revision: int, path: Path) -> tuple[str, str]:
    """What a path leads to as a builder calls it, and who touched that last."""
    workflow, actor_id = draft_of(row), None
    for kept in later_changes(row, revision):
        changes = changes_of(kept)
        if any(_is_about(change.path, path) for change in changes):
            actor_id = kept.actor_id
            before = applied(workflow, reverted(changes))
            workflow = before if isinstance(before, Workflow) else workflow
            break
    names = names_of(row.workspace_id, [] if actor_id is None else [actor_id])
    return place_name(workflow, path), names.get(actor_id or 0, "Somebody")


def place_name(workflow: Workflow, path: Path) -> str:
    """How a builder calls what a path leads to."""
    if path[0] != "steps" or len(path) < 2:
        return f"the {_words(path[0])} of the workflow"
    step = workflow.step_by_key.get(path[1])
    name = f"“{step.name if step else path[1]}”"
    rest = path[2:]
    if rest and rest[0] in KEYED and len(rest) > 1:
        field = step.field(rest[1]) if step else None
        name = f"“{field.name if field else rest[1]}” in {name}"
        rest = rest[2:]
    return f"the {_words(rest[0])} of {name}" if rest else name


def shown(value: JSON) -> str:
    """A value short enough for a sentence."""
    text = value if isinstance(value, str) else _short(value)
    return f"“{text[:_LONGEST]}…”" if len(text) > _LONGEST else f"“{text}”"


def _short(value: JSON) -> str:
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return str(value["name"])
    return json.dumps(value, ensure_ascii=False)


def _words(attribute: str) -> str:
    return attribute.removeprefix("is_").removeprefix("has_").replace("_", " ")


def _is_about(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
