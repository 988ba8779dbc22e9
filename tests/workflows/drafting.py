"""Drafts with defaults, and what builders do to them."""

from __future__ import annotations

from msgspec.structs import replace

from tests.workflows.test_import import a_workflow
from waypost.engine.edits import add_step, replace_step
from waypost.engine.errors import Refusal
from waypost.engine.step_types.form import Form
from waypost.people.actor import Actor
from waypost.workflows.actions import Imported, import_workflow
from waypost.workflows.drafts import Draft, open_draft
from waypost.workflows.editing import Edit, Edited, edit_draft

TEXT = """
key: ask
name: Ask
steps:
  - {key: ask, name: Ask, type: form, fields: [{key: phone, name: Phone, type: phone}]}
  - {key: send, name: Send, type: http_request, url: "https://api.example/send"}
"""


def a_draft(admin: Actor, text: str = TEXT) -> int:
    """The id of a workflow that is only a draft."""
    outcome = import_workflow(admin, a_workflow(text), publish=False)
    assert isinstance(outcome, Imported), outcome
    return outcome.workflow_id


def opened(actor: Actor, workflow_id: int) -> Draft:
    draft = open_draft(actor, workflow_id)
    assert isinstance(draft, Draft), draft
    return draft


def done(outcome: Edited | Refusal) -> Edited:
    assert isinstance(outcome, Edited), outcome
    return outcome


def renaming(key: str, name: str) -> Edit:
    """Give a step another name."""
    return lambda workflow: replace_step(
        workflow, key, replace(workflow.step_by_key[key], name=name)
    )


def adding(name: str = "Form", after: str = "ask") -> Edit:
    """Add a form."""
    return lambda workflow: add_step(workflow, Form(key="", name=name), after)


def renamed(actor: Actor, workflow_id: int, key: str, name: str) -> Edited:
    """Give a step of the newest draft another name."""
    revision = opened(actor, workflow_id).revision
    return done(edit_draft(actor, workflow_id, revision, f"Renamed {key}", renaming(key, name)))


def names_in(actor: Actor, workflow_id: int) -> list[str]:
    """The names of the steps, in order."""
    return [step.name for step in opened(actor, workflow_id).workflow.steps]
