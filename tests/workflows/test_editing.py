"""Changing drafts: merging, keeping on record, ids, pasted names and secrets."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace

from tests.people.makers import a_colleague, an_admin
from tests.workflows.drafting import TEXT, a_draft, adding, done, opened, renaming
from tests.workflows.test_import import a_workflow
from waypost.engine.definition import Workflow
from waypost.engine.edits import move_step, remove_step, replace_step
from waypost.engine.errors import Refusal
from waypost.engine.step_types.http_request import Header, HttpRequest
from waypost.integrations.credentials import list_credentials
from waypost.workflows.actions import import_workflow
from waypost.workflows.drafts import open_draft
from waypost.workflows.editing import MOST_REVISIONS, Edit, Edited, edit_draft
from waypost.workflows.models import DraftChange
from waypost.workflows.models import Workflow as Row

pytestmark = pytest.mark.django_db


def with_headers(*headers: tuple[str, str], url: str = "https://api.example/send") -> Edit:
    """Give the call these headers."""
    lines = tuple(Header(name=name, value=value) for name, value in headers)
    return lambda workflow: replace_step(
        workflow, "send", HttpRequest(key="send", name="Send", url=url, headers=lines)
    )


def test_a_change_makes_a_revision_and_is_on_record() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)

    edited = done(edit_draft(admin, workflow_id, 1, "Renamed Ask", renaming("ask", "Question")))

    assert edited.revision == 2
    assert opened(admin, workflow_id).workflow.steps[0].name == "Question"
    kept = DraftChange.objects.get(workflow_id=workflow_id, revision=2)
    assert (kept.label, kept.actor_id) == ("Renamed Ask", admin.principal_id)


def test_no_change_makes_no_revision() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)

    edited = done(edit_draft(admin, workflow_id, 1, "Nothing", lambda workflow: workflow))

    assert (edited.revision, edited.is_changed) == (1, False)


def test_two_builders_at_once_lose_nothing() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    seen = opened(admin, workflow_id).revision

    edit_draft(admin, workflow_id, seen, "Theirs", renaming("ask", "Theirs"))
    edit_draft(
        admin, workflow_id, seen, "Moved", lambda workflow: move_step(workflow, "ask", "send")
    )
    ours = done(edit_draft(admin, workflow_id, seen, "Ours", renaming("send", "Ours")))

    assert ours.revision == 4
    assert [step.name for step in ours.workflow.steps] == ["Ours", "Theirs"]


def test_the_change_runs_on_the_draft_that_the_builder_saw() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    edit_draft(admin, workflow_id, 1, "Theirs", renaming("ask", "Theirs"))
    edit_draft(admin, workflow_id, 2, "Gone", lambda workflow: remove_step(workflow, "send"))
    seen: list[Workflow] = []

    def look(workflow: Workflow) -> Workflow:
        seen.append(workflow)
        return workflow

    edit_draft(admin, workflow_id, 1, "Look", look)

    assert [step.name for step in seen[0].steps] == ["Ask", "Send"]
    assert all(step.id for step in seen[0].steps)


def test_a_collision_says_who_wanted_what() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    edit_draft(admin, workflow_id, 1, "Theirs", renaming("ask", "Theirs"))

    refusal = edit_draft(admin, workflow_id, 1, "Ours", renaming("ask", "Ours"))

    assert refusal == Refusal(
        "draft_conflict",
        "Olivia Owner changed the name of “Ask” meanwhile to “Theirs”, and you to “Ours”. "
        "Look at it as it is now, then change it again.",
    )
    assert opened(admin, workflow_id).revision == 2


def test_two_who_add_a_step_at_once_both_get_one() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)

    first = done(edit_draft(admin, workflow_id, 1, "Added Form", adding()))
    second = done(edit_draft(admin, workflow_id, 1, "Added Form", adding()))

    assert [first.added_steps, second.added_steps] == [("form",), ("form_2",)]
    assert len(second.workflow.steps) == 4


def test_a_new_step_and_its_fields_have_ids_at_once() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    before = opened(admin, workflow_id).workflow

    after = done(edit_draft(admin, workflow_id, 1, "Added Form", adding())).workflow

    assert all(step.id for step in after.steps)
    assert after.steps[0].fields[0].id == before.steps[0].fields[0].id > 0
    assert opened(admin, workflow_id).workflow == after


def test_a_refusal_of_the_change_is_handed_on() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)

    refusal = edit_draft(admin, workflow_id, 1, "Gone", lambda one: remove_step(one, "nothing"))

    assert isinstance(refusal, Refusal)
    assert refusal.code == "unknown_step"


def test_keys_that_are_not_unique_are_refused() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)

    refusal = edit_draft(
        admin, workflow_id, 1, "Twice", lambda one: replace(one, steps=(*one.steps, one.steps[0]))
    )

    assert isinstance(refusal, Refusal)
    assert refusal.code == "unusable_key"


def test_a_step_that_stands_away_from_its_group_is_refused() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)

    def into_nothing(workflow: Workflow) -> Workflow:
        ask, send = workflow.steps
        return replace(workflow, steps=(replace(ask, within="nowhere"), send))

    refusal = edit_draft(admin, workflow_id, 1, "Into nothing", into_nothing)

    assert isinstance(refusal, Refusal)
    assert refusal.code == "out_of_order"


def test_a_draft_is_kept_whether_or_not_it_would_run() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)

    edit_draft(admin, workflow_id, 1, "Emptied", lambda workflow: replace(workflow, steps=()))

    assert [one.code for one in opened(admin, workflow_id).findings] == ["no_steps"]


def test_pasted_names_become_stored_references() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)

    edited = done(
        edit_draft(
            admin,
            workflow_id,
            1,
            "Pasted",
            with_headers(("X-To", "{2. Ask - Phone - Input (plain)}")),
        )
    )

    step = edited.workflow.steps[1]
    assert isinstance(step, HttpRequest)
    assert step.headers[0].value == "{{=ask.phone|plain}}"


def test_a_letter_that_the_database_refuses_is_left_out() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)

    edited = done(edit_draft(admin, workflow_id, 1, "Renamed", renaming("ask", "A\x00sk\ud800!")))

    assert edited.workflow.steps[0].name == "Ask!"


def test_a_secret_that_an_admin_pastes_becomes_a_credential() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    pasted = with_headers(("Authorization", "Bearer very-secret-token"))

    edited = done(edit_draft(admin, workflow_id, 1, "Headers", pasted))

    step = edited.workflow.steps[1]
    assert isinstance(step, HttpRequest)
    assert (step.credential, step.headers) == ("ask-send", ())
    assert [one.name for one in list_credentials(admin.workspace_id)] == ["ask-send"]
    assert "very-secret" not in str(DraftChange.objects.values_list("changes", flat=True))


@pytest.mark.parametrize("url", ["https://api.example/send", ""])
def test_a_secret_that_cannot_become_a_credential_is_not_kept(url: str) -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    lead = a_colleague(admin)
    led = a_draft(lead, TEXT.replace("key: ask\nname", "key: led\nname"))
    pasted = with_headers(("Authorization", "Bearer very-secret-token"), url=url)

    by_lead = edit_draft(lead, led, 1, "Headers", pasted)
    by_admin = edit_draft(admin, workflow_id, 1, "Headers", pasted)

    assert isinstance(by_lead, Refusal)
    assert by_lead.code == ("not_permitted" if url else "literal_secret")
    assert isinstance(by_admin, Edited if url else Refusal)
    assert opened(lead, led).revision == 1


def test_only_those_who_may_change_it_do() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    colleague = a_colleague(admin)

    refusal = edit_draft(colleague, workflow_id, 1, "Renamed", renaming("ask", "Mine"))

    assert isinstance(refusal, Refusal)
    assert refusal.code == "not_permitted"
    assert not opened(colleague, workflow_id).may_change
    assert opened(admin, workflow_id).may_change


def test_another_workspace_has_no_such_draft() -> None:
    workflow_id = a_draft(an_admin())
    stranger = an_admin("two")

    for outcome in (
        open_draft(stranger, workflow_id),
        edit_draft(stranger, workflow_id, 1, "Renamed", renaming("ask", "Mine")),
    ):
        assert isinstance(outcome, Refusal)
        assert outcome.code == "unknown_process"


def test_a_revision_that_is_not_there_yet_is_refused() -> None:
    admin = an_admin()

    refusal = edit_draft(admin, a_draft(admin), 7, "Renamed", renaming("ask", "Mine"))

    assert isinstance(refusal, Refusal)
    assert refusal.code == "draft_conflict"


def test_an_import_is_a_change_like_any_other() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    a_draft(admin, TEXT.replace("name: Send", "name: Text"))

    ours = done(edit_draft(admin, workflow_id, 1, "Renamed", renaming("ask", "Question")))

    assert [step.name for step in ours.workflow.steps] == ["Question", "Text"]
    kept = DraftChange.objects.filter(workflow_id=workflow_id).order_by("revision")
    assert [one.label for one in kept] == ["Imported", "Imported", "Renamed"]


def test_a_draft_knows_whether_it_differs_from_what_is_published() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    only_a_draft = opened(admin, workflow_id)
    import_workflow(admin, a_workflow(TEXT))

    published = opened(admin, workflow_id)
    edit_draft(admin, workflow_id, published.revision, "Renamed", renaming("ask", "Question"))
    changed = opened(admin, workflow_id)

    drafts = (only_a_draft, published, changed)
    assert [one.published_number for one in drafts] == [None, 1, 1]
    assert [one.is_changed_since_published for one in drafts] == [True, False, True]


def test_opening_a_draft_takes_as_many_queries_for_many_steps_as_for_few() -> None:
    admin = an_admin()
    few = a_draft(admin)
    lines = [f"  - {{key: s{n}, name: S, type: form, assignee: team:T}}" for n in range(60)]
    many = a_draft(admin, "key: many\nname: Many\nsteps:\n" + "\n".join(lines))

    counts = []
    for workflow_id in (few, many):
        with CaptureQueriesContext(connection) as asked:
            opened(admin, workflow_id)
        counts.append(len(asked))

    assert counts == [8, 8]


def test_a_page_that_is_thousands_of_changes_old_is_to_be_reloaded() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin)
    row = Row.objects.get(pk=workflow_id)
    changes = [
        DraftChange(workspace_id=row.workspace_id, workflow=row, revision=number, changes=[])
        for number in range(2, MOST_REVISIONS + 3)
    ]
    DraftChange.objects.bulk_create(changes)
    Row.objects.filter(pk=workflow_id).update(draft_revision=MOST_REVISIONS + 2)

    old = edit_draft(admin, workflow_id, 1, "Renamed", renaming("ask", "New"))
    newer = edit_draft(admin, workflow_id, 2, "Renamed", renaming("ask", "New"))

    assert isinstance(old, Refusal)
    assert old.code == "draft_conflict"
    assert isinstance(newer, Edited)
