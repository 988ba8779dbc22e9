"""The left panel: every step with its number, marks, condition and findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.sentences import condition_sentence
from waypost.engine.step_types import AnyStep
from waypost.web.editor.looks import look_of


@dataclass(frozen=True, slots=True)
class Badge:
    """How many errors and warnings something has."""

    errors: int = 0
    warnings: int = 0

    @property
    def words(self) -> str:
        """The counts for a reader; empty when there are none."""
        counts = ((self.errors, "error"), (self.warnings, "warning"))
        named = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
        return ", ".join(named)


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One step of the panel with the steps within it. `last` is the key of its last member."""

    step: AnyStep
    number: str
    icon: str
    sentence: str
    badge: Badge
    members: tuple[PanelRow, ...]
    is_first: bool
    is_last: bool

    @property
    def last(self) -> str:
        """The key of the last member; `-` for none, as actions write it."""
        return self.members[-1].step.key if self.members else "-"

    @property
    def within(self) -> str:
        """The key of its container; `-` for none."""
        return self.step.within or "-"


def panel_rows(workflow: Workflow, findings: Iterable[Finding]) -> tuple[PanelRow, ...]:
    """The steps at the top, members inside."""
    counts = Counter((one.step, one.severity) for one in findings)
    badges = {
        key: Badge(counts[key, "error"], counts[key, "warning"]) for key in workflow.step_by_key
    }
    return _rows(workflow, "", badges)


def badge_of(findings: Iterable[Finding]) -> Badge:
    """The counts of all findings."""
    counts = Counter(one.severity for one in findings)
    return Badge(counts["error"], counts["warning"])


def _rows(workflow: Workflow, within: str, badges: dict[str, Badge]) -> tuple[PanelRow, ...]:
    steps = workflow.members_by_key.get(within, ())
    return tuple(
        PanelRow(
            step,
            workflow.number_by_key[step.key],
            look_of(step).icon,
            condition_sentence(step.condition, workflow),
            badges[step.key],
            _rows(workflow, step.key, badges) if step.holds else (),
            is_first=not within and place == 0,
            is_last=not within and place == len(steps) - 1,
        )
        for place, step in enumerate(steps)
    )
