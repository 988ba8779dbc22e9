"""The editor without script: every action is a form, and every page stands on its own."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.instances.makers import a_place, an_actor
from tests.web.builders import Builder, a_builder
from tests.web.visitors import signed_in
from waypost.engine.field_types.radio import Radio
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.step import Variable
from waypost.engine.step_types.http_request import Header, HttpRequest, RetryPolicy
from waypost.engine.step_types.instruction import Instruction

pytestmark = pytest.mark.django_db


def keys(builder: Builder) -> list[str]:
    return [
        f"{builder.workflow.number_by_key[step.key]} {step.key}" for step in builder.workflow.steps
    ]


def test_a_new_workflow_asks_for_a_name_and_opens_its_editor() -> None:
    client = signed_in(an_actor(a_place().workspace, "Builder"))

    asked = client.get("/workflows/new/")
    nameless = client.post("/workflows/new/", {"name": " "})
    made = client.post("/workflows/new/", {"name": "Onboarding"}, follow=True)

    assert b"Create a new workflow" in asked.content
    assert nameless.status_code == 422
    assert b"Add the first one" in made.content
    assert b'value="Onboarding"' in made.content


def test_an_added_step_opens_with_its_number_and_id() -> None:
    builder = a_builder()

    answer = builder.press("add_step form - -")
    step = builder.step("form")
    page = builder.page(f"steps/{step.id}/")

    assert answer.status == 303
    assert answer.headers["Location"] == f"{builder.base}steps/{step.id}/"
    assert f"<code>{step.id}</code>" in page
    for label in (
        "+ Add Form field",
        "Add conditions",
        "Schedule start",
        "Add deadline",
        "Assignee selection",
    ):
        assert label in page


def test_every_kind_of_step_can_be_added_and_opened() -> None:
    builder = a_builder()

    for kind in ("form", "instruction", "group", "parallel", "http_request"):
        builder.press(f"add_step {kind} - -")

    for step in builder.workflow.steps:
        assert step.name in builder.page(f"steps/{step.id}/")


def test_the_seed_guide_s_labels_are_there() -> None:
    builder = a_builder(admin=True)
    builder.press("add_step http_request - -")

    page = builder.page(f"steps/{builder.step('custom_integration').id}/")

    for label in (
        *("+ Add step", "Integration", "Custom integration", "Settings", "Method", "URL"),
        *("Headers", "+ Add header", "Authorization", "Body", "Variables", "+ Add variable"),
        *("On failure", "Skip this step on failure", "Make non-blocking", "Test integration"),
    ):
        assert label in page


def test_a_step_is_added_between_others_and_in_a_group() -> None:
    builder = a_builder()
    builder.press("add_step form - -")
    builder.press("add_step group form -")
    builder.press("add_step instruction form -")

    builder.press("add_step http_request - group")

    assert keys(builder) == ["2 form", "3 instruction", "4 group", "4.1 custom_integration"]


def test_the_dialog_for_a_place_names_it_and_offers_every_kind() -> None:
    builder = a_builder()
    builder.press("add_step group - -")

    page = builder.page("add/?after=-&within=group")

    assert "Add a step in Group" in page
    assert 'value="add_step form - group"' in page
    assert 'value="add_step http_request - group"' in page


def test_a_step_moves_up_and_down_and_says_so() -> None:
    builder = a_builder()
    builder.press("add_step form - -")
    builder.press("add_step instruction form -")

    answer = builder.press("shift_step instruction up", part=True)

    assert keys(builder) == ["2 instruction", "3 form"]
    assert "Instruction is step 2 now." in answer.text
    assert builder.press("shift_step instruction up").status == 422


def test_a_dropped_step_moves_to_its_place() -> None:
    builder = a_builder()
    builder.press("add_step form - -")
    builder.press("add_step group form -")

    builder.press("move_step form - group")

    assert keys(builder) == ["2 group", "2.1 form"]


def test_a_step_moves_into_a_new_group_and_the_group_comes_apart() -> None:
    builder = a_builder()
    builder.press("add_step form - -")
    step = builder.step("form")

    dialog = builder.page(f"steps/{step.id}/place/")
    builder.press("place_step form", container="new:parallel")
    inside = keys(builder)
    builder.press("unwrap_step parallel")

    assert "A new parallel around it" in dialog
    assert inside == ["2 parallel", "2.1 form"]
    assert keys(builder) == ["2 form"]
    assert builder.step("form").id == step.id


def test_a_step_is_made_non_blocking_duplicated_and_deleted() -> None:
    builder = a_builder()
    builder.press("add_step form - -")

    builder.press("make_non_blocking form")
    is_blocking = builder.step("form").is_blocking
    builder.press("make_blocking form")
    builder.press("duplicate_step form")
    builder.press("remove_step form")

    assert not is_blocking
    assert keys(builder) == ["2 form_2"]
    assert builder.step("form_2").is_blocking


def test_deleting_the_open_step_leads_to_the_overview() -> None:
    builder = a_builder()
    builder.press("add_step form - -")

    answer = builder.press("remove_step form", at=builder.step("form").id)

    assert answer.headers["Location"] == builder.base


def test_name_assignee_and_notes_of_a_step_are_saved() -> None:
    builder = a_builder()
    builder.press("add_step form - -")

    builder.press("save_step form", name=" Ask  twice ", assignee="external", notes="Why\r\nnot")

    step = builder.step("form")
    assert (step.name, step.assignee, step.notes) == ("Ask  twice", "external", "Why\nnot")


def test_the_settings_of_an_integration_are_saved_as_entered() -> None:
    builder = a_builder()
    builder.press("add_step http_request - -")

    answer = builder.press(
        "save_step custom_integration",
        **{
            "name": "Send Text",
            "drawn": "method url headers body variables on_failure retry timeout_seconds",
            "method": "PUT",
            "url": "https://api.example/x ",
            "headers.name": ["Content-Type", ""],
            "headers.value": ["application/json", ""],
            "body": '{\r\n"a": 1}',
            "variables.name": ["status", ""],
            "variables.path": ["$.status", ""],
            "variables.default": ["none", ""],
            "on_failure": "skip",
            "retry.times": "3",
            "retry.statuses": "429, 503",
            "retry.delay_seconds": "5",
            "timeout_seconds": "20",
        },
    )

    step = builder.step("custom_integration")
    assert answer.status == 303
    assert isinstance(step, HttpRequest)
    assert (step.method, step.url, step.body) == ("PUT", "https://api.example/x", '{\n"a": 1}')
    assert step.headers == (Header(name="Content-Type", value="application/json"),)
    assert step.variables == (Variable(name="status", path="$.status", default="none"),)
    assert step.retry == RetryPolicy(times=3, statuses=(429, 503), delay_seconds=5)
    assert (step.on_failure, step.timeout_seconds) == ("skip", 20)


def test_a_setting_that_cannot_be_kept_says_why() -> None:
    builder = a_builder()
    builder.press("add_step http_request - -")

    answer = builder.press(
        "save_step custom_integration", drawn="timeout_seconds", timeout_seconds="soon"
    )
    strange = builder.press("save_step custom_integration", drawn="method", method="SHOUT")

    assert answer.status == 422
    assert "enter a number" in answer.text
    assert strange.status == 422


def test_an_instruction_holds_its_text() -> None:
    builder = a_builder()
    builder.press("add_step instruction - -")

    builder.press("save_step instruction", drawn="text", text="Read **this**")

    step = builder.step("instruction")
    assert isinstance(step, Instruction)
    assert step.text == "Read **this**"


def test_every_kind_of_field_can_be_added_and_its_id_copied() -> None:
    builder = a_builder()
    builder.press("add_step form - -")
    kinds = ("short_text", "radio", "routing", "date", "checklist", "number", "instruction")

    for kind in kinds:
        builder.press(f"add_field form {kind}")

    page = builder.page(f"steps/{builder.step('form').id}/")
    for field in builder.step("form").fields:
        assert field.id > 0
        assert f'label="Form field ID">ID <code>{field.id}</code>' in page


def test_a_field_is_changed_ordered_duplicated_and_deleted() -> None:
    builder = a_builder()
    builder.press("add_step form - -")
    builder.press("add_field form radio")
    builder.press("add_field form short_text")

    builder.press(
        "save_field form radio",
        **{"name": "Result", "info": "Once", "is_required": "on", "drawn": "items accepts_other"},
        items="Successful\r\n\r\nChallenge expired ",
        accepts_other="on",
    )
    builder.press("shift_field form short_text up")
    builder.press("duplicate_field form radio")
    builder.press("remove_field form short_text")

    first, copy = builder.step("form").fields
    assert isinstance(first, Radio)
    assert (first.name, first.info, first.is_required) == ("Result", "Once", True)
    assert first.items == ("Successful", "Challenge expired")
    assert first.accepts_other
    assert (copy.key, copy.name) == ("radio_2", "Result (copy)")


def test_buttons_of_a_routing_field_lead_to_steps() -> None:
    builder = a_builder()
    builder.press("add_step form - -")
    builder.press("add_step form form -")
    builder.press("add_field form_2 routing")

    builder.press(
        "save_field form_2 routing",
        **{
            "name": "Way",
            "drawn": "buttons",
            "buttons.label": ["Confirm and continue", "Back", ""],
            "buttons.action": ["complete", "return", "complete"],
            "buttons.target": ["form", "form", ""],
        },
    )

    field = builder.step("form_2").fields[0]
    assert isinstance(field, Routing)
    assert field.buttons == (
        Button(label="Confirm and continue", action="complete"),
        Button(label="Back", action="return", target="form"),
    )


def test_the_overview_and_the_start_are_saved() -> None:
    builder = a_builder()

    builder.press(
        "save_workflow",
        name="New name",
        description="What for",
        lead="",
        tech_lead="",
        tags="a, b,a",
    )
    builder.press(
        "save_start",
        has_automatic_names="on",
        name_template="No {{=instance.id}}",
        url_parameters="country, time\ncountry",
    )

    workflow = builder.workflow
    assert (workflow.name, workflow.description, workflow.tags) == (
        *("New name", "What for"),
        ("a", "b"),
    )
    assert workflow.has_automatic_names
    assert workflow.name_template == "No {{=instance.id}}"
    assert workflow.url_parameters == ("country", "time")
    assert 'name="url_parameters" value="country, time"' in builder.page()


def test_a_wrong_url_parameter_is_told_with_a_link_to_its_box() -> None:
    builder = a_builder()

    builder.press("save_start", url_parameters="a+b")

    assert f'href="{builder.base}#workflow-url_parameters"' in builder.page()


def test_every_finding_stands_in_the_problems_with_a_link_to_its_place() -> None:
    builder = a_builder()
    builder.press("add_step http_request - -")
    builder.press("save_step custom_integration", drawn="body", body="{{=gone.x}}")
    step = builder.step("custom_integration")

    page = builder.page()

    assert f'href="{builder.base}steps/{step.id}/#step-body"' in page
    assert 'id="step-body"' in builder.page(f"steps/{step.id}/")
    assert "has-errors" in page


def test_what_to_do_about_a_problem_names_references_as_people_read_them() -> None:
    builder = a_builder()
    builder.press("add_step form - -")

    builder.press("save_step form", assignee="external")

    assert "Put the public link {2. Form - Public URL} into a mail" in builder.page()


def test_a_branch_of_a_parallel_is_not_offered_to_be_non_blocking() -> None:
    builder = a_builder()
    builder.press("add_step parallel - -")
    builder.press("add_step form - parallel")
    builder.press("make_non_blocking form")

    page = builder.page(f"steps/{builder.step('form').id}/")

    assert "make_non_blocking parallel" in page
    assert "blocking form" not in page
    assert "non-blocking</span>" not in page


def test_undo_and_redo_take_back_what_the_builder_did() -> None:
    builder = a_builder()
    builder.press("add_step form - -")

    builder.press("undo")
    undone = keys(builder)
    builder.press("redo")

    assert undone == []
    assert keys(builder) == ["2 form"]


def test_an_unknown_button_is_refused() -> None:
    assert a_builder().press("launch rocket").status == 422


def test_strangers_sign_in_and_other_workspaces_find_nothing() -> None:
    builder = a_builder()
    stranger = signed_in(an_actor(a_place().workspace, "Stranger"))

    assert Client().get(builder.base).status_code == 302
    assert stranger.get(builder.base).status_code == 404
    assert stranger.post(f"{builder.base}change/", {"act": "undo"}).status_code == 404


def test_colleagues_who_may_not_change_look_only() -> None:
    place = a_place()
    builder = a_builder(place=place)
    builder.press("add_step form - -")
    colleague = an_actor(place.workspace, "Colleague")
    looking = Builder(colleague, signed_in(colleague), builder.workflow_id)

    page = looking.page(f"steps/{builder.step('form').id}/")
    answer = looking.press("add_step form - -")
    publish = looking.client.get(f"{builder.base}publish/")

    assert "You may look, but not change" in page
    assert 'value="add_step' not in page
    assert re.search(r'<fieldset class="plain[^"]*" disabled>', page)
    assert answer.status == 403
    assert publish.status_code == 403
    assert keys(builder) == ["2 form"]


def test_the_value_of_a_header_is_not_kept_before_its_name_says_what_it_is() -> None:
    builder = a_builder(admin=True)
    builder.press("add_step http_request - -", name="Call")
    (step,) = builder.workflow.steps

    builder.press(
        f"save_step {step.key}",
        **{
            "drawn": "headers",
            "headers.name": ["", "Accept"],
            "headers.value": ["SG.quite-secret", "text/plain"],
        },
    )

    (step,) = builder.workflow.steps
    assert isinstance(step, HttpRequest)
    assert step.headers == (Header(name="Accept", value="text/plain"),)
