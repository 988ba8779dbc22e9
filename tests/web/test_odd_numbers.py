"""Numbers, keys and names that no page of the editor offers, sent all the same."""

from __future__ import annotations

import pytest

from tests.instances.makers import a_call, a_form, a_place, an_actor
from tests.web.builders import Builder, a_builder
from tests.web.test_dry_run_pages import a_player
from tests.web.visitors import signed_in
from waypost.engine.conditions import Condition

pytestmark = pytest.mark.django_db


def a_numbers_builder() -> Builder:
    """A builder with a form that asks for a number, and a step behind it."""
    builder = a_builder(admin=True)
    builder.press("add_step form - -", name="Ask")
    builder.press("add_field ask number", name="Size")
    builder.press("add_step form ask -", name="End")
    return builder


@pytest.mark.parametrize("group", ["²", "9" * 5000])
def test_a_group_of_rules_with_an_odd_number_counts_as_none(group: str) -> None:
    builder = a_numbers_builder()
    asked = {"rows": "1", "group": "", "r0.source": "ask.size", "r0.group": group}

    answer = builder.client.get(f"{builder.base}steps/{builder.step('end').id}/conditions/", asked)

    assert answer.status_code == 200


@pytest.mark.parametrize("number", ["inf", "nan", "1e400"])
def test_what_is_no_number_of_json_stays_a_text_for_the_check(number: str) -> None:
    builder = a_numbers_builder()

    answer = builder.press(
        "set_condition end",
        **{"r0.source": "ask.size", "r0.operator": "equals", "r0.value": number},
    )

    condition = builder.step("end").condition
    assert answer.status == 303
    assert isinstance(condition, Condition)
    assert condition.rules[0].value == number


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1", "99"])
def test_an_answer_that_was_not_offered_is_refused(number: str) -> None:
    call = a_call(url="https://api.sendgrid.com/v3/mail/send", body="{}", method="POST")
    player = a_player(call, a_form())
    player.post("start/")
    player.post("stops/")

    page = player.post(
        f"runs/1/steps/{player.draft.workflow.steps[0].id}/answer/", answer=f"known-{number}"
    )

    assert "This call does not wait any more" in page


def test_a_dry_run_is_saved_without_letters_that_the_database_refuses() -> None:
    player = a_player(a_form())
    player.post("start/")

    page = player.post("save/", name="a\0b")

    assert "is saved" in page
    assert [run.name for run in player.draft.workflow.dry_runs] == ["ab"]


def test_an_odd_step_of_somebody_present_is_nothing_worse() -> None:
    builder = a_builder()

    answer = builder.client.post(f"{builder.base}presence/", {"step": "a\0b"})

    assert answer.status_code == 200


def test_a_set_up_without_any_answer_asks_for_all() -> None:
    admin = an_actor(a_place().workspace, admin=True)

    answer = signed_in(admin).post("/library/sendgrid_email/")

    assert answer.status_code == 422
    assert "Fill this in." in answer.content.decode()
