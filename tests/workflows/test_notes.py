"""Notes of builders: on a workflow and its steps, answered, assigned and completed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people.makers import a_colleague, an_admin
from tests.workflows.makers import a_workflow
from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.workflows.models import StepIdentity
from waypost.workflows.notes import (
    add_note,
    assign_note,
    complete_note,
    list_notes,
    reply_to_note,
)

pytestmark = pytest.mark.django_db


def a_note(actor: Actor, workflow: int, text: str = "Shorten this", **more: int) -> int:
    made = add_note(actor, workflow, text, **more)
    assert isinstance(made, int), made
    return made


def code_of(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def test_a_note_says_who_wrote_it_on_which_step_and_for_whom() -> None:
    admin = an_admin()
    colleague = a_colleague(admin)
    workflow = a_workflow(admin)
    step = StepIdentity.objects.get(workflow_id=workflow)

    a_note(admin, workflow, step_id=step.pk, assignee_id=colleague.principal_id or 0)

    (note,) = list_notes(admin, workflow)
    assert (note.text, note.step_key) == ("Shorten this", "first")
    assert (note.author, note.assignee) == ("Olivia Owner", "Carl Colleague")


def test_whom_a_note_is_for_answers_and_completes_it() -> None:
    admin = an_admin()
    colleague = a_colleague(admin)
    workflow = a_workflow(admin)
    note = a_note(admin, workflow)
    before = reply_to_note(colleague, workflow, note, "Done")

    assert assign_note(admin, workflow, note, colleague.principal_id) is None
    assert reply_to_note(colleague, workflow, note, "Done") is None
    assert complete_note(colleague, workflow, note, True) is None

    (shown,) = list_notes(colleague, workflow)
    assert code_of(before) == "not_permitted"
    assert [(one.author, one.text) for one in shown.replies] == [("Carl Colleague", "Done")]
    assert shown.completed_at is not None
    assert complete_note(admin, workflow, note, False) is None
    assert list_notes(admin, workflow)[0].completed_at is None


def test_open_notes_stand_before_completed_ones_and_new_before_old() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    for text in ("first", "second", "third"):
        note = a_note(admin, workflow, text)
    complete_note(admin, workflow, note, True)

    assert [one.text for one in list_notes(admin, workflow)] == ["second", "first", "third"]


def test_a_stranger_reads_notes_and_writes_none() -> None:
    admin = an_admin()
    stranger = a_colleague(admin)
    workflow = a_workflow(admin)
    note = a_note(admin, workflow)

    assert [one.may_answer for one in list_notes(stranger, workflow)] == [False]
    assert code_of(add_note(stranger, workflow, "Mine")) == "not_permitted"
    assert code_of(complete_note(stranger, workflow, note, True)) == "not_permitted"


def test_a_note_of_another_workflow_is_not_reached() -> None:
    admin = an_admin()
    workflow, other = a_workflow(admin), a_workflow(admin, "other")
    note = a_note(admin, workflow)
    step = StepIdentity.objects.get(workflow_id=workflow)

    assert code_of(reply_to_note(admin, other, note, "Lost")) == "unknown_note"
    assert code_of(add_note(admin, other, "Lost", step_id=step.pk)) == "unknown_step"


@pytest.mark.parametrize("text", ["", "  ", "\0", "x" * 4001])
def test_a_note_says_something(text: str) -> None:
    admin = an_admin()

    assert code_of(add_note(admin, a_workflow(admin), text)) == "invalid_value"


def test_notes_take_a_constant_number_of_queries() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    a_note(admin, workflow)
    with CaptureQueriesContext(connection) as one:
        list_notes(admin, workflow)
    for number in range(5):
        reply_to_note(admin, workflow, a_note(admin, workflow, f"{number}"), "Yes")

    with CaptureQueriesContext(connection) as many:
        list_notes(admin, workflow)

    assert len(many) == len(one)
