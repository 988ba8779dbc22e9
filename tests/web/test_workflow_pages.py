"""Workflows: the list, the page of one, and starting it."""

from __future__ import annotations

import pytest

from tests.instances.makers import a_call, a_form, a_place, published
from tests.web.visitors import lead_of
from waypost.instances.listing import InstanceFilter, Listing, list_instances

pytestmark = pytest.mark.django_db


def test_the_page_shows_numbers_and_the_ids_that_calls_need() -> None:
    place = a_place()
    workflow = published(place, a_form("first"), a_call("second"))
    first, second = workflow.steps

    page = lead_of(place).get(f"/workflows/{workflow.id}/").content.decode()

    for shown in (workflow.id, first.id, first.fields[0].id, second.id):
        assert f"<code>{shown}</code>" in page
    assert 'aria-hidden="true">2</span>' in page
    assert "It has not run yet" in page


def test_starting_asks_for_a_name_and_leads_to_the_run() -> None:
    place = a_place()
    workflow = published(place, a_form())
    client = lead_of(place)

    asked = client.get(f"/workflows/{workflow.id}/start/")
    answer = client.post(f"/workflows/{workflow.id}/start/", {"name": "Case 9"})
    runs = list_instances(place.lead, InstanceFilter())

    assert b"Name of this run" in asked.content
    assert isinstance(runs, Listing)
    assert [row.name for row in runs.rows] == ["Case 9"]
    assert answer["Location"] == f"/instances/{runs.rows[0].id}/"


def test_a_start_without_a_name_says_why_not() -> None:
    place = a_place()
    workflow = published(place, a_form())

    answer = lead_of(place).post(f"/workflows/{workflow.id}/start/", {"name": " "})

    assert answer.status_code == 422
    assert b"It did not start" in answer.content


def test_a_workflow_that_names_its_runs_asks_for_none() -> None:
    place = a_place()
    workflow = published(
        place, a_form(), has_automatic_names=True, name_template="No {{=instance.id}}"
    )
    client = lead_of(place)

    asked = client.get(f"/workflows/{workflow.id}/start/")
    answer = client.post(f"/workflows/{workflow.id}/start/", {"name": ""}, follow=True)

    assert b"Name of this run" not in asked.content
    assert b"<h1>No " in answer.content


def test_an_empty_workspace_says_what_belongs_there() -> None:
    client = lead_of(a_place())

    assert b"waypost import" in client.get("/workflows/").content
    assert b"No workflow has run yet" in client.get("/instances/").content


def test_a_start_carries_the_declared_parameters_of_its_address() -> None:
    place = a_place()
    workflow = published(place, a_form(), url_parameters=("country", "name"))
    client = lead_of(place)

    asked = client.get(f"/workflows/{workflow.id}/start/?country=Spain+%3Cb%3E&utm=mail&name=")
    answer = client.post(
        f"/workflows/{workflow.id}/start/",
        {"name": "Case", "url.country": "Spain <b>", "url.utm": "mail"},
        follow=True,
    )

    form, page = asked.content.decode(), answer.content.decode()
    assert '<input type="hidden" name="url.country" value="Spain &lt;b&gt;">' in form
    assert "<b>country:</b> Spain &lt;b&gt;" in form
    assert "utm" not in form and "url.name" not in form
    assert "<b>country:</b> Spain &lt;b&gt;" in page
    assert "mail" not in page.partition("</h1>")[2].partition("</ul>")[0]


def test_a_start_that_was_refused_keeps_the_parameters() -> None:
    place = a_place()
    workflow = published(place, a_form(), url_parameters=("country",))

    answer = lead_of(place).post(
        f"/workflows/{workflow.id}/start/", {"name": " ", "url.country": "Spain"}
    )

    assert answer.status_code == 422
    assert 'name="url.country" value="Spain"' in answer.content.decode()
