"""Builders who change one draft in the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.people.makers import an_admin
from tests.workflows.drafting import a_draft, adding, opened, renaming
from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.workflows.editing import Edit, Edited, edit_draft
from waypost.workflows.models import DraftChange

pytestmark = pytest.mark.django_db(transaction=True)

BUILDERS = 4


def at_once(actor: Actor, workflow_id: int, *edits: Edit) -> list[Edited | Refusal]:
    """Make these changes in threads of their own, all on the first revision."""

    def make(edit: Edit) -> Edited | Refusal:
        try:
            return edit_draft(actor, workflow_id, 1, "At once", edit)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(edits)) as threads:
        return list(threads.map(make, edits))


def test_steps_that_several_add_in_the_same_moment_are_all_there() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)

    outcomes = at_once(admin, workflow_id, *(adding() for _ in range(BUILDERS)))

    assert all(isinstance(one, Edited) for one in outcomes), outcomes
    draft = opened(admin, workflow_id)
    assert draft.revision == 1 + BUILDERS
    assert len(draft.workflow.steps) == 2 + BUILDERS
    assert all(step.id for step in draft.workflow.steps)


def test_of_several_who_want_one_place_the_first_is_kept_and_the_others_told() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)

    outcomes = at_once(
        admin, workflow_id, *(renaming("ask", f"Name {number}") for number in range(BUILDERS))
    )

    codes = [one.code for one in outcomes if isinstance(one, Refusal)]
    assert codes == ["draft_conflict"] * (BUILDERS - 1)
    assert opened(admin, workflow_id).revision == 2
    assert list(DraftChange.objects.order_by("revision").values_list("revision", flat=True)) == [
        1,
        2,
    ]
