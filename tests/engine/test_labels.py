"""References of the old product, printed and stored, on the way in."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from tests.engine.makers import a_call, a_form, a_lookup, a_run, a_workflow
from tests.engine.seed import CODE, PHONE, main_workflow, seed_bodies, sub_workflow, text_fields
from waypost.engine.definition import Workflow
from waypost.engine.field_types.checklist import Checklist
from waypost.engine.jsonbody import JsonTemplate, normalise
from waypost.engine.labels import (
    label_of,
    resolve_labels,
    show_labels,
    unescape_jsonpath,
)
from waypost.engine.references import Reference, references_in


def resolved(text: str, workflow: Workflow | None = None) -> str:
    """The text with everything resolved."""
    found, unresolved = resolve_labels(text, workflow or sub_workflow())
    assert unresolved == ()
    return found


@pytest.mark.parametrize(
    ("printed", "stored"),
    [
        ("{2. Provide details - Customer name - Input}", "{{=provide_details.f0}}"),
        ("{2. Provide details - Customer name - Input (plain)}", "{{=provide_details.f0|plain}}"),
        ("{2. Provide details - Customer name - Input (json)}", "{{=provide_details.f0}}"),
        ("{81. Provide details - Customer email - Input (plain)}", "{{=provide_details.f1|plain}}"),
        ("{Provide details - Customer email - Input (plain)}", "{{=provide_details.f1|plain}}"),
        (f"To=%2B{{81. Provide details - {PHONE} - Input}}&", "To=%2B{{=provide_details.f2}}&"),
        (
            "{81.  Provide details - phone number. (Note: please include 1 before the area code.)"
            " - Input (plain)}",
            "{{=provide_details.f2|plain}}",
        ),
        (f"{{10. Verify yourself - {CODE} - Input (plain)}}", "{{=verify_yourself.f0|plain}}"),
        ("{83. Verification Instructions - Public URL}", "{{=instructions.public_url}}"),
        ("{10. Verify yourself - Public URL}", "{{=verify_yourself.public_url}}"),
        ("{84. Send Text - Integration step - status (plain)}", "{{=send_text.status|plain}}"),
        ("{84. Send Text - Any action - error_message}", "{{=send_text.error_message}}"),
        (r"{84. Send Text - Any \- action - error\_message}", "{{=send_text.error_message}}"),
        ("{InstanceID} {Instance ID} {instance id}", " ".join(["{{=instance.id}}"] * 3)),
        ("{{instance id}} {{instance_id}}", "{{=instance.id}} {{=instance.id}}"),
        ("{Instance name}-{Instance name (plain)}", "{{=instance.name}}-{{=instance.name|plain}}"),
        ('{"a":{"b":{InstanceID}}}', '{"a":{"b":{{=instance.id}}}}'),
        ('{"a":{2. Provide details - Customer name - Input}}', '{"a":{{=provide_details.f0}}}'),
        (
            "{{=send_text.status|plain}} {{name}} { } {",
            "{{=send_text.status|plain}} {{name}} { } {",
        ),
    ],
)
def test_printed_references_are_resolved(printed: str, stored: str) -> None:
    assert resolved(printed) == stored


def test_the_longest_name_that_fits_wins() -> None:
    fields = text_fields("Name", "Name - Input (plain)", "A - B")
    workflow = a_workflow(a_form(*fields, name="Form"), a_form(*fields, key="two", name="Form - A"))

    assert resolved("{2. Form - Name - Input (plain) - Input (plain)}", workflow) == (
        "{{=details.f1|plain}}"
    )
    assert resolved("{2. Form - Name - Input (plain)}", workflow) == "{{=details.f0|plain}}"
    assert resolved("{3. Form - A - A - B - Input}", workflow) == "{{=two.f2}}"


def test_a_name_that_ends_like_a_format_is_the_name() -> None:
    call = a_call("status (plain)", "status", name="Call")

    assert resolved("{2. Call - Integration step - status (plain)}", a_workflow(call)) == (
        "{{=call.status (plain)}}"
    )


def test_the_number_decides_between_equal_names() -> None:
    fields = text_fields("Name")
    workflow = a_workflow(a_form(*fields, key="one"), a_form(*fields, key="two"))

    assert resolved("{3. Details - Name - Input}", workflow) == "{{=two.f0}}"
    assert resolved("{3. details - name - Input}", workflow) == "{{=two.f0}}"
    assert resolve_labels("{9. Details - Name - Input}", workflow)[1] != ()


def test_what_points_at_nothing_stays_and_is_reported() -> None:
    text = 'a {2. Provide details - Gone - Input (plain)} {{"process_step": 99}}'

    found, unresolved = resolve_labels(text, sub_workflow())

    assert found == text
    assert [(one.text, one.place) for one in unresolved] == [
        ("{2. Provide details - Gone - Input (plain)}", 2),
        ('{{"process_step": 99}}', 46),
    ]


def with_ids() -> Workflow:
    """A published form (501, field 7001) and call (502)."""
    form = a_form(replace(text_fields("Name")[0], id=7001))
    items = Checklist(key="items", name="Items", id=7002, items=("A",))
    call = replace(a_call("status"), id=502)
    return a_workflow(replace(form, id=501, fields=(*form.fields, items)), call)


@pytest.mark.parametrize(
    ("step", "field", "output", "form", "stored"),
    [
        (501, 7001, "inputValue", "json", "{{=details.f0}}"),
        ("501", "7001", "inputValue", "plain", "{{=details.f0|plain}}"),
        (501, 7002, "itemsNotChecked", "json", "{{=details.items.itemsNotChecked}}"),
        (501, 7002, "itemsChecked", "plain", "{{=details.items|plain}}"),
        (502, 9, "status", "plain", "{{=call.status|plain}}"),
    ],
)
def test_stored_tokens_are_resolved_by_ids(
    step: object, field: object, output: str, form: str, stored: str
) -> None:
    token = json.dumps(
        {
            "process_step": step,
            "process_step_action": field,
            "output_data_variable": output,
            "formatting": form,
        }
    )

    assert resolved(f'"{{{token}}}"', with_ids()) == f'"{stored}"'
    assert resolved(f"{{{token}}}".replace("_", r"\_"), with_ids()) == stored
    assert resolved(f"{{{token}}}".replace('"', r"\""), with_ids()) == stored


def test_labels_are_printed_as_the_old_product_did() -> None:
    text = "{{=provide_details.f0|plain}} {{=send_text.status}} {{=instance.id}} {{=gone.x}}"

    assert show_labels(text, sub_workflow()) == (
        "{2. Provide details - Customer name - Input (plain)} "
        "{5. Send Text - Integration step - status} {Instance ID} {{{=gone.x}}}"
    )


def test_every_printed_label_is_read_back() -> None:
    workflow = with_ids()
    references = [
        Reference("details", "f0", "", "plain"),
        Reference("details", "items", "itemsNotChecked", "html"),
        Reference("call", "status"),
        Reference("call", "public_url"),
        Reference("instance", "name", "", "url"),
    ]

    for reference in references:
        label = f"{{{label_of(reference, workflow)}}}"

        assert resolved(label, workflow) == str(reference)


@pytest.mark.parametrize(
    ("pasted", "path"),
    [
        (r"\$.id", "$.id"),
        (r" \$.process\_snapshot.steps\[0].id ", "$.process_snapshot.steps[0].id"),
        (
            r"\$.process\_snapshot.steps\[0].actions\[5].id",
            "$.process_snapshot.steps[0].actions[5].id",
        ),
        ("$['a b'].c[*]", "$['a b'].c[*]"),
    ],
)
def test_markdown_escapes_in_a_jsonpath_are_dropped(pasted: str, path: str) -> None:
    assert unescape_jsonpath(pasted) == path


def test_every_body_of_the_seed_resolves_and_is_sound() -> None:
    for body in seed_bodies():
        workflow = main_workflow() if "Launch OTP SMS" in body else sub_workflow()

        text = resolved(body, workflow)

        if text.startswith("{"):
            assert isinstance(normalise(text), JsonTemplate), text
        if "{" in body and "Successful" not in body:
            assert references_in(text), text


def test_the_send_details_body_of_the_seed_becomes_the_expected_json() -> None:
    body = next(one for one in seed_bodies() if "Launch OTP SMS" in one)
    names = ("step_id", "name_aid", "email_aid", "phone_aid", "instance_aid", "step_aid")
    ids = dict(zip((*names, "action_aid"), range(501, 508), strict=True))
    workflow = main_workflow()
    template = normalise(resolved(body, workflow))
    assert isinstance(template, JsonTemplate)

    sent = json.loads(template.render(a_lookup(workflow, launch=a_run(variables=ids))))

    values = ["502", "503", "504", "9001", "RESULT_STEP_ID", "RESULT_ACTION_ID"]
    assert sent == {
        "step_id": 501,
        "actions": [
            {"action_id": action_id, "input_object": {"inputValue": value}}
            for action_id, value in zip(range(502, 508), values, strict=True)
        ],
    }
