"""Conditions, schedules and deadlines, set in dialogs that are pages without script."""

from __future__ import annotations

import pytest

from tests.web.builders import Builder, a_builder
from waypost.engine.conditions import Condition, Rule, RuleGroup
from waypost.engine.moment import Moment

pytestmark = pytest.mark.django_db


def with_two_forms() -> Builder:
    """A radio in the first form for the second to look at."""
    builder = a_builder()
    builder.press("add_step form - -")
    builder.press("add_field form radio")
    builder.press("add_step form form -")
    return builder


def test_a_condition_is_saved_and_said_in_a_sentence() -> None:
    builder = with_two_forms()

    builder.press(
        "set_condition form_2",
        **{
            "match": "any",
            "r0.source": "form.radio",
            "r0.operator": "is",
            "r0.value": "Option B",
            "r0.group": "",
            "r1.source": "form",
            "r1.operator": "was_skipped",
            "r1.group": "1",
            "g1.match": "all",
        },
    )

    step = builder.step("form_2")
    assert step.condition == Condition(
        match="any",
        rules=(Rule(source="form.radio", operator="is", value="Option B"),),
        groups=(RuleGroup(rules=(Rule(source="form", operator="was_skipped"),)),),
    )
    page = builder.page(f"steps/{step.id}/")
    assert "Runs when Form: Radio is “Option B” or Form was skipped." in page


def test_a_condition_of_a_field_is_its_own_and_can_be_removed() -> None:
    builder = with_two_forms()
    builder.press("add_field form_2 short_text")
    rule = {"r0.source": "form.radio", "r0.operator": "is_any_of", "r0.value": ["Option A"]}

    builder.press("set_condition form_2 short_text", **rule)
    field = builder.step("form_2").fields[0]
    builder.press("clear_condition form_2 short_text")

    assert field.condition == Condition(
        rules=(Rule(source="form.radio", operator="is_any_of", value=("Option A",)),)
    )
    assert builder.step("form_2").condition is None
    assert builder.step("form_2").fields[0].condition is None


def test_operators_and_values_fit_what_a_rule_looks_at() -> None:
    builder = with_two_forms()
    step = builder.step("form_2")

    page = builder.page(
        f"steps/{step.id}/conditions/?rows=1&r0.source=form.radio&r0.operator=is&r0.group="
    )

    assert "is none of" in page
    assert "run succeeded" not in page
    assert '<option value="Option B">Option B</option>' in page


def test_rules_and_groups_are_added_and_dropped_without_script() -> None:
    builder = with_two_forms()
    base = (
        f"steps/{builder.step('form_2').id}/conditions/?rows=1&r0.source=form.radio&r0.operator=is"
    )

    more = builder.page(f"{base}&r0.group=&more=")
    group = builder.page(f"{base}&r0.group=&group=1")
    dropped = builder.page(f"{base}&r0.group=&r1.source=form&r1.operator=was_skipped&drop=0")

    assert more.count('class="rule"') == 2
    assert 'name="g1.match"' in group
    assert dropped.count('class="rule"') == 1
    assert "the step itself" in dropped


def test_the_first_step_has_nothing_to_look_at() -> None:
    builder = with_two_forms()

    page = builder.page(f"steps/{builder.step('form').id}/conditions/")

    assert "no step comes before this one" in page


def test_a_schedule_and_a_deadline_are_set_said_and_removed() -> None:
    builder = with_two_forms()
    step = builder.step("form_2")
    soon = {"anchor": "step_end", "step": "form", "amount": "2", "unit": "hours"}

    dialog = builder.page(f"steps/{step.id}/schedule/")
    builder.press("set_moment form_2 schedule", **soon, direction="after", weekday=["1", "2"])
    builder.press(
        "set_moment form_2 deadline",
        **{"anchor": "turn", "amount": "3", "unit": "days", "direction": "after"},
        time_of_day="17:00",
    )
    page = builder.page(f"steps/{step.id}/")
    stored = builder.step("form_2").schedule
    builder.press("clear_moment form_2 schedule")

    assert "2. Form" in dialog
    assert stored == Moment(
        anchor="step_end", source="form", amount=2, unit="hours", weekdays=(1, 2)
    )
    assert "Starts 2 hours after Form ends, counting Monday and Tuesday only." in page
    assert "Due 3 days after its turn comes, at 17:00." in page
    assert builder.step("form_2").schedule is None
    assert builder.step("form_2").deadline is not None


def test_a_moment_without_its_step_is_refused() -> None:
    builder = with_two_forms()

    answer = builder.press(
        "set_moment form_2 deadline", anchor="step_end", amount="1", unit="days", direction="after"
    )

    assert answer.status == 422
    assert "Choose the step" in answer.text


def test_a_rule_without_a_way_to_compare_is_not_saved() -> None:
    builder = with_two_forms()

    answer = builder.press("set_condition form_2", **{"r0.source": "form.radio"})

    assert "Press Choose beside it" in answer.text
    assert builder.step("form_2").condition is None
