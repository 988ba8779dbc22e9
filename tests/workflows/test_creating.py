"""Beginning a workflow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.people.makers import a_colleague, an_admin
from tests.workflows.drafting import done, opened
from waypost.engine.errors import Refusal
from waypost.workflows.creating import new_workflow
from waypost.workflows.editing import edit_draft

pytestmark = pytest.mark.django_db


def test_a_new_workflow_is_an_empty_draft_that_its_maker_leads() -> None:
    colleague = a_colleague(an_admin())

    made = done(new_workflow(colleague, " Ask a customer "))

    draft = opened(colleague, made.workflow_id)
    assert (draft.workflow.name, draft.workflow.steps) == ("Ask a customer", ())
    assert (draft.revision, draft.may_change) == (1, True)
    assert [one.code for one in draft.findings] == ["no_steps"]


def test_a_second_of_the_same_name_has_another_key() -> None:
    admin = an_admin()

    first, second = (done(new_workflow(admin, "Ask")) for _ in range(2))

    keys = [one.workflow.key for one in (first, second)]
    assert keys[0] == "ask"
    assert keys[1] != "ask"


@pytest.mark.parametrize(
    ("name", "key", "code"),
    [
        ("Ask", "ask", "key_taken"),
        ("Ask", "ask me", "unusable_key"),
        ("Ask", "k" * 101, "unusable_key"),
        (" \x00", None, "no_name"),
    ],
)
def test_what_cannot_be_a_workflow_is_refused(name: str, key: str | None, code: str) -> None:
    admin = an_admin()
    new_workflow(admin, "Ask", "ask")

    refusal = new_workflow(admin, name, key)

    assert isinstance(refusal, Refusal)
    assert refusal.code == code


def test_light_users_make_none() -> None:
    refusal = new_workflow(replace(a_colleague(an_admin()), is_light=True), "Ask")

    assert isinstance(refusal, Refusal)
    assert refusal.code == "not_permitted"


def test_the_first_change_of_a_new_workflow_merges_like_any_other() -> None:
    admin = an_admin()
    made = done(new_workflow(admin, "Ask"))

    edited = done(edit_draft(admin, made.workflow_id, 1, "Nothing", lambda workflow: workflow))

    assert edited.workflow.id == made.workflow_id
