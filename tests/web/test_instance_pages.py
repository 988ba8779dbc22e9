"""Runs: the list, the page, and what can be done there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.instances.makers import Place, a_call, a_form, a_place, published, started
from tests.web.visitors import lead_of
from waypost.engine.field_types.routing import Button, Routing
from waypost.instances.actions import (
    Done,
    NewInstance,
    complete_step,
    start_instance,
    stop_instances,
)
from waypost.instances.deleting import delete_workflow
from waypost.instances.detail import InstanceDetail
from waypost.instances.queries import load_instance

pytestmark = pytest.mark.django_db


def now(place: Place, detail: InstanceDetail) -> InstanceDetail:
    loaded = load_instance(place.lead, detail.id)
    assert isinstance(loaded, InstanceDetail)
    return loaded


def text_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_the_list_finds_by_name_status_and_workflow() -> None:
    place = a_place()
    one, other = published(place, a_form()), published(place, a_form())
    started(place, one, "Ann")
    ended = started(place, other, "Bob")
    complete_step(place.lead, ended.id, other.steps[0].id, {})
    client = lead_of(place)

    assert "Bob" not in text_of(client, "/instances/?name=an")
    assert "Ann" not in text_of(client, "/instances/?status=completed")
    assert "Bob" not in text_of(client, f"/instances/?workflow={one.id}")
    assert "Nothing fits" in text_of(client, "/instances/?name=nobody")
    assert client.get("/instances/?workflow=x&page=-1&status=odd").status_code == 200


def test_the_page_shows_steps_form_and_log() -> None:
    place = a_place()
    detail = started(place, published(place, a_form("first"), a_form("second")), "Case 7")

    page = text_of(lead_of(place), f"/instances/{detail.id}/")

    assert "Case 7" in page
    assert "First is open" in page
    assert "Waiting for a person" in page
    assert page.count("Not started") == 1


def test_completing_a_step_goes_on_to_the_next() -> None:
    place = a_place()
    workflow = published(place, a_form("first"), a_form("second"))
    detail = started(place, workflow)
    first = workflow.steps[0]

    answer = lead_of(place).post(
        f"/instances/{detail.id}/steps/{first.id}/complete/",
        {"visit": "1", f"field-{first.fields[0].id}": "Hello"},
        follow=True,
    )

    page = answer.content.decode()
    assert "First is completed." in page
    assert "Text: <strong>Hello</strong>" in page
    assert now(place, detail).active_step_ids == (workflow.steps[1].id,)


def test_a_second_complete_of_the_same_form_says_why_not() -> None:
    place = a_place()
    workflow = published(place, a_form("first"), a_form("second"))
    detail = started(place, workflow)
    path = f"/instances/{detail.id}/steps/{workflow.steps[0].id}/complete/"
    client = lead_of(place)
    client.post(path, {"visit": "1"})

    again = client.post(path, {"visit": "1"})

    assert again.status_code == 422
    assert b'class="message error"' in again.content
    assert now(place, detail).active_step_ids == (workflow.steps[1].id,)


def test_a_routing_button_takes_its_way_with_the_comment() -> None:
    place = a_place()
    ways = Routing(
        key="way",
        name="Which way",
        buttons=(
            Button(label="Go on", action="complete"),
            Button(label="Stop here", action="decline"),
        ),
    )
    workflow = published(place, a_form("choose", fields=(ways,)), a_form("next"))
    detail = started(place, workflow)
    field_id = workflow.steps[0].fields[0].id
    client = lead_of(place)
    path = f"/instances/{detail.id}/"

    page = text_of(client, path)
    client.post(
        f"{path}steps/{workflow.steps[0].id}/complete/",
        {"visit": "1", f"field-{field_id}": "1", f"field-{field_id}-comment": "No need"},
    )

    assert "Complete</button>" not in page
    assert now(place, detail).row.status == "aborted"
    assert "No need" in text_of(client, path)


def test_a_routing_asked_again_has_an_empty_comment() -> None:
    place = a_place()
    again = Button(label="Once more", action="return", target="ask")
    way = Routing(key="way", name="Which way", buttons=(again,))
    workflow = published(place, a_form("ask"), a_form("choose", fields=(way,)))
    detail = started(place, workflow)
    ask, choose = workflow.steps
    field_id = choose.fields[0].id
    client = lead_of(place)
    steps = f"/instances/{detail.id}/steps/"

    client.post(f"{steps}{ask.id}/complete/", {"visit": "1"})
    told = {"visit": "1", f"field-{field_id}": "0", f"field-{field_id}-comment": "Not yet"}
    client.post(f"{steps}{choose.id}/complete/", told)
    client.post(f"{steps}{ask.id}/complete/", {"visit": "2"})

    assert now(place, detail).active_step_ids == (choose.id,)
    assert 'maxlength="5000"></textarea>' in text_of(client, f"/instances/{detail.id}/")


@pytest.mark.parametrize("what", ["stop/", "steps/{step}/skip/", "steps/{step}/restart/"])
def test_what_cannot_be_undone_asks_first(what: str) -> None:
    place = a_place()
    workflow = published(place, a_form())
    detail = started(place, workflow)

    page = lead_of(place).get(f"/instances/{detail.id}/{what.format(step=workflow.steps[0].id)}")

    assert b"Go back" in page.content
    assert now(place, detail).version == detail.version


def test_stop_and_skip_do_it() -> None:
    place = a_place()
    workflow = published(place, a_form("first"), a_form("second"))
    skipped, stopped = started(place, workflow), started(place, workflow)
    client = lead_of(place)

    client.post(f"/instances/{skipped.id}/steps/{workflow.steps[0].id}/skip/")
    client.post(f"/instances/{stopped.id}/stop/")

    assert now(place, skipped).active_step_ids == (workflow.steps[1].id,)
    assert now(place, stopped).row.status == "aborted"
    assert "stopped it" in text_of(client, f"/instances/{stopped.id}/")


def test_an_unchanged_page_costs_a_304() -> None:
    place = a_place()
    workflow = published(place, a_form("first"), a_form("second"))
    detail = started(place, workflow)
    client, path = lead_of(place), f"/instances/{detail.id}/live"
    etag = client.get(path)["ETag"]

    same = client.get(path, headers={"If-None-Match": etag})
    complete_step(place.lead, detail.id, workflow.steps[0].id, {})
    other = client.get(path, headers={"If-None-Match": etag})

    assert (same.status_code, same.content) == (304, b"")
    assert other.status_code == 200
    assert b"<html" not in other.content


def test_pages_need_the_same_number_of_queries_however_much_there_is() -> None:
    place = a_place()
    workflow = published(place, a_form("first"), a_call(), a_form("second"))
    first = started(place, workflow, "First")
    client = lead_of(place)
    paths = ("/", "/instances/", f"/instances/{first.id}/", f"/workflows/{workflow.id}/")
    few = [queries(client, path) for path in paths]

    for number in range(5):
        detail = started(place, workflow, f"Run {number}")
        complete_step(place.lead, detail.id, workflow.steps[0].id, {})
    complete_step(place.lead, first.id, workflow.steps[0].id, {})
    many = [queries(client, path) for path in paths]

    *others, of_the_workflow = many
    assert many == few
    assert max(others) <= 13
    # It shows draft, notes, changelog and people of the workflow besides its runs.
    assert of_the_workflow <= 26


def queries(client: Client, path: str) -> int:
    """How many queries a page needs, once this process has seen the workflow."""
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    return len(seen)


def test_ended_runs_of_a_deleted_workflow_keep_its_name() -> None:
    place = a_place()
    workflow = published(place, a_form())
    instance = started(place, workflow, "Old case")
    stop_instances(place.lead, [instance.id])

    assert delete_workflow(place.lead, workflow.id) is None

    client = lead_of(place)
    for path in ("/", "/instances/"):
        assert workflow.name in client.get(path).content.decode(), path
    assert client.get(f"/instances/{instance.id}/").status_code == 200


def test_url_parameters_stand_in_the_order_of_their_declaration() -> None:
    place = a_place()
    workflow = published(place, a_form(), url_parameters=("country", "time"))
    given = {"time": "Monday", "country": "Spain"}
    done = start_instance(place.lead, workflow.id, NewInstance(name="Ann", url_parameters=given))
    assert isinstance(done, Done)

    page = text_of(lead_of(place), f"/instances/{done.instance.id}/")

    assert "<li><b>country:</b> Spain</li><li><b>time:</b> Monday</li>" in page
