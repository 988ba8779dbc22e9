"""Undo and redo of one's own changes, whatever others do meanwhile."""

from __future__ import annotations

import pytest

from tests.people.makers import a_colleague, an_admin
from tests.workflows.drafting import TEXT, a_draft, adding, done, names_in, opened, renamed
from waypost.engine.edits import remove_step
from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.workflows.editing import edit_draft
from waypost.workflows.models import DraftChange
from waypost.workflows.models import Workflow as Row
from waypost.workflows.undoing import redo, undo

pytestmark = pytest.mark.django_db


def two_builders() -> tuple[Actor, Actor, int]:
    """An admin and a colleague who leads the workflow."""
    admin = an_admin()
    workflow_id = a_draft(admin)
    lead = a_colleague(admin)
    Row.objects.filter(pk=workflow_id).update(lead_id=lead.principal_id)
    return admin, lead, workflow_id


def test_undo_takes_changes_back_one_after_the_other() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    renamed(admin, workflow_id, "ask", "Second")
    renamed(admin, workflow_id, "ask", "Third")

    once = names_in(admin, done(undo(admin, workflow_id)).workflow_id)
    twice = names_in(admin, done(undo(admin, workflow_id)).workflow_id)

    assert [once[0], twice[0]] == ["Second", "Ask"]
    assert undo(admin, workflow_id) == Refusal(
        "nothing_to_undo", "You changed nothing here that is not undone yet."
    )


def test_redo_brings_changes_back_and_undo_takes_them_again() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    renamed(admin, workflow_id, "ask", "Second")
    renamed(admin, workflow_id, "ask", "Third")
    seen = []

    for turn in (undo, undo, redo, redo, undo, redo, undo, undo, redo):
        done(turn(admin, workflow_id))
        seen.append(names_in(admin, workflow_id)[0])

    expected = ["Second", "Ask", "Second", "Third", "Second", "Third", "Second", "Ask", "Second"]
    assert seen == expected


def test_a_change_after_an_undo_ends_redoing() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    renamed(admin, workflow_id, "ask", "Second")
    undo(admin, workflow_id)
    renamed(admin, workflow_id, "send", "Text")

    refusal = redo(admin, workflow_id)

    assert isinstance(refusal, Refusal)
    assert refusal.code == "nothing_to_redo"
    assert names_in(admin, workflow_id) == ["Ask", "Text"]


def test_undo_leaves_what_others_did_since() -> None:
    admin, lead, workflow_id = two_builders()
    renamed(admin, workflow_id, "ask", "Mine")
    renamed(lead, workflow_id, "send", "Theirs")

    done(undo(admin, workflow_id))

    assert names_in(admin, workflow_id) == ["Ask", "Theirs"]


def test_undo_is_refused_where_somebody_else_changed_the_same_since() -> None:
    admin, lead, workflow_id = two_builders()
    renamed(admin, workflow_id, "ask", "Mine")
    renamed(lead, workflow_id, "ask", "Theirs")

    refusal = undo(admin, workflow_id)

    assert refusal == Refusal(
        "draft_conflict",
        "Carl Colleague changed the name of “Mine” since, so “Renamed ask” is left as it is. "
        "Change it by hand.",
    )
    assert names_in(lead, workflow_id) == ["Theirs", "Send"]


def test_a_removed_step_comes_back_whole_with_its_ids() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    before = opened(admin, workflow_id).workflow
    edit_draft(admin, workflow_id, 1, "Removed Ask", lambda one: remove_step(one, "ask"))

    after = done(undo(admin, workflow_id)).workflow

    assert after == before


def test_undoing_a_step_that_somebody_filled_in_since_is_refused() -> None:
    admin, lead, workflow_id = two_builders()
    done(edit_draft(admin, workflow_id, 1, "Added Form", adding()))
    renamed(lead, workflow_id, "form", "Filled in")

    refusal = undo(admin, workflow_id)

    assert isinstance(refusal, Refusal)
    assert refusal.message.startswith("Carl Colleague changed “Form” since")


def test_pages_know_what_undo_and_redo_would_do() -> None:
    admin, lead, workflow_id = two_builders()
    renamed(admin, workflow_id, "ask", "Mine")
    before = opened(admin, workflow_id).undoable
    undo(admin, workflow_id)
    after = opened(admin, workflow_id).undoable
    redo(admin, workflow_id)
    again = opened(admin, workflow_id).undoable

    assert (before.undo, before.redo) == ("Renamed ask", "")
    assert (after.undo, after.redo) == ("", "Renamed ask")
    assert (again.undo, again.redo) == ("Renamed ask", "")
    assert opened(lead, workflow_id).undoable.undo == ""


def test_every_turn_stays_on_record() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    renamed(admin, workflow_id, "ask", "Second")

    undo(admin, workflow_id)
    redo(admin, workflow_id)

    labels = DraftChange.objects.order_by("revision").values_list("label", flat=True)
    assert list(labels) == [
        "Imported",
        "Renamed ask",
        "Undid: Renamed ask",
        "Redid: Renamed ask",
    ]


def test_only_those_who_may_change_it_undo() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    colleague = a_colleague(admin)

    for outcome in (undo(colleague, workflow_id), redo(an_admin("two"), workflow_id)):
        assert isinstance(outcome, Refusal)
        assert outcome.code in ("not_permitted", "unknown_process")


def test_undo_of_an_import_brings_the_draft_of_before() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    a_draft(admin, TEXT.replace("name: Send", "name: Text"))

    done(undo(admin, workflow_id))

    assert names_in(admin, workflow_id) == ["Ask", "Send"]
