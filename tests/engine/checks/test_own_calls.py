"""Calls to our own server: ids, targets, values, reports."""

from __future__ import annotations

import json

import pytest

from tests.engine.checks.makers import ASK, Part, a_call, a_form, a_workflow
from waypost.engine.checks import check_workflow
from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding

SELF = "https://way.example/api/instances/{{=instance.id}}/complete_step/"
OTHER = "https://way.example/api/instances/{{=ask.instance}}/complete_step/"
CHILD = "https://way.example/api/instances/{{=launch.id}}/complete_step/"
START = "https://way.example/api/instances/"
SNAPSHOT = "$.process_snapshot.steps[0]"


def a_field(key: str, kind: str = "short_text", **more: object) -> Part:
    return {"key": key, "name": key.title(), "type": kind} | more


def a_completion(
    step: str, *actions: tuple[str, object], key: str = "tell", url: str = SELF, **more: object
) -> Part:
    """A call that completes the step; ids are paths, references or numbers as they are written."""
    listed = ", ".join(
        f'{{"action_id": {field}, "input_object": {json.dumps(value)}}}' for field, value in actions
    )
    body = f'{{"step_id": {step}, "actions": [{listed}]}}'
    return a_call(key, url=url, body=body, **({"is_blocking": False} | more))


def a_radio(**more: object) -> Part:
    return a_form(a_field("outcome", "radio", items=["Good", "Bad"], **more), key="wait")


def when(value: str, source: str = "ask.answer", operator: str = "is") -> Part:
    return {"condition": {"rules": [{"source": source, "operator": operator, "value": value}]}}


def ident(path: str) -> str:
    return f"{{{{=id {path}}}}}"


BOTH: Part = {"key": "both", "type": "parallel"}
WAIT, OUTCOME = ident("flow/wait"), ident("flow/wait/outcome")
GOOD = (OUTCOME, {"radioItemSelected": "Good"})
NUMBER = a_call("number", variables=[{"name": "text", "path": "$.text"}], on_failure="skip")
TEXT = "{{=number.text}}"
LAUNCH = a_call(
    "launch",
    url=START,
    body='{"process": "https://way.example/api/processes/{{=id child}}/"}',
    variables=[
        {"name": "id", "path": "$.id"},
        {"name": "step_id", "path": f"{SNAPSHOT}.id"},
        {"name": "who", "path": f"{SNAPSHOT}.actions[0].id"},
        {"name": "step", "path": f"{SNAPSHOT}.actions[1].id"},
    ],
)
DETAILS = a_form(a_field("who", is_required=True), a_field("step", is_required=True), key="details")


def found(*steps: Part, others: tuple[Workflow, ...] = (), **more: object) -> list[Finding]:
    workflow = a_workflow(*steps, **more)
    return list(check_workflow(workflow, others={one.key: one for one in others}))


def codes(*steps: Part, others: tuple[Workflow, ...] = (), **more: object) -> list[str]:
    return [one.code for one in found(*steps, others=others, **more)]


def a_child(*steps: Part, **more: object) -> Workflow:
    return a_workflow(DETAILS, *steps, key="child", **more)


def test_a_call_that_completes_the_next_step_is_no_finding() -> None:
    assert codes(ASK, a_completion(WAIT, GOOD), a_radio()) == []


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (a_completion(ident("flow/ask"), GOOD), "belongs to Step, not to"),
        (a_completion(OUTCOME, GOOD), "the id of the field Outcome"),
        (a_completion(ident("flow"), GOOD), "asks for the id of the workflow flow"),
        (a_completion(ident("flow/tell"), GOOD), "completed by itself"),
        (a_completion(WAIT, (WAIT, {})), "the id of the step"),
        (a_completion(WAIT, (ident("flow/ask/answer"), {})), "belongs to"),
        (a_completion(WAIT, GOOD, GOOD), "twice"),
    ],
)
def test_an_id_that_leads_elsewhere_is_an_error(call: Part, why: str) -> None:
    findings = [one for one in found(ASK, call, a_radio()) if one.code == "wrong_own_id"]

    assert [one.severity for one in findings] == ["error"]
    assert why in findings[0].message


def test_a_number_that_the_workflow_does_not_have_is_an_error() -> None:
    steps = (ASK | {"id": 1}, a_completion("99", GOOD) | {"id": 2}, a_radio() | {"id": 3})

    assert "wrong_own_id" in codes(*steps)
    assert "wrong_own_id" not in codes(steps[0], a_completion("3") | {"id": 2}, steps[2])


def test_a_step_that_is_not_named_is_an_error() -> None:
    call = a_call("tell", url=SELF, body='{"actions": []}', is_blocking=False)

    assert codes(ASK, call, a_radio()) == ["incomplete_call"]
    assert codes(a_call(url=START, body='{"name": "A"}')) == ["incomplete_call"]


