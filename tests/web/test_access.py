"""Who gets in where."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.instances.makers import a_form, a_place, an_actor, published, started
from tests.web.visitors import account_of, lead_of, signed_in
from waypost.people.models import Account

pytestmark = pytest.mark.django_db

MEMBER_PAGES = (
    *("/", "/workflows/", "/workflows/import/", "/workflows/folders/new/", "/instances/"),
    *("/welcome/", "/home/live"),
)


@pytest.mark.parametrize("path", [*MEMBER_PAGES, "/instances/1/", "/workflows/1/start/"])
def test_strangers_sign_in_first_and_come_back(path: str) -> None:
    answer = Client().get(path)

    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/?next={path}"


@pytest.mark.parametrize("path", MEMBER_PAGES)
def test_members_see_every_page(path: str) -> None:
    assert lead_of(a_place()).get(path).status_code == 200


def test_an_account_without_a_workspace_is_told_so() -> None:
    client = Client()
    account = Account.objects.create_user("nobody@example.org")
    client.force_login(account, "allauth.account.auth_backends.AuthenticationBackend")

    answer = client.get("/")

    assert answer.status_code == 403
    assert b"Ask an admin" in answer.content


def test_another_workspace_s_ids_lead_nowhere() -> None:
    ours, theirs = a_place(), a_place()
    workflow = published(theirs, a_form())
    instance = started(theirs, workflow, "Their case")
    step_id = workflow.steps[0].id
    client = lead_of(ours)

    for path in (
        f"/instances/{instance.id}/",
        f"/instances/{instance.id}/live",
        f"/instances/{instance.id}/stop/",
        f"/instances/{instance.id}/steps/{step_id}/skip/",
        f"/workflows/{workflow.id}/",
        f"/workflows/{workflow.id}/start/",
    ):
        assert client.get(path).status_code == 404, path
    assert client.post(f"/instances/{instance.id}/stop/").status_code == 404
    assert b"Their case" not in client.get("/instances/").content


def test_a_form_sent_from_elsewhere_is_refused() -> None:
    place = a_place()
    workflow = published(place, a_form())
    client = Client(enforce_csrf_checks=True)
    client.force_login(account_of(place.lead))

    answer = client.post(f"/workflows/{workflow.id}/start/", {"name": "Forged"})

    assert answer.status_code == 403
    assert b"open too long" in answer.content


def test_a_colleague_is_not_offered_what_they_may_not_do() -> None:
    place = a_place()
    instance = started(place, published(place, a_form()))
    colleague = signed_in(an_actor(place.workspace))

    page = colleague.get(f"/instances/{instance.id}/").content.decode()

    assert "Somebody else does this step" in page
    assert "/stop/" not in page
    assert "/skip/" not in page


def test_what_a_colleague_may_not_do_is_refused_when_tried() -> None:
    place = a_place()
    workflow = published(place, a_form())
    instance = started(place, workflow)
    colleague = signed_in(an_actor(place.workspace))
    step = f"/instances/{instance.id}/steps/{workflow.steps[0].id}"

    colleague.post(f"{step}/complete/", {"visit": "1"})
    colleague.post(f"{step}/skip/")
    colleague.post(f"/instances/{instance.id}/stop/")

    page = lead_of(place).get(f"/instances/{instance.id}/").content.decode()
    assert "Running" in page
    assert "completed Ask" not in page
