"""One instance as pages and the API read it: its row, its frozen workflow and its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from waypost.engine.definition import Workflow
from waypost.engine.instance import Instance as State
from waypost.engine.instance import Status, StepRun
from waypost.engine.json_value import JSON
from waypost.engine.step_types import AnyStep

InstanceStatus = Literal["running", "completed", "aborted"]


class InstanceRow(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of `instance` that are shown, with the leads of its workflow.

    `priority` is "V", "H" or ""; `step_assignments` maps step ids to principal ids.
    """

    id: int
    uid: UUID
    workspace_id: int
    workflow_id: int
    version_id: int
    name: str
    status: InstanceStatus
    priority: str
    tags: tuple[str, ...]
    step_assignments: dict[int, int]
    progress: int
    stage: str
    is_private: bool
    starter_id: int | None
    lead_id: int | None
    workflow_lead_id: int | None
    tech_lead_id: int | None
    start_kind: str
    deadline_at: datetime | None
    started_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    aborted_at: datetime | None
    parent_id: int | None
    parent_step_id: int | None
    parent_visit: int | None
    depth: int


@dataclass(frozen=True, slots=True)
class InstanceDetail:
    """An instance whole. `version` rises with every change: an ETag, and what live hints carry."""

    row: InstanceRow
    workflow: Workflow
    state: State
    version: int

    @property
    def id(self) -> int:
        """The id of the REST API."""
        return self.row.id

    @property
    def open_steps(self) -> tuple[AnyStep, ...]:
        """The steps that wait for somebody or something now, in order."""
        return tuple(
            step
            for step in self.workflow.steps
            if self.row.status == "running" and self.run(step).status in _OPEN
        )

    @property
    def active_step_ids(self) -> tuple[int, ...]:
        """Ids of the open steps, failed ones too: they wait for the tech lead."""
        return tuple(step.id for step in self.open_steps)

    @property
    def step_deadlines(self) -> dict[int, datetime]:
        """By when each open step should be done, by step id; those without a deadline left out."""
        found = {step.id: self.run(step).deadline_at for step in self.open_steps}
        return {step_id: at for step_id, at in found.items() if at is not None}

    def run(self, step: AnyStep) -> StepRun:
        """How far this step is."""
        return self.state.run(step.key)

    @property
    def values_by_field_id(self) -> dict[int, JSON]:
        """The stored input objects of every step's current visit."""
        return {
            field.id: self.run(step).values[field.key]
            for step in self.workflow.steps
            for field in step.fields
            if field.key in self.run(step).values
        }


_OPEN = (Status.ACTIVE, Status.FAILED)
