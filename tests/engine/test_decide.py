"""Single commands: what they refuse, and what they leave behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.engine.play import Play, a_workflow
from waypost.engine.commands import (
    CompleteStep,
    RestartStep,
    SkipStep,
    Start,
    Stop,
    TakeReply,
)
from waypost.engine.decide import Decision
from waypost.engine.effects import AwaitPerson, SendRequest
from waypost.engine.errors import Refusal

CALL: dict[str, object] = {"key": "call", "type": "http_request", "url": "https://example.org/"}
BUSY = TakeReply("call", 1, 503, reason="busy", is_transient=True)


def a_way(action: str, target: str = "", target_id: int = 0) -> dict[str, object]:
    """A routing field with one button."""
    button = {"label": "x", "action": action, "target": target, "target_id": target_id}
    return {"key": "how", "type": "routing", "buttons": [button]}


def code_of(outcome: Decision | Refusal) -> str:
    """Why it was refused."""
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def test_an_instance_starts_once() -> None:
    play = Play(a_workflow({"key": "ask"})).start()
    assert (play.instance.status, play.instance.started_at) == ("running", play.now)

    assert code_of(play.do(Start("again"))) == "already_started"
    play.do(Stop())
    assert code_of(play.do(Start("again"))) == "already_started"


@pytest.mark.parametrize("visit", [0, 2])
def test_a_form_of_another_round_completes_nothing(visit: int) -> None:
    play = Play(a_workflow({"key": "ask"})).start()

    assert code_of(play.do(CompleteStep("ask", visit=visit))) == "step_reopened"


@pytest.mark.parametrize("way", ["skip", "condition", "decline"])
def test_a_step_that_ended_in_any_way_is_said_to_be_finished(way: str) -> None:
    never = {"rules": [{"source": "first", "operator": "was_skipped"}]}
    steps: list[dict[str, object]] = [{"key": "first"}, {"key": "ask"}, {"key": "last"}]
    steps[1] |= {"condition": never} if way == "condition" else {"fields": [a_way("decline")]}
    play = Play(a_workflow(*steps)).start()
    play.do(CompleteStep("first"))
    if way == "skip":
        play.do(SkipStep("ask"))
    if way == "decline":
        play.do(CompleteStep("ask", {"how": {"action": "decline"}}))

    assert code_of(play.do(CompleteStep("ask"))) == "step_already_completed"


def test_a_skip_belongs_to_the_visit_that_was_open() -> None:
    play = Play(a_workflow({"key": "ask"}, {"key": "last"})).start()

    play.do(SkipStep("ask"))

    assert (play.run("ask").visit, play.run("ask").ended_at) == (1, play.now)


def test_a_call_under_way_is_not_restarted() -> None:
    play = Play(a_workflow(CALL)).start()

    assert code_of(play.do(RestartStep("call"))) == "step_not_failed"


def test_what_is_open_where_a_routing_jumps_over_goes_on() -> None:
    jump: dict[str, object] = {"key": "jump", "is_blocking": False}
    jump |= {"fields": [a_way("skip_forward", "last", 4)]}
    play = Play(a_workflow(jump, {"key": "open"}, {"key": "not"}, {"key": "last"})).start()

    play.do(CompleteStep("jump", {"how": {"action": "skip_forward"}}))

    wanted = {"jump": "completed", "open": "active", "not": "skipped", "last": "not_started"}
    assert play.statuses == wanted
    play.do(CompleteStep("open"))
    assert play.statuses["last"] == "active"


def test_passing_failures_are_tried_again_for_ten_minutes_from_the_first() -> None:
    play = Play(a_workflow(CALL)).start()
    for _ in range(2):
        play.do(BUSY)
        assert play.statuses == {"call": "active"}
        play.wait(300)

    play.do(BUSY)

    assert play.statuses == {"call": "failed"}


@pytest.mark.parametrize(
    ("settings", "last"),
    [
        ({}, TakeReply("call", 1, 200)),
        ({}, TakeReply("call", 1, 400, reason="bad")),
        ({"on_failure": "skip"}, TakeReply("call", 1, 400, reason="bad")),
    ],
)
def test_an_ended_call_waits_for_nothing(settings: dict[str, object], last: TakeReply) -> None:
    play = Play(a_workflow(CALL | settings, {"key": "last"})).start()
    play.do(BUSY)
    play.wait(5)

    play.do(last)

    assert play.run("call").due_at is None
    assert (play.run("call").ended_at == play.now) is (play.statuses["call"] != "failed")


def test_the_next_try_is_due_when_the_wait_is_over() -> None:
    play = Play(a_workflow(CALL)).start()
    started = play.now
    play.wait(5)

    play.do(BUSY)

    assert play.effects == (SendRequest("call", 1, started + timedelta(seconds=5.5)),)


def test_a_failed_call_waits_for_the_tech_lead_whoever_its_assignee_is() -> None:
    play = Play(a_workflow(CALL | {"assignee": "starter"})).start()
    play.do(TakeReply("call", 1, 400, reason="bad"))

    assert play.effects == (AwaitPerson("call", 1, "tech_lead", True, play.now),)


def test_a_declined_form_offers_nothing_any_more() -> None:
    text = {"key": "text", "type": "short_text"}
    back = {"label": "Back", "action": "return", "target": "ask", "target_id": 1}
    stop = {"label": "Stop", "action": "decline"}
    way = {"key": "how", "type": "routing", "buttons": [back, stop]}
    play = Play(a_workflow({"key": "ask", "fields": [text, way]})).start()
    play.do(CompleteStep("ask", {"text": {"inputValue": "Ann"}, "how": {"action": "return"}}))
    assert play.run("ask").prefill["text"] == {"inputValue": "Ann"}

    play.do(CompleteStep("ask", {"text": {"inputValue": "Bob"}, "how": {"action": "decline"}}))

    assert (play.run("ask").prefill, play.instance.status) == ({}, "aborted")
