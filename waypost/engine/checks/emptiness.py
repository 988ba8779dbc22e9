"""Whether a reference may have no value when a step uses it."""

from __future__ import annotations

from waypost.engine.conditions import Rule
from waypost.engine.definition import Workflow
from waypost.engine.instance import Status
from waypost.engine.labels import unescape_jsonpath
from waypost.engine.own_places import is_snapshot_path
from waypost.engine.reasoning import Ended, Every, Formula, Not, Worlds
from waypost.engine.references import PUBLIC_URL, Reference, missing
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import runs_before

_DONE = frozenset({Status.COMPLETED})


def may_be_empty(
    workflow: Workflow, worlds: Worlds, user: AnyStep, reference: Reference, *, is_strict: bool
) -> bool:
    """Whether it can be empty while the user runs and nobody passes a step by hand.

    Strictly, an answer may lack any variable; otherwise a call that went well brings them all.
    """
    source = workflow.step_by_key.get(reference.step)
    # What points at nothing, or at something later, is found elsewhere.
    if source is None or missing(reference, workflow) or reference.name == PUBLIC_URL:
        return False
    if not runs_before(workflow, source.key, user.key):
        return False
    variable = source.variable(reference.name)
    if source.field(reference.name) is not None:
        output = f".{reference.output}" if reference.output else ""
        empty: Formula = Rule(
            source=f"{reference.step}.{reference.name}{output}", operator="is_empty"
        )
    elif variable is None or variable.default:
        return False
    elif is_strict and not is_snapshot_path(unescape_jsonpath(variable.path)):
        empty = Every()
    else:
        empty = Not(Ended(reference.step, _DONE))
    return worlds.possible(Every((worlds.ran(user), empty)))
