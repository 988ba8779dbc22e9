"""Two who wanted different things in one place: theirs and yours, side by side."""

from __future__ import annotations

import json
from dataclasses import dataclass

from waypost.engine.definition import Workflow
from waypost.engine.json_value import JSON
from waypost.web.editor.asked import Asked
from waypost.web.editor.changes import ACTIONS
from waypost.workflows.collisions import place_name
from waypost.workflows.difference import changes_between

#: What a form says once for each page; the rest of it is repeated to keep "mine".
_LEFT_OUT = ("csrfmiddlewaretoken", "revision")


@dataclass(frozen=True, slots=True)
class Side:
    """One place that the form would change in the newest draft."""

    place: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class Again:
    """The choice: what would change, and the form to say it again on the newest draft."""

    sides: tuple[Side, ...]
    repeated: tuple[tuple[str, str], ...]


def again(workflow: Workflow, asked: Asked) -> Again | None:
    """What keeping "mine" would do to the newest draft; None when it has no place there."""
    action = ACTIONS.get(asked.action)
    mine = action.apply(workflow, asked) if action else None
    if not isinstance(mine, Workflow):
        return None
    sides = tuple(
        Side(place_name(workflow, one.path), _text(one.old), _text(one.new))
        for one in changes_between(workflow, mine)
    )
    repeated = tuple(
        (name, str(value))
        for name, values in asked.post.lists()
        if name not in _LEFT_OUT
        for value in values
    )
    return Again(sides, repeated) if sides else None


def _text(value: JSON) -> str:
    if value is None:
        return "Nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