def test_a_required_field_that_is_left_out_is_an_error() -> None:
    assert codes(ASK, a_completion(WAIT), a_radio(is_required=True)) == ["required_left_out"]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((ASK, a_completion(WAIT, GOOD, is_blocking=True), a_radio()), "blocking_self_call"),
        # Directly in a parallel, not blocking means nothing: what comes after waits for it.
        ((ASK, BOTH, a_completion(WAIT, GOOD, within="both"), a_radio()), "blocking_self_call"),
        ((a_radio(), a_completion(WAIT, GOOD)), "target_not_active"),
        ((ASK, a_completion(WAIT, GOOD), {"key": "more"}, a_radio()), "target_not_active"),
        ((ASK, a_completion(WAIT, GOOD), a_radio() | when("go")), "target_may_be_skipped"),
    ],
)
def test_a_target_that_is_not_active_then_is_found(steps: tuple[Part, ...], expected: str) -> None:
    findings = found(*steps)

    assert [one.code for one in findings] == [expected]
    is_warning = expected == "target_may_be_skipped"
    assert findings[0].severity == ("warning" if is_warning else "error")


@pytest.mark.parametrize(
    "steps",
    [
        (ASK, a_completion(WAIT, GOOD) | when("go"), a_radio() | when("go")),
        (ASK, a_completion(WAIT, GOOD), a_call("side", is_blocking=False), a_radio()),
        (a_radio() | {"is_blocking": False}, a_completion(WAIT, GOOD)),
        (
            ASK,
            a_completion(WAIT, GOOD) | when("go"),
            {"key": "more"} | when("stop"),
            a_radio() | when("go"),
        ),
    ],
)
def test_a_target_that_is_active_then_is_no_finding(steps: tuple[Part, ...]) -> None:
    assert codes(*steps) == []


@pytest.mark.parametrize(
    ("given", "radio", "expected"),
    [
        ("Ugly", {}, "unmatched_item"),
        (TEXT, {"accepts_empty": True}, "radio_may_refuse"),
        (TEXT, {"accepts_other": True}, "empty_into_radio"),
    ],
)
def test_values_that_a_radio_refuses_are_found(given: str, radio: Part, expected: str) -> None:
    call = a_completion(WAIT, (OUTCOME, {"radioItemSelected": given}))

    assert codes(ASK, NUMBER, call, a_radio(**radio)) == [expected]


def test_a_default_keeps_a_radio_from_being_left_empty() -> None:
    variable = {"name": "text", "path": "$.text", "default": "Good"}
    number = a_call("number", variables=[variable])
    call = a_completion(WAIT, (OUTCOME, {"radioItemSelected": TEXT}))

    assert codes(number, call, a_radio(accepts_other=True)) == []


def test_the_items_of_a_choice_are_compared_one_by_one() -> None:
    chosen = a_field("answer", "dropdown_one", items=["good", "Fair"], is_required=True)
    call = a_completion(WAIT, (OUTCOME, {"radioItemSelected": "{{=ask.answer}}"}))

    findings = found(a_form(chosen, key="ask"), call, a_radio())

    assert [one.code for one in findings] == ["radio_may_refuse"]
    assert "“Fair”" in findings[0].message


def test_a_value_that_the_field_cannot_read_is_an_error() -> None:
    mail = a_form(a_field("mail", "email"), key="wait")
    call = a_completion(WAIT, (ident("flow/wait/mail"), {"inputValue": "nobody"}))

    assert codes(ASK, call, mail) == ["wrong_input"]


def test_a_reference_of_another_kind_is_an_error() -> None:
    mail = a_form(a_field("mail", "email"), key="wait")
    day = a_form(a_field("day", "date"), key="ask")
    call = a_completion(WAIT, (ident("flow/wait/mail"), {"inputValue": "{{=ask.day}}"}))

    assert codes(day, call, mail) == ["unfit_reference"]


def test_an_id_sent_as_the_value_of_its_own_field_is_found() -> None:
    call = a_completion(
        '"{{=ask.answer}}"',
        ('"{{=ask.answer}}"', {"inputValue": "{{=ask.answer|plain}}"}),
        url="https://way.example/api/instances/7/complete_step/",
    )

    assert codes(ASK, call) == ["id_as_value"]


def test_the_ids_of_a_launched_instance_are_followed_into_its_workflow() -> None:
    steps = (ASK, LAUNCH, a_completion("{{=launch.who}}", url=CHILD, is_blocking=True))

    assert codes(*steps) == []
    assert codes(*steps, others=(a_child(),)) == ["wrong_own_id"]


def test_fields_that_a_launched_instance_requires_are_known() -> None:
    who = ("{{=launch.who}}", {"inputValue": "Ann"})
    call = a_completion("{{=launch.step_id}}", who, url=CHILD, is_blocking=True)

    (finding,) = found(ASK, LAUNCH, call, others=(a_child(),))

    assert finding.code == "required_left_out"
    assert "does not fill in Step" in finding.message


def test_a_snapshot_without_such_a_field_is_an_error() -> None:
    variable = {"name": "gone", "path": f"{SNAPSHOT}.actions[7].id"}
    launch = LAUNCH | {"variables": [*LAUNCH["variables"], variable]}  # type: ignore[misc]
    actions = [(f"{{{{=launch.{name}}}}}", {"inputValue": "Ann"}) for name in ("who", "step")]
    gone = ("{{=launch.gone}}", {"inputValue": "1"})
    call = a_completion("{{=launch.step_id}}", *actions, gone, url=CHILD)

    assert codes(ASK, launch, call, others=(a_child(),)) == ["wrong_own_id"]


