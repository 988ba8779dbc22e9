"""Moves of a dry run: what each does, and why one cannot be made."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.workflows.dry_run.makers import (
    ASK,
    OWN,
    a_call,
    a_flow,
    answers,
    enter,
    played,
    refusal_of,
    statuses,
)
from waypost.engine.dry_run import AdvanceMove, AnswerMove, RestartMove, SkipMove
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.moment import Moment
from waypost.engine.step_types.form import Form
from waypost.engine.step_types.http_request import HttpRequest
from waypost.workflows.dry_run.world import Exchanged

ELSEWHERE = a_call("found", url="https://api.example/{{=ask.text}}", body='{"t": "{{=ask.text}}"}')


PLAIN = a_call("found", url="https://api.example/")


NEXT = msgspec.structs.replace(ASK, key="next", name="Next")


def skipping(call: HttpRequest) -> HttpRequest:
    return msgspec.structs.replace(call, on_failure="skip")


def test_a_form_is_completed_and_the_next_step_opens() -> None:
    world = played(a_flow(ASK, NEXT), enter("ask", text="a"))

    assert statuses(world) == {"ask": "completed", "next": "active"}
    assert world.runs[0].state.run("ask").values == {"text": {"inputValue": "a"}}


def test_a_strange_system_waits_for_the_builders_answer() -> None:
    world = played(a_flow(ASK, ELSEWHERE), enter("ask", text="a b"))

    assert statuses(world) == {"ask": "completed", "call": "active"}
    assert answers(world) == []


def test_the_builders_answer_is_taken_and_its_request_was_really_rendered() -> None:
    answer = AnswerMove(step="call", status=200, body='{"found": 7}')

    world = played(a_flow(ASK, ELSEWHERE), enter("ask", text='a"b'), answer)

    (exchanged,) = (one for one in world.log if isinstance(one, Exchanged))
    assert exchanged.request is not None
    assert exchanged.request.url == "https://api.example/a%22b"
    assert exchanged.request.body == '{"t": "a\\"b"}'
    assert world.runs[0].state.run("call").variables == {"found": 7}
    assert world.runs[0].state.status == "completed"


@pytest.mark.parametrize(
    ("move", "after"),
    [
        (AnswerMove(step="call", status=404, body='{"message": "No."}'), "failed_skipped"),
        (AnswerMove(step="call", status=503), "active"),
        (AnswerMove(step="call", is_lost=True), "active"),
    ],
)
def test_a_bad_answer_means_what_it_means_in_earnest(move: AnswerMove, after: str) -> None:
    world = played(a_flow(skipping(PLAIN)), move)

    assert statuses(world)["call"] == after


def test_a_request_that_cannot_be_sent_fails_whatever_answer_is_chosen() -> None:
    world = played(a_flow(ELSEWHERE), AnswerMove(step="call", status=200))

    assert statuses(world)["call"] == "failed"
    assert "is empty or dots" in world.runs[0].state.run("call").failure


def test_a_failed_call_is_restarted_or_skipped_by_somebody() -> None:
    flow = a_flow(PLAIN)
    fails = AnswerMove(step="call", status=400)

    again = played(flow, fails, RestartMove(step="call"), AnswerMove(step="call", status=200))
    passed = played(flow, fails, SkipMove(step="call"))

    assert statuses(played(flow, fails))["call"] == "failed"
    assert statuses(again)["call"] == "completed"
    assert statuses(passed)["call"] == "skipped"


def test_time_moves_on_to_the_next_try() -> None:
    fails = AnswerMove(step="call", is_lost=True)
    before = played(a_flow(PLAIN), fails)

    world = played(a_flow(PLAIN), fails, AdvanceMove(), AnswerMove(step="call", status=200))

    assert world.now > before.now
    assert statuses(world)["call"] == "completed"


def test_a_day_goes_by() -> None:
    flow = a_flow(ASK)

    world = played(flow, AdvanceMove(minutes=24 * 60))

    assert world.now - played(flow).now == timedelta(days=1)


def test_a_schedule_starts_its_step_when_its_time_has_come() -> None:
    later = msgspec.structs.replace(NEXT, schedule=Moment(anchor="turn", amount=2, unit="days"))
    flow = a_flow(ASK, later)

    early = played(flow, enter("ask"), AdvanceMove(minutes=24 * 60))
    then = played(flow, enter("ask"), AdvanceMove())

    assert statuses(early)["next"] == "scheduled"
    assert statuses(then)["next"] == "active"
    assert then.now - early.now == timedelta(days=1)


def test_a_return_by_its_label_starts_the_steps_over() -> None:
    way = Routing(
        key="way",
        name="Way",
        buttons=(
            Button(label="Go on", action="complete"),
            Button(label="Back", action="return", target="ask"),
        ),
    )
    flow = a_flow(ASK, Form(key="choose", name="Choose", fields=(way,)))

    world = played(flow, enter("ask", text="a"), enter("choose", way="Back"))

    assert statuses(world) == {"ask": "active", "choose": "not_started"}


def test_one_run_names_itself_and_starts_another_with_its_own_steps() -> None:
    child = a_flow(ASK, key="child")
    start = a_call(
        "id",
        url=f"{OWN}/",
        body='{"process": "/api/processes/{{=id child}}/", "name": "{{=instance.name}}-2"}',
    )

    world = played(a_flow(start, ASK), others=(child,))

    assert [one.state.name for one in world.runs] == ["Dry run", "Dry run-2"]
    assert world.runs[0].state.run("call").variables == {"id": 2}
    assert statuses(world, 1) == {"ask": "active"}


@pytest.mark.parametrize(
    ("move", "told"),
    [
        (enter("nowhere"), "no such step"),
        (enter("next"), "is not reached yet"),
        (enter("ask", other="x"), "has no field other"),
        (enter("ask", "child"), "no instance of child"),
        (AnswerMove(step="ask", status=200), "makes no call now: it is active"),
        (AnswerMove(step="nowhere", status=200), "has no step nowhere"),
        (AdvanceMove(), "Nothing waits for a later time"),
        (AdvanceMove(minutes=10**12), "at most ten years"),
        (AdvanceMove(minutes=-1), "at most ten years"),
    ],
)
def test_a_move_that_cannot_be_made_says_why(move: AnswerMove | AdvanceMove, told: str) -> None:
    assert told in refusal_of(a_flow(ASK, NEXT), move).message


def test_calls_that_start_each_other_without_end_are_given_up() -> None:
    start = a_call(
        url=f"{OWN}/", body='{"process": "/api/processes/{{=id flow}}/", "name": "Again"}'
    )

    world = played(a_flow(start))

    assert len(world.runs) == 21
    assert answers(world)[-1] == ("call", 400)


def test_the_same_moves_give_the_same_world() -> None:
    flow = a_flow(ASK, ELSEWHERE)
    moves = (enter("ask", text="a"), AnswerMove(step="call", is_lost=True), AdvanceMove())

    assert played(flow, *moves) == played(flow, *moves)
