"""Builders see each other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from tests.people.makers import a_colleague, an_admin
from tests.workflows.drafting import a_draft, renamed
from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.workflows.models import DraftPresence
from waypost.workflows.presence import Other, Others, note_presence

pytestmark = pytest.mark.django_db


def noted(actor: Actor, workflow_id: int, step_key: str = "") -> Others:
    others = note_presence(actor, workflow_id, step_key)
    assert isinstance(others, Others)
    return others


def test_builders_see_each_other_and_where_they_are() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    colleague = a_colleague(admin)
    alone = noted(admin, workflow_id, "ask")
    noted(colleague, workflow_id)

    noted(colleague, workflow_id, "send")
    beside = noted(admin, workflow_id, "ask")

    assert alone.people == ()
    assert beside.people == (Other(colleague.principal_id or 0, "Carl Colleague", "send"),)


def test_who_was_silent_for_a_while_has_left() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    noted(a_colleague(admin), workflow_id)
    DraftPresence.objects.update(seen_at=F("seen_at") - timedelta(seconds=16))

    assert noted(admin, workflow_id).people == ()


def test_it_says_which_revision_is_the_newest_and_whose() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    renamed(admin, workflow_id, "ask", "Question")

    others = noted(a_colleague(admin), workflow_id)

    assert (others.revision, others.changed_by) == (2, "Olivia Owner")
    assert others.changed_at is not None


def test_somebody_at_another_workflow_or_in_another_workspace_is_not_seen() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    stranger = an_admin("two")

    noted(stranger, a_draft(stranger))

    assert isinstance(note_presence(stranger, workflow_id), Refusal)
    assert noted(admin, workflow_id).people == ()
