"""Who a step is assigned to when it opens: from the workflow's words to a principal."""

from __future__ import annotations

import time
from collections.abc import Callable

from waypost.instances.detail import InstanceRow
from waypost.people.queries import members_by_email, teams_by_name

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
