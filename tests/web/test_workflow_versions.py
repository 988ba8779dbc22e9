"""Versions in the browser: the list, differences, restoring, and the changelog."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people.makers import a_colleague, an_admin
from tests.web.visitors import signed_in
from tests.workflows.makers import ASK, a_definition, a_workflow
from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.workflows.actions import Imported, import_workflow
from waypost.workflows.comparing import compare
from waypost.workflows.queries import read_draft
from waypost.workflows.standing import tag_workflow

pytestmark = pytest.mark.django_db


def changed(actor: Actor, name: str, publish: bool = True) -> None:
    """The workflow `ask` under another name."""
    outcome = import_workflow(actor, a_definition(ASK.format(key="ask", name=name)), publish)
    assert isinstance(outcome, Imported), outcome


def test_versions_are_listed_with_who_made_them() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    changed(admin, "Ask twice")
    changed(admin, "Ask thrice", publish=False)

    page = signed_in(admin).get(f"/workflows/{workflow}/versions/").content.decode()

    assert page.index("Version 2") < page.index("Version 1<")
    assert "Olivia Owner" in page
    assert "Changed since version 2" in page
    assert f"/workflows/{workflow}/versions/1/restore/" in page
    assert f"/workflows/{workflow}/versions/2/restore/" not in page


def test_a_workflow_without_versions_says_what_belongs_there() -> None:
    admin = an_admin()
    outcome = import_workflow(admin, a_definition(ASK.format(key="ask", name="Ask")), publish=False)
    assert isinstance(outcome, Imported)

    page = signed_in(admin).get(f"/workflows/{outcome.workflow_id}/versions/").content.decode()

    assert "Not published yet" in page


def test_a_version_is_told_apart_from_the_one_before_another_and_the_draft() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    for name in ("Second", "Third"):
        changed(admin, name)
    changed(admin, "Fourth", publish=False)
    page = f"/workflows/{workflow}/versions"
    client = signed_in(admin)

    before = client.get(f"{page}/3/").content.decode()
    first = client.get(f"{page}/3/?with=1").content.decode()
    draft = client.get(f"{page}/3/?with=draft").content.decode()

    for shown, old, new in (
        (before, "Second", "Third"),
        (first, "Ask", "Third"),
        (draft, "Third", "Fourth"),
    ):
        assert f"</span>{old}</del>" in shown
        assert f"</span>{new}</ins>" in shown


@pytest.mark.parametrize("path", ["4/", "1/?with=9", "4/restore/"])
def test_a_version_that_is_none_is_not_found(path: str) -> None:
    admin = an_admin()
    workflow = a_workflow(admin)

    assert signed_in(admin).get(f"/workflows/{workflow}/versions/{path}").status_code == 404


def test_a_draft_as_published_differs_in_nothing_even_where_it_names_ids() -> None:
    admin = an_admin()
    call = "  - {key: call, name: Call, type: http_request, url: 'https://a.example/{{=id ask}}'}\n"
    workflow = a_workflow(admin, more=call)

    assert compare(admin, workflow, 1, None) == ()


def test_restoring_asks_once_and_makes_the_version_the_draft() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    changed(admin, "Ask twice")
    client = signed_in(admin)
    page = f"/workflows/{workflow}/versions/1/restore/"

    asked = client.get(page).content.decode()
    untouched = read_draft(admin, workflow)
    answer = client.post(page, follow=True).content.decode()

    assert "Restore version 1?" in asked
    assert "</span>Ask twice</del>" in asked
    assert not isinstance(untouched, Refusal) and untouched.name == "Ask twice"
    restored = read_draft(admin, workflow)
    assert not isinstance(restored, Refusal) and restored.name == "Ask"
    assert "Version 1 is the draft again" in answer


def test_who_may_not_change_a_workflow_restores_nothing() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    changed(admin, "Ask twice")
    client = signed_in(a_colleague(admin))

    listed = client.get(f"/workflows/{workflow}/versions/").content.decode()
    answer = client.post(f"/workflows/{workflow}/versions/1/restore/", follow=True)

    assert "restore/" not in listed
    assert b"may change this workflow" in answer.content
    draft = read_draft(admin, workflow)
    assert not isinstance(draft, Refusal) and draft.name == "Ask twice"


def test_the_changelog_says_who_changed_what() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    tag_workflow(admin, workflow, ["new"])

    page = signed_in(admin).get(f"/workflows/{workflow}/changelog/").content.decode()

    assert page.index("Changed the tags") < page.index("Imported")
    assert "Olivia Owner" in page


def test_a_long_changelog_goes_on_another_page() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    for number in range(55):
        tag_workflow(admin, workflow, [f"tag-{number}"])
    client = signed_in(admin)

    newest = client.get(f"/workflows/{workflow}/changelog/").content.decode()
    older = client.get(f"/workflows/{workflow}/changelog/?before=7").content.decode()

    assert 'href="?before=7"' in newest
    assert "Imported" not in newest
    assert "Imported" in older


def test_what_an_import_would_change_is_shown_before() -> None:
    admin = an_admin()
    a_workflow(admin)
    text = ASK.format(key="ask", name="Ask nicely")

    answer = signed_in(admin).post("/workflows/import/", {"text": text, "act": "look"})

    assert b"</span>Ask</del>" in answer.content
    assert b"</span>Ask nicely</ins>" in answer.content


def test_versions_and_changelog_take_a_constant_number_of_queries() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    changed(admin, "Again")
    client = signed_in(admin)
    paths = [f"/workflows/{workflow}/{one}/" for one in ("versions", "changelog")]

    def queries() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as made:
                client.get(path)
            counts.append(len(made))
        return counts

    queries()  # Versions are parsed once.
    few = queries()
    for number in range(5):
        changed(admin, f"Name {number}")
    queries()

    assert queries() == few
