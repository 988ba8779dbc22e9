"""Who a step is assigned to when it opens: from the workflow's words to a principal."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.instances.detail import InstanceRow
from waypost.people.actor import Actor
from waypost.people.permissions import may_assign
from waypost.people.queries import active_among, members_by_email, teams_by_name

#: Names are looked up again after this: people join, and teams are made.
_REMEMBERED_SECONDS = 30.0
_known: dict[tuple[int, str], tuple[float, int]] = {}


def assignee_of(row: InstanceRow, step_id: int, written: str) -> int | None:
    """The principal that `written` means in this instance; None for external people.

    A name that nobody has falls to the workflow lead: an open step always has somebody.
    """
    if written != "tech_lead" and step_id in row.step_assignments:
        return row.step_assignments[step_id]
    fixed: dict[str, Callable[[], int | None]] = {
        "": lambda: None,
        "external": lambda: None,
        "workflow_lead": lambda: row.workflow_lead_id,
        "instance_lead": lambda: row.lead_id or row.workflow_lead_id,
        "starter": lambda: row.starter_id or row.workflow_lead_id,
        "tech_lead": lambda: row.tech_lead_id or row.workflow_lead_id,
    }
    if written in fixed:
        return fixed[written]()
    return _named(row.workspace_id, written) or row.workflow_lead_id


def assignment_fault(
    actor: Actor, workflow: Workflow, lead_id: int | None, chosen: Mapping[int, int]
) -> Refusal | None:
    """Why a start may not give these steps (step id -> principal id) to these people."""
    if not chosen:
        return None
    if not may_assign(actor, workflow_lead_id=lead_id):
        return _NOT_YOURS
    known = active_among(actor.workspace_id, chosen.values())
    for step_id, principal_id in chosen.items():
        step = workflow.step_by_id.get(step_id)
        if step is None or step.is_external:
            return _wrong(f"Step {step_id} is no step of this workflow that a member completes.")
        if principal_id not in known:
            return _wrong(f"There is no active user or team {principal_id} in the workspace.")
    return None


_NOT_YOURS = Refusal(
    "not_permitted",
    "Only the workflow lead or an admin may choose who completes a step. "
    "Leave step_assignments out, or ask one of them.",
)


def _wrong(reason: str) -> Refusal:
    message = f"{reason} Correct step_assignments or leave it out."
    return Refusal("invalid_value", message, (("step_assignments", message),))


def _named(workspace_id: int, written: str) -> int | None:
    known = _known.get((workspace_id, written))
    if known is not None and known[0] > time.monotonic():
        return known[1]
    found = _look_up(workspace_id, written)
    if found is not None:
        _known[workspace_id, written] = (time.monotonic() + _REMEMBERED_SECONDS, found)
    return found


def _look_up(workspace_id: int, written: str) -> int | None:
    kind, _, name = written.partition(":")
    if kind == "team":
        return teams_by_name(workspace_id, [name]).get(name)
    return members_by_email(workspace_id, [name]).get(name.lower())
