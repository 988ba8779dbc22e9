"""Workflows and the people around them, for tests of the room."""

from __future__ import annotations

from waypost.engine.definition import Workflow
from waypost.people.actor import Actor
from waypost.people.models import Account, Member
from waypost.people.queries import member_actor
from waypost.workflows.actions import Imported, import_workflow
from waypost.workflows.files import WorkflowFile, read_workflow

ASK = """
key: {key}
name: {name}
steps:
  - key: first
    name: First
    type: form
    fields: [{{key: answer, name: Answer, type: short_text}}]
"""


def a_definition(text: str) -> Workflow:
    """The workflow of a file."""
    read = read_workflow(text)
    assert isinstance(read, WorkflowFile), read
    return read.workflow


def a_workflow(actor: Actor, key: str = "ask", name: str = "", more: str = "") -> int:
    """A published workflow with one form, led by the actor; `more` lines end its file."""
    text = ASK.format(key=key, name=name or key.title()) + more
    outcome = import_workflow(actor, a_definition(text))
    assert isinstance(outcome, Imported), outcome
    return outcome.workflow_id


def account_of(actor: Actor) -> Account:
    """The account of a member."""
    return Member.objects.get(principal_id=actor.principal_id or 0).account


def seen_afresh(actor: Actor) -> Actor:
    """The member with the teams and the role that they have now."""
    again = member_actor(account_of(actor), "page", actor.workspace_id)
    assert again is not None
    return again
