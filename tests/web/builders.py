"""A builder at work without script: forms as the pages hold them, pressed one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.test import Client

from tests.instances.makers import Place, a_place, an_actor
from tests.web.visitors import signed_in
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.step_types import AnyStep
from waypost.people.actor import Actor
from waypost.workflows.creating import new_workflow
from waypost.workflows.drafts import Draft, open_draft


@dataclass
class Answer:
    """What the server said."""

    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Builder:
    """Somebody with the editor of one workflow open."""

    actor: Actor
    client: Client
    workflow_id: int
    revision: int = 0

    def __post_init__(self) -> None:
        self.revision = self.draft.revision

    @property
    def base(self) -> str:
        """Where the editor begins."""
        return f"/workflows/{self.workflow_id}/edit/"

    @property
    def draft(self) -> Draft:
        """The newest draft."""
        draft = open_draft(self.actor, self.workflow_id)
        assert isinstance(draft, Draft)
        return draft

    @property
    def workflow(self) -> Workflow:
        """The newest definition."""
        return self.draft.workflow

    def step(self, key: str) -> AnyStep:
        """A step as it is now."""
        return self.workflow.step_by_key[key]

    def page(self, path: str = "") -> str:
        """A page below the editor's address."""
        answer = self.client.get(f"{self.base}{path}")
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode()

    def press(self, act: str, **entered: object) -> Answer:
        """Send a form from a page opened just now."""
        self.revision = self.draft.revision
        return self.press_on_old_page(act, **entered)

    def press_on_old_page(self, act: str, **entered: object) -> Answer:
        """Send a form from the page as it was at `revision`; `part=True` as a script does."""
        headers = {"X-Part": "1"} if entered.pop("part", False) else {}
        posted = {"act": act, "revision": self.revision, "at": 0} | entered
        answer = self.client.post(f"{self.base}change/", posted, headers=headers)
        return Answer(answer.status_code, answer.content.decode(), dict(answer.items()))


def a_builder(*, admin: bool = False, place: Place | None = None) -> Builder:
    """A builder with a new workflow, which has no steps."""
    place = place or a_place()
    actor = an_actor(place.workspace, "Builder", admin=admin)
    made = new_workflow(actor, "Onboarding")
    assert not isinstance(made, Refusal)
    return Builder(actor, signed_in(actor), made.workflow_id)
