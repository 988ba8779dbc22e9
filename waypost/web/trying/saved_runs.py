"""Saved dry runs as the page lists them: what each does, and whether it still ends as it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from waypost.engine.definition import Workflow
from waypost.engine.dry_run import DryRun
from waypost.workflows.dry_run.repeating import missing_workflows, repeat, told

MOST_DIFFERENCES = 5


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A saved dry run and its last outcome. `missing` are workflows without which it cannot run."""

    run: DryRun
    is_as_expected: bool
    differences: tuple[str, ...]
    more: int
    missing: tuple[str, ...]

    @property
    def moves(self) -> int:
        """How many moves it makes."""
        return len(self.run.moves)


def saved_runs(workflow: Workflow, others: Mapping[str, Workflow]) -> tuple[SavedRun, ...]:
    """Every saved dry run, played now."""
    missing = missing_workflows(workflow, others)
    return tuple(_saved(one, workflow, others, missing) for one in workflow.dry_runs)


def _saved(
    run: DryRun, workflow: Workflow, others: Mapping[str, Workflow], missing: tuple[str, ...]
) -> SavedRun:
    if missing:
        return SavedRun(run, False, (), 0, missing)
    repeated = repeat(run, workflow, others)
    lines = tuple(told(one, repeated.world.workflows) for one in repeated.differences)
    shown = (repeated.problem,) if repeated.problem else lines[:MOST_DIFFERENCES]
    more = 0 if repeated.problem else max(0, len(lines) - MOST_DIFFERENCES)
    return SavedRun(run, repeated.is_as_expected, shown, more, ())
