"""What the page of a workflow shows of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.field_types import AnyField
from waypost.engine.sentences import condition_sentence, moment_sentence
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import containers_of, holds_up
from waypost.people.actor import Actor
from waypost.people.queries import names_of
from waypost.web.workflows.found import Choice, people_choices
from waypost.workflows.changelog import ChangelogEntry, draft_changes
from waypost.workflows.drafts import Draft, open_draft
from waypost.workflows.folders import list_folders
from waypost.workflows.notes import Note, list_notes
from waypost.workflows.queries import WorkflowSummary, published
from waypost.workflows.standing import STATUS_LABELS, editor_ids

#: How many changes of the draft the page names.
_RECENT = 5


@dataclass(frozen=True, slots=True)
class ListedStep:
    """One step of a definition, with the ids that calls need."""

    number: str
    step: AnyStep
    kind: str
    condition: str
    notes: tuple[str, ...]
    fields: tuple[AnyField, ...]
    depth: int
    times: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note, the step it is on, and whom it may be given to."""

    note: Note
    step: str
    people: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes, and what a new one may name."""

    open: tuple[ShownNote, ...]
    completed: tuple[ShownNote, ...]
    steps: tuple[Choice, ...]
    people: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ShownWorkflow:
    """`workflow` is the version that runs, or the draft while there is none."""

    workflow: Workflow
    is_draft: bool
    steps: tuple[ListedStep, ...]
    draft: Draft
    lead: str
    tech_lead: str
    editors: tuple[str, ...]
    folder: str
    folder_is_private: bool
    status: str
    notes: Notes
    recent: tuple[ChangelogEntry, ...]

    @property
    def error_count(self) -> int:
        """How much of the draft keeps it from being published."""
        return sum(1 for one in self.draft.findings if one.severity == "error")


def shown_workflow(actor: Actor, summary: WorkflowSummary) -> ShownWorkflow:
    """The workflow with everything around it, in a constant number of queries."""
    version, draft = published(actor, summary.id), open_draft(actor, summary.id)
    if isinstance(draft, Refusal):
        raise LookupError(draft.message)  # It was there a moment ago.
    workflow = draft.workflow if isinstance(version, Refusal) else version
    recent = draft_changes(actor, summary.id, limit=_RECENT)
    editors = editor_ids(actor, summary.id)
    asked = {summary.lead_id, summary.tech_lead_id, *editors}
    names = names_of(actor.workspace_id, [one for one in asked if one is not None])
    folder = next((one for one in list_folders(actor) if one.id == summary.folder_id), None)
    return ShownWorkflow(
        workflow=workflow,
        is_draft=isinstance(version, Refusal),
        steps=tuple(_listed_steps(workflow)),
        draft=draft,
        lead=names.get(summary.lead_id or 0, ""),
        tech_lead=names.get(summary.tech_lead_id or 0, ""),
        editors=tuple(sorted(names[one] for one in editors if one in names)),
        folder=folder.name if folder else "",
        folder_is_private=folder is not None and folder.is_private,
        status=STATUS_LABELS.get(summary.status, ""),
        notes=_notes(actor, summary, draft.workflow),
        recent=() if isinstance(recent, Refusal) else recent,
    )


def _listed_steps(workflow: Workflow) -> Iterable[ListedStep]:
    for step in workflow.steps:
        passing = () if holds_up(workflow, step) else ("does not hold up the next",)
        yield ListedStep(
            workflow.number_by_key[step.key],
            step,
            "Public form" if step.is_external else type(step).label,
            condition_sentence(step.condition, workflow) if step.condition else "",
            ("only under a condition", *passing) if step.condition else passing,
            step.fields,
            len(containers_of(workflow, step.key)),
            _times(step, workflow),
        )


def _times(step: AnyStep, workflow: Workflow) -> tuple[str, ...]:
    start = moment_sentence(step.schedule, workflow)
    due = moment_sentence(step.deadline, workflow, "Due")
    return tuple(one for one in (start, due) if one)


def _notes(actor: Actor, summary: WorkflowSummary, workflow: Workflow) -> Notes:
    found = list_notes(actor, summary.id)
    is_needed = summary.may_change or any(one.may_answer for one in found)
    people = people_choices(actor, ()) if is_needed else []
    titles = {step.key: _title(workflow, step) for step in workflow.steps}
    shown = [
        ShownNote(
            one,
            titles.get(one.step_key, one.step_key),
            tuple(
                Choice(who.value, who.label, who.value == str(one.assignee_id)) for who in people
            ),
        )
        for one in found
    ]
    return Notes(
        tuple(one for one in shown if one.note.completed_at is None),
        tuple(one for one in shown if one.note.completed_at is not None),
        tuple(Choice(str(step.id), _title(workflow, step)) for step in workflow.steps),
        tuple(people),
    )


def _title(workflow: Workflow, step: AnyStep) -> str:
    return f"{workflow.number_by_key[step.key]}. {step.name}"
