"""Saved dry runs of a workflow, added, replaced and removed by name: workflow in, workflow out."""

from __future__ import annotations

from msgspec.structs import replace

from waypost.engine.definition import Workflow
from waypost.engine.dry_run import DryRun
from waypost.engine.errors import Refusal

LONGEST_NAME = 100
MOST_RUNS = 50

_NO_NAME = Refusal("invalid_name", f"Give the dry run a name of 1 to {LONGEST_NAME} letters.")
_TOO_MANY = Refusal(
    "too_many_dry_runs", f"A workflow keeps {MOST_RUNS} dry runs. Delete one of them first."
)
_UNKNOWN = Refusal("unknown_dry_run", "This dry run is not there any more. Reload the page.")


def keep_dry_run(workflow: Workflow, run: DryRun) -> Workflow | Refusal:
    """With this dry run, in place of the one with its name, else behind the others."""
    if not 0 < len(run.name.strip()) <= LONGEST_NAME:
        return _NO_NAME
    named = replace(run, name=run.name.strip())
    others = [one.name for one in workflow.dry_runs]
    if named.name in others:
        runs = tuple(named if one.name == named.name else one for one in workflow.dry_runs)
    elif len(others) < MOST_RUNS:
        runs = (*workflow.dry_runs, named)
    else:
        return _TOO_MANY
    return replace(workflow, dry_runs=runs)


def remove_dry_run(workflow: Workflow, name: str) -> Workflow | Refusal:
    """Without the dry run of this name."""
    runs = tuple(one for one in workflow.dry_runs if one.name != name)
    if len(runs) == len(workflow.dry_runs):
        return _UNKNOWN
    return replace(workflow, dry_runs=runs)
