"""The library's pages: looked at by everybody, set up by those who may."""

from __future__ import annotations

import pytest

from tests.instances.makers import an_actor
from tests.people.makers import a_colleague, an_admin
from tests.web.visitors import signed_in
from waypost.integrations.credentials import list_credentials
from waypost.people.actor import Actor
from waypost.workflows.creating import new_workflow
from waypost.workflows.editing import Edited
from waypost.workflows.queries import list_workflows
from waypost.workflows.templates import ALL
from waypost.workspace.models import Workspace

pytestmark = pytest.mark.django_db

ANSWERS = {"value-SENDER_EMAIL": "us@example.org", "value-SENDER_NAME": "Us"}


def a_workflow(actor: Actor) -> int:
    made = new_workflow(actor, "Mine")
    assert isinstance(made, Edited)
    return made.workflow_id


def test_the_library_lists_every_template() -> None:
    page = signed_in(an_admin()).get("/library/").content.decode()

    assert all(f'href="/library/{one.key}/"' in page for one in ALL)


@pytest.mark.parametrize("key", [one.key for one in ALL])
def test_a_template_shows_what_it_does_and_asks_for_what_it_needs(key: str) -> None:
    answer = signed_in(an_admin()).get(f"/library/{key}/")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="diagram"' in page
    assert 'value="set_up"' in page


def test_looking_at_a_template_changes_nothing() -> None:
    admin = an_admin()

    signed_in(admin).get("/library/sendgrid_email/?do=set_up&value-SENDER_EMAIL=a@b.example")

    assert list_workflows(admin) == []


def test_setting_up_publishes_and_leads_to_the_workflow() -> None:
    admin = an_admin()

    answer = signed_in(admin).post("/library/sendgrid_email/", ANSWERS | {"do": "set_up"})

    (made,) = list_workflows(admin)
    assert answer["Location"] == f"/workflows/{made.id}/"
    assert made.is_published


def test_a_missing_answer_is_asked_for_again_and_nothing_is_lost() -> None:
    admin = an_admin()

    answer = signed_in(admin).post(
        "/library/sendgrid_email/", ANSWERS | {"value-SENDER_EMAIL": " ", "do": "set_up"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert 'value="Us"' in page
    assert list_workflows(admin) == []


def test_a_secret_is_stored_and_never_shown_again() -> None:
    admin = an_admin()
    client = signed_in(admin)
    form = {"do": "store", "name": "sendgrid", "secret": "SG.very-secret"}

    page = client.post("/library/sendgrid_email/", form, follow=True).content.decode()

    assert [one.name for one in list_credentials(admin.workspace_id)] == ["sendgrid"]
    assert "is stored" in page
    assert "SG.very-secret" not in page


def test_a_test_without_a_credential_says_what_to_do() -> None:
    page = (
        signed_in(an_admin())
        .post("/library/sendgrid_email/", ANSWERS | {"do": "test"})
        .content.decode()
    )

    assert "Choose or store a credential for SendGrid first." in page


def test_inserting_leads_to_the_first_new_step() -> None:
    admin = an_admin()
    base = f"/workflows/{a_workflow(admin)}/edit/"
    client = signed_in(admin)

    shown = client.get(f"{base}templates/").content.decode()
    answer = client.post(f"{base}templates/sendgrid_email/", ANSWERS | {"do": "set_up"})

    assert f'href="{base}templates/sendgrid_email/"' in shown
    assert answer["Location"].startswith(f"{base}steps/")


def test_who_may_not_change_a_workflow_puts_nothing_in() -> None:
    admin = an_admin()
    workflow_id = a_workflow(admin)
    stranger = signed_in(a_colleague(admin))

    answer = stranger.post(
        f"/workflows/{workflow_id}/edit/templates/sendgrid_email/",
        ANSWERS | {"do": "set_up"},
    )

    assert answer.status_code == 404


def test_an_unknown_template_is_not_found() -> None:
    client = signed_in(an_admin())

    assert client.get("/library/none/").status_code == 404
    assert client.get("/library/sendgrid_email/otp_main.svg").status_code == 404


def test_a_preview_is_a_picture() -> None:
    answer = signed_in(an_admin()).get("/library/sendgrid_email/sendgrid_email.svg")

    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")


def test_light_users_neither_see_what_is_stored_nor_test_it() -> None:
    admin = an_admin()
    client = signed_in(admin)
    client.post(
        "/library/sendgrid_email/", {"do": "store", "name": "sendgrid", "secret": "SG.secret"}
    )
    light = signed_in(an_actor(Workspace.objects.get(pk=admin.workspace_id), light=True))

    seen = light.get("/library/sendgrid_email/")
    tested = light.post(
        "/library/sendgrid_email/", ANSWERS | {"do": "test", "credential-sendgrid": "sendgrid"}
    )

    assert (seen.status_code, tested.status_code) == (403, 403)
