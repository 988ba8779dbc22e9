"""The list of workflows with its folders, and what its menus lead to."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people.makers import a_colleague, an_admin
from tests.web.visitors import signed_in
from tests.workflows.makers import a_workflow
from waypost.people.actor import Actor
from waypost.workflows.archiving import archive_workflow
from waypost.workflows.folders import create_folder, list_folders, move_workflow, share_folder
from waypost.workflows.queries import find_workflow, list_workflows
from waypost.workflows.standing import Planning, plan_workflow

pytestmark = pytest.mark.django_db


def a_folder(actor: Actor, name: str = "Sales", is_private: bool = False) -> int:
    made = create_folder(actor, name, is_private)
    assert isinstance(made, int), made
    return made


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_an_empty_list_says_what_belongs_there_and_offers_the_first_step() -> None:
    page = text_of(signed_in(an_admin()), "/workflows/")

    for offered in ("/workflows/new/", "/library/", "/workflows/import/"):
        assert f'href="{offered}"' in page


def test_a_folder_shows_what_is_in_it() -> None:
    admin = an_admin()
    folder = a_folder(admin)
    move_workflow(admin, a_workflow(admin, "sell", "Sell a car"), folder)
    a_workflow(admin, "buy", "Buy a car")
    client = signed_in(admin)

    inside = text_of(client, f"/workflows/?folder={folder}")
    outside = text_of(client, "/workflows/?folder=none")

    assert ("Sell a car" in inside, "Buy a car" in inside) == (True, False)
    assert ("Sell a car" in outside, "Buy a car" in outside) == (False, True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=SELL", ["Sell a car"]),
        ("tag=cars", ["Sell a car"]),
        ("status=live", ["Buy a car"]),
        ("name=sell&status=live", []),
        ("status=nonsense", []),
        ("folder=nonsense", []),
    ],
)
def test_filters_narrow_the_list(query: str, found: list[str]) -> None:
    admin = an_admin()
    a_workflow(admin, "sell", "Sell a car", "tags: [cars]\n")
    plan_workflow(admin, a_workflow(admin, "buy", "Buy a car"), Planning("live"))

    page = text_of(signed_in(admin), f"/workflows/?{query}")

    assert [name for name in ("Sell a car", "Buy a car") if name in page] == found


def test_archived_workflows_are_shown_when_asked_for() -> None:
    admin = an_admin()
    archive_workflow(admin, a_workflow(admin, "old", "Old ways"))
    client = signed_in(admin)

    assert "Old ways" not in text_of(client, "/workflows/")
    shown = text_of(client, "/workflows/?archived=1")
    assert "Old ways" in shown
    assert "Take out of the archive" in shown
    assert "/start/" not in shown


def test_a_colleague_is_offered_what_they_may_do() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)

    page = text_of(signed_in(a_colleague(admin)), "/workflows/")

    assert f"/workflows/{workflow}/export.yaml" in page
    for forbidden in ("duplicate/", "settings/", "archive/"):
        assert f"/workflows/{workflow}/{forbidden}" not in page


def test_the_list_takes_a_constant_number_of_queries() -> None:
    admin = an_admin()
    client = signed_in(admin)
    move_workflow(admin, a_workflow(admin), a_folder(admin))
    with CaptureQueriesContext(connection) as few:
        client.get("/workflows/")
    for number in range(6):
        workflow = a_workflow(admin, f"flow-{number}", more=f"tags: [tag-{number}]\n")
        move_workflow(admin, workflow, a_folder(admin, f"Folder {number}"))

    with CaptureQueriesContext(connection) as many:
        client.get("/workflows/")

    assert len(many) == len(few)


def test_a_folder_is_made_shared_and_deleted_in_the_browser() -> None:
    admin = an_admin()
    colleague = a_colleague(admin)
    client = signed_in(admin)

    made = client.post("/workflows/folders/new/", {"name": "Sales", "is_private": "on"})
    folder = list_folders(admin)[0].id
    page = f"/workflows/folders/{folder}/"
    shared = {"name": "Trade", "is_private": "on", "person": str(colleague.principal_id)}
    client.post(page, shared)

    assert made["Location"] == page
    assert [one.name for one in list_folders(colleague)] == ["Trade"]
    client.post(f"{page}delete/")
    assert list_folders(admin) == []


def test_a_folder_without_a_name_is_asked_for_again() -> None:
    client = signed_in(an_admin())

    answer = client.post("/workflows/folders/new/", {"name": " "})

    assert answer.status_code == 422
    assert b"That did not work" in answer.content


def test_a_folder_that_is_closed_is_not_found() -> None:
    admin = an_admin()
    folder = a_folder(admin)
    share_folder(admin, folder, True, [])
    client = signed_in(a_colleague(admin))

    assert client.get(f"/workflows/folders/{folder}/").status_code == 404
    assert client.post(f"/workflows/folders/{folder}/delete/").status_code == 404


def test_a_workflow_is_moved_in_the_browser() -> None:
    admin = an_admin()
    folder, workflow = a_folder(admin), a_workflow(admin)
    client = signed_in(admin)

    assert "Sales" in text_of(client, f"/workflows/{workflow}/move/")
    client.post(f"/workflows/{workflow}/move/", {"folder": str(folder)})

    assert [one.folder_id for one in list_workflows(admin)] == [folder]


def test_archiving_and_bringing_back_go_by_a_button() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    client = signed_in(admin)

    looked = client.get(f"/workflows/{workflow}/archive/")
    archived = client.post(f"/workflows/{workflow}/archive/", follow=True).content.decode()
    back = client.post(f"/workflows/{workflow}/unarchive/", follow=True).content.decode()

    assert looked.status_code == 405
    assert "New instances do not start" in archived
    assert "New instances do not start" not in back


def test_deleting_asks_once() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)
    client = signed_in(admin)

    asked = text_of(client, f"/workflows/{workflow}/delete/")
    answer = client.post(f"/workflows/{workflow}/delete/")

    assert "Delete Ask?" in asked
    assert answer["Location"] == "/workflows/"
    assert find_workflow(admin, workflow) is None
