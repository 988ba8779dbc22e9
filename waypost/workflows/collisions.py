"""Why two changes do not go together, in words: where, and what either of them wanted."""

from __future__ import annotations

import json

from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON
from waypost.people.queries import names_of
from waypost.workflows import models
from waypost.workflows.difference import KEYED, Path
from waypost.workflows.draft_changes import changes_of, draft_of, later_changes
from waypost.workflows.merging import Conflict

_LONGEST = 120


def conflict_refusal(row: models.Workflow, revision: int, conflict: Conflict) -> Refusal:
    """The refusal of a change that meets another one made since a revision."""
    where, who = place_name(row, conflict.path), _who(row, revision, conflict.path)
    if conflict.theirs is None:
        message = f"{who} removed {where} meanwhile, so your change of it has no place any more."
    elif conflict.ours is None:
        message = f"{who} changed {where} meanwhile, so it was not removed."
    else:
        theirs, ours = shown(conflict.theirs), shown(conflict.ours)
        message = f"{who} changed {where} meanwhile to {theirs}, and you to {ours}."
    return Refusal("draft_conflict", f"{message} Look at it as it is now, then change it again.")


def place_name(row: models.Workflow, path: Path) -> str:
    """How a builder calls what a path leads to."""
    steps = draft_of(row).step_by_key
    if path[0] != "steps" or len(path) < 2:
        return f"the {_words(path[0])} of the workflow"
    step = steps.get(path[1])
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


def _who(row: models.Workflow, revision: int, path: Path) -> str:
    """Whoever touched the place last, or something within or around it."""
    for kept in later_changes(row, revision):
        if any(_is_about(change.path, path) for change in changes_of(kept)):
            return names_of(row.workspace_id, [kept.actor_id or 0]).get(
                kept.actor_id or 0, "Somebody"
            )
    return "Somebody"


def _is_about(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
