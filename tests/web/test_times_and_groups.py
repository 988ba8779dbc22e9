"""Groups, scheduled steps and deadlines as pages show them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.instances.makers import a_form, a_group, a_place, published, started
from tests.instances.rows import run
from tests.web.visitors import lead_of
from waypost.instances.actions import complete_step, skip_step
from waypost.instances.links import link_path

pytestmark = pytest.mark.django_db

TOMORROW: dict[str, object] = {"amount": 1}


def words_of(client: Client, path: str) -> str:
    """What a page says, without its tags."""
    page = client.get(path).content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_a_group_is_a_heading_above_its_numbered_steps() -> None:
    place = a_place()
    inner = a_group("inner", type="parallel", within="outer")
    steps = (a_group("outer"), inner, a_form("one", within="inner"), a_form("two", within="outer"))
    workflow = published(place, *steps)
    instance = started(place, workflow)
    client, path = lead_of(place), f"/instances/{instance.id}/"

    said = words_of(client, path)

    assert "2. Outer One after the other" in said
    assert "2.1. Inner All at once" in said
    assert "2.1.1. One Waiting for a person" in said
    assert "2.2. Two Not started" in said
    complete_step(place.lead, instance.id, workflow.steps[2].id, {})
    assert "2.1. Inner Completed All at once" in words_of(client, path)


def test_a_scheduled_step_says_when_it_starts_and_can_be_skipped() -> None:
    place = a_place()
    workflow = published(place, a_form("later", schedule=TOMORROW), a_form("next"))
    instance = started(place, workflow)
    client, path = lead_of(place), f"/instances/{instance.id}/"
    due_at = instance.state.run("later").due_at
    assert due_at is not None

    said = words_of(client, path)

    assert f"Starts {due_at:%-d %b, %H:%M}" in said
    assert f"Later starts {due_at:%-d %b, %H:%M}" in said
    assert "Skip Later" in said
    skip_step(place.lead, instance.id, workflow.steps[0].id)
    assert "Later was skipped" in words_of(client, path)


def test_a_deadline_is_told_where_the_work_is_until_it_is_over() -> None:
    place = a_place()
    instance = started(place, published(place, a_form(deadline=TOMORROW), a_form("next")))
    due_at = instance.step_deadlines[instance.workflow.steps[0].id]
    client, path = lead_of(place), f"/instances/{instance.id}/"
    due = f"Due {due_at:%-d %b, %H:%M}"

    assert words_of(client, path).count(due) == 2
    assert due in words_of(client, "/")
    let_it_be_over(instance.id)
    assert words_of(client, path).count("Overdue since") == 2
    assert "Overdue since" in words_of(client, "/")


def test_the_page_of_a_workflow_says_when_its_steps_start_and_are_due() -> None:
    place = a_place()
    later = a_form("later", within="group", schedule=TOMORROW, deadline={"amount": 2})
    workflow = published(place, a_group(), later)

    said = words_of(lead_of(place), f"/workflows/{workflow.id}/")

    assert "2.1. Later" in said
    assert "Starts 1 day after its turn comes." in said
    assert "Due 2 days after its turn comes." in said


def test_an_early_link_says_when_its_step_opens() -> None:
    place = a_place()
    form = a_form("later", assignee="external", schedule=TOMORROW)
    instance = started(place, published(place, a_form(), form))
    path = link_path(instance, instance.workflow.steps[1])
    assert "opens when the step before it is done" in words_of(Client(), path)

    complete_step(place.lead, instance.id, instance.workflow.steps[0].id, {})

    said = words_of(Client(), path)
    assert "Not available yet" in said
    assert "Later opens on" in said


def let_it_be_over(instance_id: int) -> None:
    """Move the deadline of the first step back."""
    run(
        "UPDATE instance_state SET state = jsonb_set(state, '{runs,ask,deadline_at}',"
        " to_jsonb(clock_timestamp() - interval '1 hour')) WHERE instance_id = %s",
        instance_id,
    )
    run(
        "UPDATE open_step SET deadline_at = clock_timestamp() - interval '1 hour'"
        " WHERE instance_id = %s",
        instance_id,
    )
