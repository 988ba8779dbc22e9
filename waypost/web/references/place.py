"""The step that a box of the editor belongs to, in the draft as it is now."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.workflows.drafts import Draft, open_draft


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a draft; the key is empty for the texts of the workflow itself."""

    draft: Draft
    step_key: str

    @property
    def workflow(self) -> Workflow:
        """The draft's definition."""
        return self.draft.workflow


def place_of(actor: Actor, workflow_id: int, step_id: int) -> Place:
    """The step with this id, 0 for the workflow itself; for all who may look at the draft."""
    draft = open_draft(actor, workflow_id)
    if isinstance(draft, Refusal):
        raise Http404(draft.message)
    step = draft.workflow.step_by_id.get(step_id) if step_id else None
    if step_id and step is None:
        raise Http404("This step is gone. Go back to the overview of the workflow.")
    return Place(draft, step.key if step else "")
