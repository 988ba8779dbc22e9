"""Builders at once, answers in parts, credentials and publishing."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.instances.makers import a_place, an_actor
from tests.web.builders import Builder, a_builder
from tests.web.visitors import signed_in
from waypost.engine.step_types.http_request import HttpRequest
from waypost.integrations.credentials import list_credentials

pytestmark = pytest.mark.django_db


def two_builders() -> tuple[Builder, Builder]:
    """Two who have the same workflow of one form open, at the same revision."""
    place = a_place()
    first = a_builder(place=place)
    first.press("add_step form - -")
    colleague = an_actor(place.workspace, "Other", admin=True)
    second = Builder(colleague, signed_in(colleague), first.workflow_id)
    first.revision = second.revision
    return first, second


def hidden_in(page: str, form: str) -> dict[str, str]:
    """What the hidden inputs of a form say."""
    inside = re.findall(rf'id="{form}".*?</form>', page, re.S)[0]
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', inside)
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_changes_of_two_builders_in_different_places_are_both_kept() -> None:
    first, second = two_builders()

    first.press_on_old_page("save_step form", name="Renamed")
    second.press_on_old_page("save_step form", notes="Noted")

    step = first.step("form")
    assert (step.name, step.notes) == ("Renamed", "Noted")


def test_a_conflict_shows_theirs_and_yours_and_changes_nothing() -> None:
    first, second = two_builders()
    first.press_on_old_page("save_step form", name="Theirs")

    answer = second.press_on_old_page("save_step form", name="Mine")

    assert answer.status == 409
    assert "Somebody else was here first" in answer.text
    assert "<pre>Theirs</pre>" in answer.text
    assert "<pre>Mine</pre>" in answer.text
    assert first.step("form").name == "Theirs"


def test_keep_mine_says_it_again_on_the_newest_draft() -> None:
    first, second = two_builders()
    first.press_on_old_page("save_step form", name="Theirs")
    refused = second.press_on_old_page("save_step form", name="Mine")

    again = hidden_in(refused.text, "conflict-form")
    answer = second.client.post(f"{second.base}change/", again)

    assert answer.status_code == 303
    assert first.step("form").name == "Mine"


def test_a_script_gets_the_parts_with_the_newest_revision() -> None:
    builder = a_builder()
    builder.press("add_step form - -")

    answer = builder.press("save_step form", name="Ask", part=True)

    assert answer.status == 200
    assert "<html" not in answer.text
    assert f'name="revision" value="{builder.draft.revision}"' in answer.text
    for part in ("part-head", "part-panel", "part-problems", "part-said", "part-refusal"):
        assert f'id="{part}"' in answer.text


def test_a_script_is_told_where_a_new_step_opens() -> None:
    builder = a_builder()

    answer = builder.press("add_step form - -", part=True)

    assert answer.headers["X-Go"] == f"{builder.base}steps/{builder.step('form').id}/"


def test_presence_names_the_others_and_the_newest_revision() -> None:
    first, second = two_builders()
    second.client.post(f"{second.base}presence/", {"step": "form"})

    heard = first.client.post(f"{first.base}presence/", {"step": ""}).json()

    assert heard["people"] == [{"name": "Other", "step": "form"}]
    assert heard["revision"] == first.draft.revision


def test_pages_and_changes_ask_the_database_no_more_for_more_steps() -> None:
    builder = a_builder(admin=True)
    builder.press("add_step form - -")
    step = builder.step("form").id
    few = questions(builder, step)

    for number in range(12):
        builder.press(f"add_step form {'form' if number else '-'} -")
    many = questions(builder, step)

    assert many == few


def questions(builder: Builder, step: int) -> tuple[int, int]:
    """How many queries opening a step and saving it take."""
    builder.revision = builder.draft.revision
    with CaptureQueriesContext(connection) as opening:
        builder.page(f"steps/{step}/")
    with CaptureQueriesContext(connection) as saving:
        builder.press_on_old_page("save_step form", notes=str(builder.revision), part=True, at=step)
    return len(opening), len(saving)


def test_a_new_credential_is_stored_and_chosen_and_never_shown_again() -> None:
    builder = a_builder(admin=True)
    builder.press("add_step http_request - -")
    builder.press("save_step custom_integration", drawn="url", url="https://api.example/send")
    path = f"steps/{builder.step('custom_integration').id}/"
    new = {"name": "Mailer", "kind": "bearer", "secret": "s3cret-token", "shown": ""}

    dialog = builder.page(f"{path}credential/")
    posted = new | {"origins": "https://api.example", "revision": builder.draft.revision}
    answer = builder.client.post(f"{builder.base}{path}credential/", posted)
    page = builder.page(path)

    step = builder.step("custom_integration")
    assert 'value="https://api.example"' in dialog
    assert answer.status_code == 303
    assert isinstance(step, HttpRequest)
    assert step.credential == "Mailer"
    assert [one.name for one in list_credentials(builder.actor.workspace_id)] == ["Mailer"]
    assert "s3cret-token" not in page


def test_a_credential_that_cannot_be_kept_says_why_and_forgets_the_secret() -> None:
    builder = a_builder(admin=True)
    builder.press("add_step http_request - -")
    path = f"{builder.base}steps/{builder.step('custom_integration').id}/credential/"

    answer = builder.client.post(
        path, {"name": "Mailer", "kind": "bearer", "secret": "s3cret-token", "origins": ""}
    )

    assert answer.status_code == 422
    assert b"Say where the credential may be sent" in answer.content
    assert b"s3cret-token" not in answer.content


def test_a_credential_is_not_stored_where_no_step_can_name_it() -> None:
    builder = a_builder(admin=True)
    builder.press("add_step form - -")
    new = {"name": "Mailer", "kind": "bearer", "secret": "s3cret-token"}
    path = f"{builder.base}steps/{builder.step('form').id}/credential/"

    answer = builder.client.post(
        path, new | {"origins": "https://api.example", "revision": builder.draft.revision}
    )

    assert answer.status_code == 422
    assert list_credentials(builder.actor.workspace_id) == []


def test_only_admins_store_credentials() -> None:
    builder = a_builder()
    builder.press("add_step http_request - -")
    path = f"steps/{builder.step('custom_integration').id}/"

    assert "New credential" not in builder.page(path)
    assert builder.client.get(f"{builder.base}{path}credential/").status_code == 403


def test_errors_keep_a_workflow_from_being_published() -> None:
    builder = a_builder()

    shown = builder.page("publish/")
    answer = builder.client.post(f"{builder.base}publish/")

    assert "It cannot be published yet" in shown
    assert answer.status_code == 422
    assert builder.draft.published_number is None


def test_warnings_are_acknowledged_one_by_one_before_publishing() -> None:
    builder = a_builder()
    builder.press("add_step group - -")
    builder.press("add_step form group -")
    builder.press("add_field form short_text")
    warnings = [one.acknowledgement for one in builder.draft.findings]

    unticked = builder.client.post(f"{builder.base}publish/")
    ticked = builder.client.post(f"{builder.base}publish/", {"acknowledge": warnings}, follow=True)

    assert warnings
    assert unticked.status_code == 422
    assert b"Tick each warning" in unticked.content
    assert b"Published as version 1" in ticked.content
    assert set(warnings) <= set(builder.workflow.acknowledged)
