"""The left panel: every step with its number, marks, condition and findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.sentences import condition_sentence
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import holds_up, is_directly_in_parallel
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
    """The line of one step: plain values only, so that a line drawn once is known again. `last` is
    the key of its last member; `-` stands for none, as actions write it.
    """

    base: str
    key: str
    id: int
    number: str
    name: str
    icon: str
    sentence: str
    badge: Badge
    holds: str
    within: str
    last: str
    is_external: bool
    is_blocking: bool
    is_in_parallel: bool
    is_first: bool
    is_last: bool
    is_current: bool
    may_change: bool

    @property
    def line(self) -> SafeString:
        """The line as HTML."""
        return _line(self)


@dataclass(frozen=True, slots=True)
class PanelBranch:
    """A line with the steps within it."""

    row: PanelRow
    members: tuple[PanelBranch, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """What all lines share."""

    workflow: Workflow
    base: str
    at: int
    may_change: bool
    badges: Mapping[str, Badge]

    def branches(self, within: str = "") -> tuple[PanelBranch, ...]:
        """The steps directly in a container, with those within them."""
        steps = self.workflow.members_by_key.get(within, ())
        return tuple(
            PanelBranch(
                self.row(step, place == 0, place == len(steps) - 1),
                self.branches(step.key) if step.holds else (),
            )
            for place, step in enumerate(steps)
        )

    def row(self, step: AnyStep, is_first: bool = False, is_last: bool = False) -> PanelRow:
        """The line of a step; the first and last at the top can move no further."""
        members = self.workflow.members_by_key.get(step.key, ())
        return PanelRow(
            self.base,
            step.key,
            step.id,
            self.workflow.number_by_key[step.key],
            step.name,
            look_of(step).icon,
            condition_sentence(step.condition, self.workflow),
            self.badges[step.key],
            step.holds,
            step.within or "-",
            members[-1].key if members else "-",
            step.is_external,
            holds_up(self.workflow, step),
            is_directly_in_parallel(self.workflow, step),
            is_first=is_first and not step.within,
            is_last=is_last and not step.within,
            is_current=step.id == self.at and step.id > 0,
            may_change=self.may_change,
        )


def badges_of(workflow: Workflow, findings: Iterable[Finding]) -> dict[str, Badge]:
    """The counts of each step by its key."""
    counts = Counter((one.step, one.severity) for one in findings)
    return {
        key: Badge(counts[key, "error"], counts[key, "warning"]) for key in workflow.step_by_key
    }


def badge_of(findings: Iterable[Finding]) -> Badge:
    """The counts of all findings."""
    counts = Counter(one.severity for one in findings)
    return Badge(counts["error"], counts["warning"])


# Most changes touch one line of many; drawing all of them was half of an answer's time.
@lru_cache(maxsize=8192)
def _line(row: PanelRow) -> SafeString:
    return render_to_string("editor/_row.html", {"row": row})
