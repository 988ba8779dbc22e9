"""The problems panel: every finding with the place it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.labels import show_labels

#: Attributes of the workflow that stand in the part about the start.
_START = frozenset({"has_automatic_names", "name_template", "url_parameters"})
_WHEN = {"condition": "condition", "schedule": "schedule", "deadline": "deadline"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding, and where to mend it. `place` names the step and field."""

    finding: Finding
    message: str
    remedy: str
    place: str
    url: str
    help_url: str

    @property
    def is_error(self) -> bool:
        """Whether it keeps the workflow from being published."""
        return self.finding.severity == "error"


def problems_of(
    workflow: Workflow, workflow_id: int, findings: Iterable[Finding]
) -> tuple[Problem, ...]:
    """Each finding with its place, errors first."""
    shown = [_problem(workflow, workflow_id, finding) for finding in findings]
    return tuple(sorted(shown, key=lambda one: not one.is_error))


def _problem(workflow: Workflow, workflow_id: int, finding: Finding) -> Problem:
    base = f"/workflows/{workflow_id}/edit/"
    step = workflow.step_by_key.get(finding.step)
    attribute = finding.attribute.partition(".")[0]
    help_url = f"/help/findings/#{finding.code}"
    told = show_labels(finding.message, workflow), show_labels(finding.remedy, workflow)
    if attribute == "dry_runs":
        return Problem(finding, *told, "Dry runs", f"{base}dry-run/#saved", help_url)
    if step is None:
        anchor = f"workflow-{attribute or 'name'}"
        place = "Start" if attribute in _START else "Overview"
        return Problem(finding, *told, place, f"{base}#{anchor}", help_url)
    field = step.field(finding.field)
    name = f"{workflow.number_by_key[step.key]}. {step.name}"
    owner = f"field-{field.id}" if field else "step"
    anchor = f"{owner}-{_WHEN.get(attribute, attribute) or 'name'}"
    place = f"{name}: {field.name}" if field else name
    return Problem(finding, *told, place, f"{base}steps/{step.id}/#{anchor}", help_url)
