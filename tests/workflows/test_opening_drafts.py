"""What the check says of a draft as its builders see it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.people.makers import an_admin
from tests.workflows.drafting import a_draft, done, opened
from waypost.engine.definition import Workflow
from waypost.engine.edits import replace_step
from waypost.engine.errors import Refusal
from waypost.engine.step_types.http_request import HttpRequest
from waypost.people.actor import Actor
from waypost.workflows.drafts import Draft
from waypost.workflows.editing import Edit, edit_draft

pytestmark = pytest.mark.django_db

TEXT = """
key: ask
name: Ask
steps:
  - key: record
    name: Record
    type: http_request
    is_blocking: false
    url: "https://core.nextmatter.com/api/instances/{{=instance.id}}/complete_step/"
    body: '{"step_id": {{=id ask/ask}}, "actions": []}'
  - {key: ask, name: Ask, type: form, fields: [{key: phone, name: Phone, type: phone}]}
"""


def writing(body: str) -> Edit:
    """Give the call this body."""

    def written(workflow: Workflow) -> Workflow | Refusal:
        step = workflow.step_by_key["record"]
        assert isinstance(step, HttpRequest)
        return replace_step(workflow, "record", replace(step, body=body))

    return written


def with_step_id(admin: Actor, written: str) -> Draft:
    """The draft whose call names this number; `{ask}` is the one in the address of Ask."""
    workflow_id = a_draft(admin, TEXT)
    draft = opened(admin, workflow_id)
    number = written.format(ask=draft.workflow.step_by_key["ask"].id)
    body = f'{{"step_id": {number}, "actions": []}}'
    done(edit_draft(admin, workflow_id, draft.revision, "Wrote the body", writing(body)))
    return opened(admin, workflow_id)


def test_a_number_copied_from_the_address_is_known() -> None:
    draft = with_step_id(an_admin(), "{ask}")

    assert "wrong_own_id" not in {one.code for one in draft.findings}


def test_a_number_that_no_step_has_is_found_while_it_is_written() -> None:
    draft = with_step_id(an_admin(), "999999")

    assert [one.step for one in draft.findings if one.code == "wrong_own_id"] == ["record"]
