"""What a builder may refer to at a step, and texts cut for an editor."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.engine.makers import a_call, a_form, a_workflow
from tests.engine.seed import main_workflow, seed_bodies, sub_workflow, text_fields
from waypost.engine.conditions import Condition
from waypost.engine.definition import Workflow
from waypost.engine.field_types.checklist import Checklist
from waypost.engine.field_types.phone import Phone
from waypost.engine.known_references import KnownReference, known_references
from waypost.engine.labels import label_of, resolve_labels
from waypost.engine.references import Reference, references_in
from waypost.engine.segments import Segment, segments_of
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.group import Group
from waypost.engine.step_types.parallel import Parallel


def known(workflow: Workflow, step_key: str) -> dict[str, KnownReference]:
    """What is known at the step, by stored reference."""
    return {str(one.reference)[3:-2]: one for one in known_references(workflow, step_key)}


def a_flow(*steps: AnyStep) -> Workflow:
    """A workflow of any steps."""
    return Workflow(key="flow", name="Flow", steps=steps)


def test_earlier_values_are_known_and_own_and_later_ones_are_not() -> None:
    workflow = a_workflow(
        a_form(*text_fields("Name")), a_call("x"), a_form(*text_fields("Later"), key="later")
    )

    assert list(known(workflow, "details")) == ["instance.id", "instance.name"]
    assert list(known(workflow, "call"))[:-2] == ["details.f0"]
    assert list(known(workflow, "later"))[:-2] == ["details.f0", "call.x"]


def test_public_links_are_known_before_their_step() -> None:
    external = structs.replace(a_form(key="verify", name="Verify"), assignee="external")

    found = known(a_workflow(a_call(), external), "call")

    assert found["verify.public_url"].label == "3. Verify - Public URL"
    assert found["verify.public_url"].is_later
    assert found["verify.public_url"].formats == ()


def test_every_output_is_offered_with_a_sample() -> None:
    boxes = Checklist(key="boxes", name="Boxes", items=("A", "B", "C"))
    phone = Phone(key="phone", name="Phone", default_output="digits")

    found = known(a_workflow(a_form(boxes, phone), a_call()), "call")

    assert {one.name: one.sample for one in found.values() if one.number} == {
        "Boxes": "A",
        "Boxes - itemsNotChecked": "B, C",
        "Phone": "15005550006",
        "Phone - e164": "+15005550006",
    }


def test_an_instance_is_named_by_its_number_only() -> None:
    assert list(known(sub_workflow(), "")) == ["instance.id"]


def test_what_a_condition_may_skip_is_marked() -> None:
    condition = Condition()
    group = Group(key="group", name="Group", condition=condition)
    inside = structs.replace(a_form(*text_fields("In"), key="inside"), within="group")

    found = known(a_flow(a_form(*text_fields("Out")), group, inside, a_call()), "call")

    assert found["inside.f0"].may_be_skipped
    assert not found["details.f0"].may_be_skipped


def test_a_branch_of_a_parallel_does_not_know_the_other() -> None:
    left = structs.replace(a_form(*text_fields("L"), key="left"), within="both")
    right = structs.replace(a_call(key="right"), within="both")
    workflow = a_flow(Parallel(key="both", name="Both"), left, right, a_call(key="after"))

    assert "left.f0" not in known(workflow, "right")
    assert "left.f0" in known(workflow, "after")


def test_every_label_that_is_offered_is_read_back() -> None:
    workflow = sub_workflow()

    for one in known_references(workflow, "verify_code"):
        reference = replace(one.reference, format="plain" if one.formats else "")
        label = f"{{{one.label} (plain)}}" if one.formats else f"{{{one.label}}}"
        assert resolve_labels(label, workflow) == (str(reference), ())


def test_a_pasted_label_is_cut_out_and_named() -> None:
    text = 'Hi {81. Provide details - Customer name - Input (plain)}, {"a": 1}'

    assert segments_of(text, sub_workflow(), "mail") == (
        Segment("Hi "),
        Segment(
            "{{=provide_details.f0|plain}}",
            "2. Provide details - Customer name - Input",
            format="plain",
        ),
        Segment(', {"a": 1}'),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{2. Provide details - Gone - Input (plain)}", "No step, field or variable is called so"),
        ('{{"process_step": 99}}', "No step or field has these ids"),
        ("{{=provide_details.gone}}", "has no field or variable"),
        ("{{=verify_code.isOTPvalid}}", "no value here yet"),
        ("{{=verify_yourself.public_url}}", "Only steps for external users"),
        ("{{=nonsense}}", "no reference that can be read"),
    ],
)
def test_what_points_at_nothing_here_says_why(text: str, message: str) -> None:
    (segment,) = segments_of(text, sub_workflow(), "mail")

    assert segment.text == text
    assert message in segment.message


def test_a_default_output_may_be_named() -> None:
    (segment,) = segments_of("{{=provide_details.f0.inputValue}}", sub_workflow(), "mail")

    assert segment.message == ""


def test_literal_ids_are_named() -> None:
    (segment,) = segments_of("{{=id other/step/field}}", sub_workflow(), "mail")

    assert segment == Segment("{{=id other/step/field}}", "ID of other/step/field")


PIECES = st.one_of(
    st.text('{}= |"\n-.a2', max_size=8),
    st.sampled_from(
        [
            "{2. Provide details - Customer name - Input}",
            "{{=provide_details.f0|html}}",
            "{{=gone.x}}",
            "{{=id a/b}}",
            "{2. Gone - Gone - Input}",
            '{{"process_step": 1}}',
            "{InstanceID}",
        ]
    ),
)


@given(st.lists(PIECES, max_size=8))
def test_segments_joined_are_the_text_with_its_labels_resolved(pieces: list[str]) -> None:
    text = "".join(pieces)

    segments = segments_of(text, sub_workflow(), "send_text")

    assert "".join(one.text for one in segments) == resolve_labels(text, sub_workflow())[0]


def test_every_body_of_the_seed_becomes_pieces_without_loss() -> None:
    for body in seed_bodies():
        workflow, step = sub_workflow(), "verify_code"
        if "Launch OTP SMS" in body:
            workflow, step = main_workflow(), "send_details"

        segments = segments_of(body, workflow, step)

        stored = "".join(one.text for one in segments)
        assert stored == resolve_labels(body, workflow)[0]
        labels = {one.label for one in segments if one.label}
        bare = [replace(one, format="") for one in references_in(stored)]
        assert labels == {label_of(one, workflow) for one in bare}


def test_a_label_of_the_instance_is_short() -> None:
    assert label_of(Reference("instance", "id"), sub_workflow()) == "Instance ID"