def test_a_name_is_not_given_to_what_names_itself() -> None:
    launch = LAUNCH | {"body": '{"process": "{{=id child}}", "name": "Ann"}'}
    child = a_child(has_automatic_names=True, name_template="Case {{=instance.id}}")

    assert codes(launch, others=(child,)) == ["name_not_taken"]


def a_report(key: str, value: str, **more: object) -> Part:
    action = ('"{{=ask.field}}"', {"radioItemSelected": value})
    return a_completion('"{{=ask.step}}"', action, key=key, url=OTHER, **more)


def asked(*fields: Part) -> Part:
    named = [a_field(key, is_required=True) for key in ("instance", "step", "field", "answer")]
    return a_form(*named, *fields, key="ask")


def test_reports_that_cover_every_case_are_no_finding() -> None:
    good, bad = a_report("good", "Good") | when("ok"), a_report("bad", "Bad")

    assert codes(asked(), good, bad | when("ok", operator="is_not")) == []


def test_a_case_without_a_report_is_found() -> None:
    good = a_report("good", "Good") | when("ok")

    assert codes(asked(), good) == ["may_end_unreported"]


def test_two_reports_to_one_step_are_found_unless_the_second_is_passed() -> None:
    good, bad = a_report("good", "Good"), a_report("bad", "Bad") | when("ok")

    assert codes(asked(), good, bad) == ["double_report"]
    assert codes(asked(), good, bad | {"on_failure": "skip"}) == []


def test_an_answer_that_may_be_empty_is_found_without_the_radio_it_goes_to() -> None:
    report = a_report("good", TEXT)

    assert codes(asked(), NUMBER, report) == ["empty_into_radio"]


def parent(**radio: object) -> tuple[Part, ...]:
    """Starts the child, names its own waiting step to it, and waits."""
    step = ("{{=launch.step}}", {"inputValue": WAIT})
    who = ("{{=launch.who}}", {"inputValue": "Ann"})
    tell = a_completion("{{=launch.step_id}}", who, step, url=CHILD, is_blocking=True)
    return LAUNCH, tell, a_radio(**radio)


def test_a_step_that_a_child_never_answers_is_found() -> None:
    assert codes(*parent(), others=(a_child(),)) == ["nobody_answers"]


def test_what_a_child_reports_is_compared_with_the_items_of_its_parent() -> None:
    fields = [a_field(key, is_required=True) for key in ("instance", "step", "field")]
    report = a_report("good", "Great")
    fill = ["instance", "step", "field"]
    launch = LAUNCH | {
        "variables": [
            {"name": "id", "path": "$.id"},
            {"name": "step_id", "path": f"{SNAPSHOT}.id"},
            *({"name": key, "path": f"{SNAPSHOT}.actions[{n}].id"} for n, key in enumerate(fill)),
        ]
    }
    values = ["{{=instance.id}}", WAIT, OUTCOME]
    actions = [
        (f"{{{{=launch.{key}}}}}", {"inputValue": value})
        for key, value in zip(fill, values, strict=True)
    ]
    tell = a_completion("{{=launch.step_id}}", *actions, url=CHILD, is_blocking=True)
    main = a_workflow(launch, tell, a_radio())

    child = a_workflow(a_form(*fields, key="ask"), report, key="child")
    findings = check_workflow(child, others={"flow": main})

    assert [(one.code, one.step) for one in findings] == [("unmatched_item", "good")]
    assert check_workflow(main, others={"child": child}) == ()


def test_a_return_past_a_launch_whose_answer_is_awaited_is_found() -> None:
    back = {"label": "Again", "action": "return", "target": "launch"}
    way = a_form(a_field("way", "routing", buttons=[back]), key="route")

    findings = found(*parent(), way)

    assert [(one.code, one.attribute) for one in findings] == [("starts_again", "buttons.0")]


def test_a_form_that_repeats_an_answer_and_that_nothing_fills_is_found() -> None:
    check = a_call("verify", variables=[{"name": "error_message", "path": "$.message"}])
    field = a_field("error", name="Error message")

    assert codes(check, a_form(field, key="wait")) == ["nothing_fills_form"]
    offered = field | {"prefill": "{{=verify.error_message}}"}
    assert codes(check, a_form(offered, key="wait")) == []
    filler = a_completion(WAIT, (ident("flow/wait/error"), {"inputValue": "x"}))
    assert codes(check, filler, a_form(field, key="wait")) == []


def test_a_round_that_no_person_takes_part_in_is_found() -> None:
    buttons = [
        {"label": "Again", "action": "return", "target": "poll"},
        {"label": "On", "action": "complete"},
    ]
    way = a_form(a_field("way", "routing", buttons=buttons), key="wait")
    press = a_completion(WAIT, (ident("flow/wait/way"), {"action": "return", "label": "Again"}))

    assert codes(a_call("poll"), press, way) == ["loops_without_person"]
    assert codes(a_call("poll"), {"key": "look"}, press, way) == []
