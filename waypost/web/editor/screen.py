"""What a page of the editor shows, gathered once for the whole page and for its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.http import Http404

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.field_types import AnyField
from waypost.engine.finding import Finding
from waypost.engine.sentences import condition_sentence, moment_sentence
from waypost.engine.step_types import AnyStep
from waypost.integrations.credentials import list_credentials
from waypost.people.actor import Actor
from waypost.web.editor.looks import Kind, field_kinds, look_of, step_kinds
from waypost.web.editor.panel import Badge, Panel, PanelBranch, PanelRow, badge_of, badges_of
from waypost.web.editor.people_choices import PeopleGroup, assignee_choices, lead_choices
from waypost.web.editor.problems import Problem, problems_of
from waypost.web.editor.shown_settings import Room, ShownSetting, shown_settings
from waypost.workflows.drafts import Draft, open_draft

View = Literal["overview", "step"]


@dataclass(frozen=True, slots=True)
class FieldCard:
    """A field of the step with all that can be set on it."""

    field: AnyField
    icon: str
    sentence: str
    settings: tuple[ShownSetting, ...]
    badge: Badge
    is_first: bool
    is_last: bool

    @property
    def drawn(self) -> str:
        """The attributes that its form shows."""
        return " ".join(one.setting.attribute for one in self.settings)


@dataclass(frozen=True, slots=True)
class StepView:
    """The step that is open."""

    step: AnyStep
    row: PanelRow
    condition: str
    schedule: str
    deadline: str
    assignees: tuple[PeopleGroup, ...]
    settings: tuple[ShownSetting, ...]
    fields: tuple[FieldCard, ...]
    problems: tuple[Problem, ...]

    @property
    def drawn(self) -> str:
        """The attributes that its form shows."""
        return " ".join(one.setting.attribute for one in self.settings)

    @property
    def is_call(self) -> bool:
        """Whether it waits for the answer of another system."""
        return self.step.waits_for == "call"

    @property
    def has_fields(self) -> bool:
        """Whether it is a page of fields."""
        return not (self.is_call or self.step.holds or self.settings)


@dataclass(frozen=True, slots=True)
class OverviewView:
    """The overview and the start item."""

    leads: tuple[PeopleGroup, ...]
    tech_leads: tuple[PeopleGroup, ...]
    tags: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One page. `step` is None on the overview."""

    draft: Draft
    branches: tuple[PanelBranch, ...]
    badge: Badge
    problems: tuple[Problem, ...]
    step: StepView | None
    overview: OverviewView | None
    person_kinds: tuple[Kind, ...]
    call_kinds: tuple[Kind, ...]
    field_kinds: tuple[Kind, ...]
    is_admin: bool

    @property
    def workflow(self) -> Workflow:
        """The draft's definition."""
        return self.draft.workflow

    @property
    def title(self) -> str:
        """What the tab is called."""
        step = (self.step.step.name,) if self.step else ()
        return " · ".join((*step, self.workflow.name, "Editor", "Waypost"))

    @property
    def at(self) -> int:
        """The id of the open step; 0 on the overview."""
        return self.step.step.id if self.step else 0

    @property
    def base(self) -> str:
        """Where the editor of this workflow begins."""
        return f"/workflows/{self.draft.workflow_id}/edit/"

    @property
    def url(self) -> str:
        """This page."""
        return f"{self.base}steps/{self.at}/" if self.at else self.base

    @property
    def last(self) -> str:
        """The key of the last step at the top; `-` for none."""
        return self.branches[-1].row.key if self.branches else "-"


def opened(actor: Actor, workflow_id: int) -> Draft:
    """The draft, for whoever sees the workflow."""
    draft = open_draft(actor, workflow_id)
    if isinstance(draft, Refusal):
        raise Http404(draft.message)
    return draft


def step_at(draft: Draft, step_id: int) -> AnyStep:
    """The step with this id."""
    step = draft.workflow.step_by_id.get(step_id)
    if step is None or not step_id:
        raise Http404("There is no such step any more. Look at the workflow for what is there.")
    return step


def screen_of(actor: Actor, draft: Draft, step_id: int = 0) -> Screen:
    """The page of a step, or the overview where there is no such step."""
    problems = problems_of(draft.workflow, draft.workflow_id, draft.findings)
    step = draft.workflow.step_by_id.get(step_id) if step_id else None
    badges = badges_of(draft.workflow, draft.findings)
    base = f"/workflows/{draft.workflow_id}/edit/"
    panel = Panel(draft.workflow, base, step_id, draft.may_change, badges)
    branches = panel.branches()
    return Screen(
        draft,
        branches,
        badge_of(draft.findings),
        problems,
        _step_view(actor, draft, step, panel.row(step), problems) if step else None,
        None if step else _overview(actor, draft.workflow),
        step_kinds("person"),
        step_kinds("call"),
        field_kinds(),
        actor.is_admin,
    )


def _overview(actor: Actor, workflow: Workflow) -> OverviewView:
    return OverviewView(
        lead_choices(actor, workflow.lead, "Whoever made it"),
        lead_choices(actor, workflow.tech_lead, "The lead"),
        ", ".join(workflow.tags),
    )


def _step_view(
    actor: Actor,
    draft: Draft,
    step: AnyStep,
    row: PanelRow,
    problems: tuple[Problem, ...],
) -> StepView:
    workflow = draft.workflow
    room = Room(workflow, list_credentials(actor.workspace_id) if step.settings else ())
    return StepView(
        step,
        row,
        condition_sentence(step.condition, workflow),
        moment_sentence(step.schedule, workflow),
        moment_sentence(step.deadline, workflow, "Due"),
        () if step.holds or step.waits_for == "call" else assignee_choices(actor, step.assignee),
        shown_settings(step, "step", room),
        _cards(step, room, draft.findings),
        tuple(one for one in problems if one.finding.step == step.key),
    )


def _cards(step: AnyStep, room: Room, findings: tuple[Finding, ...]) -> tuple[FieldCard, ...]:
    own = [one for one in findings if one.step == step.key]
    return tuple(
        FieldCard(
            field,
            look_of(field).icon,
            condition_sentence(field.condition, room.workflow, "Shown"),
            shown_settings(field, f"field-{field.id}", room),
            badge_of(one for one in own if one.field == field.key),
            is_first=place == 0,
            is_last=place == len(step.fields) - 1,
        )
        for place, field in enumerate(step.fields)
    )
