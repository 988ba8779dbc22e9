"""What a page may offer a reader. The actions check again."""

from __future__ import annotations

from dataclasses import dataclass

from waypost.engine.instance import Status
from waypost.engine.step_types import AnyStep
from waypost.instances.assignees import assignee_of
from waypost.instances.detail import InstanceDetail
from waypost.people import permissions
from waypost.people.actor import Actor
from waypost.people.permissions import Circle


@dataclass(frozen=True, slots=True)
class Rights:
    """One reader, one instance."""

    actor: Actor
    detail: InstanceDetail

    @property
    def may_stop(self) -> bool:
        """Stop the run."""
        return self._is_running and permissions.may_stop(self.actor, self._circle)

    @property
    def may_pass(self) -> bool:
        """Skip or restart its steps."""
        return self._is_running and permissions.may_skip(self.actor, self._circle)

    def may_complete(self, step: AnyStep) -> bool:
        """Fill in and end this step, when it waits for a person."""
        is_open = self.detail.run(step).status is Status.ACTIVE and step.waits_for == "person"
        assignee_id = assignee_of(self.detail.row, step.id, step.assignee)
        return (
            self._is_running
            and is_open
            and permissions.may_complete(self.actor, self._circle, assignee_id)
        )

    @property
    def _is_running(self) -> bool:
        return self.detail.row.status == "running"

    @property
    def _circle(self) -> Circle:
        row = self.detail.row
        return Circle(
            workflow_lead_id=row.workflow_lead_id,
            tech_lead_id=row.tech_lead_id,
            instance_lead_id=row.lead_id,
            starter_id=row.starter_id,
        )
