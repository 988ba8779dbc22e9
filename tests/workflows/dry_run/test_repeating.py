"""Saved dry runs as tests: what they keep, and what they find when a workflow is broken."""

from __future__ import annotations

import msgspec
import pytest

from tests.workflows.dry_run.makers import (
    ASK,
    OWN,
    a_call,
    a_flow,
    a_template,
    enter,
)
from waypost.engine.conditions import Condition, Rule
from waypost.engine.definition import Workflow
from waypost.engine.dry_run import AnswerMove, DryRun, ExpectedRun, Move
from waypost.engine.errors import Refusal
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.finding import Finding
from waypost.engine.step_types.form import Form
from waypost.workflows.check import findings_before_publishing
from waypost.workflows.dry_run.repeating import missing_workflows, repeat, saved

NEXT = msgspec.structs.replace(ASK, key="next", name="Next")
MAIN, SUB = "otp_main", "otp_sms_verification"


def kept(workflow: Workflow, *moves: Move, others: tuple[Workflow, ...] = ()) -> DryRun:
    run = saved(DryRun(name="Kept", moves=moves), workflow, {one.key: one for one in others})
    assert isinstance(run, DryRun), run
    return run


def findings_alone(workflow: Workflow) -> tuple[Finding, ...]:
    return findings_before_publishing([workflow], None, {})[workflow.key]


def with_run(workflow: Workflow, run: DryRun) -> Workflow:
    return msgspec.structs.replace(workflow, dry_runs=(run,))


def test_a_saved_run_expects_how_it_ended() -> None:
    run = kept(a_flow(ASK, NEXT), enter("ask", text="a"))

    assert run.expects == (
        ExpectedRun(
            workflow="flow", status="running", steps={"ask": "completed", "next": "active"}
        ),
    )
    assert repeat(run, a_flow(ASK, NEXT), {}).is_as_expected


def test_ids_are_not_expected_because_they_differ_elsewhere() -> None:
    child = a_flow(ASK, key="child")
    call = a_call(
        "id",
        "name",
        url=f"{OWN}/",
        body='{"process": "/api/processes/{{=id child}}/", "name": "Child"}',
    )

    run = kept(a_flow(call, NEXT), others=(child,))

    assert run.expects[0].values == {"call.name": "Child"}


def test_answers_that_come_anyway_are_not_kept() -> None:
    call = a_call(url="https://api.sendgrid.com/v3/mail/send", body="{}")
    flow = a_flow(ASK, call)

    run = kept(flow, enter("ask"), AnswerMove(step="call"))

    assert run.moves == (enter("ask"),)


def test_a_run_that_cannot_be_played_is_not_saved() -> None:
    outcome = saved(DryRun(name="Kept", moves=(enter("next"),)), a_flow(ASK, NEXT), {})

    assert isinstance(outcome, Refusal)
    assert outcome.message.startswith("Move 1 (Next) cannot be made")


def test_a_changed_condition_is_found_and_the_first_step_that_differs_named() -> None:
    run = kept(a_flow(ASK, NEXT), enter("ask", text="a"))
    rule = Rule(source="ask.text", operator="is", value="b")
    changed = msgspec.structs.replace(NEXT, condition=Condition(rules=(rule,)))

    (finding,) = findings_alone(with_run(a_flow(ASK, changed), run))

    assert (finding.code, finding.severity, finding.attribute) == (
        "dry_run_differs",
        "error",
        "dry_runs.0",
    )
    assert "Flow, step Next: is skipped, not active." in finding.message


def test_a_changed_value_is_found() -> None:
    answer = AnswerMove(step="call", status=200, body='{"x": "new"}')
    run = kept(a_flow(a_call("x")), answer)
    other = a_flow(msgspec.structs.replace(a_call("x"), variables=a_call("y").variables))

    found = repeat(run, other, {})

    assert [(one.step, one.what, one.expected, one.found) for one in found.differences] == [
        ("call", "x", "“new”", "nothing")
    ]


def test_a_removed_step_is_found() -> None:
    run = kept(a_flow(ASK, NEXT), enter("ask", text="a"))

    found = repeat(run, a_flow(ASK), {})
    (finding,) = findings_alone(with_run(a_flow(ASK), run))

    assert [one.step for one in found.differences] == ["next", ""]
    assert "the step next, which was active, is not there any more." in finding.message


def test_a_move_in_a_removed_step_is_named_as_such() -> None:
    run = kept(a_flow(ASK, NEXT), enter("ask", text="a"), enter("next"))

    (finding,) = findings_alone(with_run(a_flow(ASK), run))

    assert "Move 2 cannot be made: its step, next, is not there any more." in finding.message


def test_a_run_that_needs_a_workflow_that_is_not_here_is_not_played() -> None:
    main, sub = a_template(MAIN), a_template(SUB)

    assert missing_workflows(main, {}) == (SUB,)
    assert missing_workflows(main, {SUB: sub}) == ()
    assert findings_alone(main) == ()


@pytest.mark.parametrize("name", [MAIN, SUB])
def test_the_templates_end_as_their_dry_runs_say(name: str) -> None:
    both = {key: a_template(key) for key in (MAIN, SUB)}

    assert len(both[name].dry_runs) == 4
    assert findings_before_publishing(both.values(), None, both)[name] == ()


@pytest.mark.parametrize(
    ("broken", "change", "found_in"),
    [
        (SUB, {"path: $.status": "path: $.state"}, {MAIN, SUB}),
        (SUB, {"default: Challenge expired": "default: Expired"}, {MAIN}),
        (SUB, {"value: NOTRECEIVED": "value: NOT RECEIVED"}, {MAIN, SUB}),
        (SUB, {'"radioItemSelected": "Successful"': '"radioItemSelected": "Done"'}, {MAIN}),
        (MAIN, {"$.process_snapshot.steps[0].actions[5].id": "$.id"}, {MAIN}),
    ],
)
def test_a_template_that_was_broken_on_purpose_is_found(
    broken: str, change: dict[str, str], found_in: set[str]
) -> None:
    both = {key: a_template(key, change if key == broken else None) for key in (MAIN, SUB)}

    found = {
        key
        for key, findings in findings_before_publishing(both.values(), None, both).items()
        if "dry_run_differs" in {one.code for one in findings}
    }

    assert found == found_in


def test_a_workflow_that_starts_a_broken_one_is_not_played() -> None:
    way = Routing(
        key="way", name="Way", buttons=(Button(label="Back", action="return", target="no"),)
    )
    child = a_flow(Form(key="choose", name="Choose", fields=(way,)), key="child")
    call = a_call(
        url=f"{OWN}/", body='{"process": "/api/processes/{{=id child}}/", "name": "Child"}'
    )
    flow = with_run(a_flow(call, NEXT), DryRun(name="Run"))
    both = {"flow": flow, "child": child}

    found = findings_before_publishing(both.values(), None, both)

    assert "unknown_target" in {one.code for one in found["child"]}
    assert "dry_run_differs" not in {one.code for one in found["flow"]}
