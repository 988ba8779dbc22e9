"""Settings, notes, copies and files of a workflow in the browser."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people.makers import a_colleague, an_admin
from tests.web.visitors import signed_in
from tests.workflows.makers import ASK, a_workflow, account_of
from waypost.people.actions import add_member
from waypost.people.models import Member
from waypost.workflows.models import StepIdentity
from waypost.workflows.notes import add_note, list_notes
from waypost.workflows.queries import find_by_key, find_workflow, list_workflows
from waypost.workflows.standing import editor_ids

pytestmark = pytest.mark.django_db

FILE = ASK.format(key="ask", name="Ask nicely")


def test_every_part_of_the_settings_is_saved_by_itself() -> None:
    admin = an_admin()
    colleague = a_colleague(admin)
    workflow = a_workflow(admin)
    client = signed_in(admin)
    page = f"/workflows/{workflow}/settings/"
    person = str(colleague.principal_id)

    planning = {"status": "live", "goes_live_on": "2027-01-31", "tags": "a, b ,a"}
    client.post(page, {"part": "planning", **planning})
    client.post(page, {"part": "visibility", "are_instances_private": "on"})
    client.post(page, {"part": "editors", "person": person})
    client.post(page, {"part": "leads", "lead": person, "tech_lead": ""})

    summary = find_workflow(admin, workflow)
    assert summary is not None
    assert (summary.status, str(summary.goes_live_on)) == ("live", "2027-01-31")
    assert summary.tags == ("a", "b")
    assert (summary.is_private, summary.are_instances_private) == (False, True)
    assert editor_ids(admin, workflow) == {colleague.principal_id}
    assert (summary.lead_id, summary.tech_lead_id) == (colleague.principal_id, None)


def test_settings_that_are_not_theirs_are_refused() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    client = signed_in(a_colleague(admin))
    page = f"/workflows/{workflow}/settings/"

    answer = client.post(page, {"part": "leads", "lead": ""}, follow=True)
    client.post(page, {"part": "visibility", "is_private": "on"})

    assert b"Only an admin" in answer.content
    summary = find_workflow(admin, workflow)
    assert summary is not None
    assert (summary.lead_id, summary.is_private) == (admin.principal_id, False)


def test_a_day_that_is_none_is_refused() -> None:
    admin = an_admin()
    page = f"/workflows/{a_workflow(admin)}/settings/"

    answer = signed_in(admin).post(page, {"part": "planning", "goes_live_on": "soon"}, follow=True)

    assert b"That is no day" in answer.content


def test_notes_are_written_answered_and_completed() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    step = StepIdentity.objects.get(workflow_id=workflow)
    client = signed_in(admin)

    client.post(f"/workflows/{workflow}/notes/", {"text": "Shorter, please", "step": str(step.pk)})
    (note,) = list_notes(admin, workflow)
    one = f"/workflows/{workflow}/notes/{note.id}"
    client.post(f"{one}/assign/", {"assignee": str(admin.principal_id)})
    client.post(f"{one}/reply/", {"text": "It is <b>short</b>"})
    client.post(f"{one}/complete/", {"done": "1"})

    page = client.get(f"/workflows/{workflow}/").content.decode()
    assert "Shorter, please" in page
    assert "2. First" in page
    assert "It is &lt;b&gt;short&lt;/b&gt;" in page
    assert "1 completed note" in page


def test_the_page_tells_how_the_workflow_stands() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    client = signed_in(admin)
    before = client.get(f"/workflows/{workflow}/").content.decode()

    client.post("/workflows/import/", {"text": FILE, "act": "draft"})

    after = client.get(f"/workflows/{workflow}/").content.decode()
    assert "As published" in before
    assert "Changed since version 1" in after
    assert "Edit workflow" in after
    assert "<svg" in after


def test_a_draft_shows_its_own_steps() -> None:
    admin = an_admin()
    client = signed_in(admin)

    answer = client.post("/workflows/import/", {"text": FILE, "act": "draft"}, follow=True)

    page = answer.content.decode()
    assert "Of the draft" in page
    assert "First" in page


def test_the_page_takes_a_constant_number_of_queries() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    client = signed_in(admin)
    add_note(admin, workflow, "One")
    client.get(f"/workflows/{workflow}/")  # Its version is parsed once.
    with CaptureQueriesContext(connection) as few:
        client.get(f"/workflows/{workflow}/")
    for number in range(5):
        add_note(admin, workflow, f"{number}")
        a_workflow(admin, f"flow-{number}")

    with CaptureQueriesContext(connection) as many:
        client.get(f"/workflows/{workflow}/")

    assert len(many) == len(few)


def test_a_copy_is_made_in_the_browser() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    client = signed_in(admin)
    page = f"/workflows/{workflow}/duplicate/"

    asked = client.get(page).content.decode()
    refused = client.post(page, {"name": "", "place": "/"})
    answer = client.post(page, {"name": "Ask again", "place": "/"})

    assert "Ask (copy)" in asked
    assert refused.status_code == 422
    made = find_by_key(admin, "ask_again")
    assert made is not None
    assert answer["Location"] == f"/workflows/{made.id}/"


def test_a_copy_for_another_workspace_says_what_is_missing_there() -> None:
    admin = an_admin()
    owner = an_admin("branch")
    add_member(owner, account_of(admin), "Guest", Member.Role.ADMIN)
    call = "  - {key: call, name: Call, type: http_request, url: https://a.example/, credential: x}"
    workflow = a_workflow(admin, more=call)
    client = signed_in(admin)
    page = f"/workflows/{workflow}/duplicate/"

    asked = client.get(page).content.decode()
    answer = client.post(page, {"name": "Ask", "place": f"{owner.workspace_id}/"})

    assert "Branch" in asked
    assert b"which is not stored here" in answer.content
    assert [one.key for one in list_workflows(owner)] == ["ask"]


def test_looking_at_a_file_changes_nothing_and_says_what_it_would_do() -> None:
    admin = an_admin()
    a_workflow(admin)

    answer = signed_in(admin).post("/workflows/import/", {"text": FILE, "act": "look"})

    assert answer.status_code == 200
    assert b"A new draft of Ask" in answer.content
    assert b"Import and publish" in answer.content
    found = find_by_key(admin, "ask")
    assert found is not None
    assert (found.name, found.version_number) == ("Ask", 1)


def test_every_fault_of_a_file_is_shown_with_its_line_and_remedy() -> None:
    text = FILE + "    assignee: me\n    colour: red\n"

    answer = signed_in(an_admin()).post("/workflows/import/", {"text": text, "act": "publish"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 10" in page
    assert "There is no `colour` here." in page
    assert "Import and publish" not in page


def test_a_finding_of_the_check_stops_an_import_and_is_shown() -> None:
    admin = an_admin()
    text = FILE + "    assignee: user:nobody@example.org\n"

    answer = signed_in(admin).post("/workflows/import/", {"text": text, "act": "publish"})

    assert answer.status_code == 422
    assert b"nobody@example.org is no member" in answer.content
    assert find_by_key(admin, "ask") is None


def test_an_uploaded_file_is_published() -> None:
    admin = an_admin()
    client = signed_in(admin)
    upload = SimpleUploadedFile("ask.yaml", ("\ufeff" + FILE).replace("\n", "\r\n").encode())

    answer = client.post("/workflows/import/", {"file": upload, "act": "publish"})

    found = find_by_key(admin, "ask")
    assert found is not None
    assert (found.name, found.version_number) == ("Ask nicely", 1)
    assert answer["Location"] == f"/workflows/{found.id}/"


def test_bytes_that_are_no_text_are_refused() -> None:
    upload = SimpleUploadedFile("ask.yaml", b"\x00\xff\xfe")

    answer = signed_in(an_admin()).post("/workflows/import/", {"file": upload, "act": "publish"})

    assert answer.status_code == 422


def test_of_a_file_that_is_too_large_no_more_is_read_than_it_takes_to_say_so() -> None:
    upload = SimpleUploadedFile("ask.yaml", b"# much to say\n" * 300_000)

    answer = signed_in(an_admin()).post("/workflows/import/", {"file": upload, "act": "publish"})

    assert answer.status_code == 422
    assert b"larger than 1 MB" in answer.content
    assert len(answer.content) < 2_000_000


def test_parameters_of_a_file_are_asked_for() -> None:
    admin = an_admin()
    text = FILE.replace("Ask nicely", "Ask ${WHO}") + (
        "parameters:\n  WHO: {description: Whom to ask, example: Anna}\n"
    )
    client = signed_in(admin)

    asked = client.post("/workflows/import/", {"text": text, "act": "look"})
    client.post("/workflows/import/", {"text": text, "act": "publish", "parameter.WHO": "Bob"})

    assert b"Whom to ask" in asked.content
    assert [one.name for one in list_workflows(admin)] == ["Ask Bob"]


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_what_is_exported_is_imported_again_as_the_same(kind: str) -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    client = signed_in(admin)

    exported = client.get(f"/workflows/{workflow}/export.{kind}")
    again = client.post(
        "/workflows/import/", {"text": exported.content.decode(), "act": "publish"}, follow=True
    )

    assert exported["Content-Disposition"] == f'attachment; filename="ask.{kind}"'
    assert b"is imported" in again.content
    found = find_by_key(admin, "ask")
    assert found is not None
    assert (found.id, found.version_number) == (workflow, 1)


def test_exported_json_is_json() -> None:
    admin = an_admin()
    workflow = a_workflow(admin, name="Frag höflich")

    exported = signed_in(admin).get(f"/workflows/{workflow}/export.json").content

    assert json.loads(exported)["name"] == "Frag höflich"
    assert b"id" not in {key.encode() for key in json.loads(exported)["steps"][0]}


@pytest.mark.parametrize(
    "path",
    [
        *("", "settings/", "duplicate/", "move/", "delete/", "export.yaml", "export.json"),
    ],
)
def test_another_workspace_s_workflow_is_not_found(path: str) -> None:
    workflow = a_workflow(an_admin())
    client = signed_in(an_admin("other"))

    assert client.get(f"/workflows/{workflow}/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("settings/", "duplicate/", "move/", "archive/", "unarchive/", "delete/", "notes/"),
        *("notes/1/reply/", "notes/1/assign/", "notes/1/complete/"),
    ],
)
def test_another_workspace_s_workflow_is_not_changed(path: str) -> None:
    workflow = a_workflow(an_admin())
    client = signed_in(an_admin("other"))

    assert client.post(f"/workflows/{workflow}/{path}", {"part": "leads"}).status_code == 404
