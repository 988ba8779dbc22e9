"""Random workflows under random commands: what must hold whatever happens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.engine.play import Play, a_workflow
from waypost.engine.commands import (
    Command,
    CompleteStep,
    FailStep,
    RestartStep,
    SkipStep,
    Stop,
    TakeReply,
)
from waypost.engine.decide import Decision
from waypost.engine.definition import Workflow
from waypost.engine.events import CallAnswered, StepActivated, StepCompleted, StepsReset
from waypost.engine.instance import ENDED, OPEN, Status, StepRun
from waypost.engine.json_value import JSON
from waypost.engine.turn import Turn
from waypost.engine.walk import walk

WORDS = st.sampled_from(["yes", "no", ""])


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    count = draw(st.integers(1, 6))
    return a_workflow(*(draw(steps(place)) for place in range(1, count + 1)))


@st.composite
def steps(draw: st.DrawFn, place: int) -> dict[str, object]:
    step: dict[str, object] = {"key": f"s{place}", "is_blocking": draw(st.booleans())}
    if place > 1 and draw(st.booleans()):
        step["condition"] = draw(conditions(place))
    if draw(st.booleans()):
        return step | {
            "type": "http_request",
            "url": "https://example.org/",
            **draw(call_settings()),
        }
    fields: list[dict[str, object]] = [{"key": "answer", "type": "short_text"}]
    if draw(st.booleans()):
        fields.append({"key": "way", "type": "routing", "buttons": draw(buttons(place))})
    return step | {"fields": fields}


@st.composite
def conditions(draw: st.DrawFn, place: int) -> dict[str, object]:
    earlier = f"s{draw(st.integers(1, place - 1))}"
    operator = draw(st.sampled_from(["contains", "does_not_contain", "is_empty", "was_skipped"]))
    if operator == "was_skipped":
        return {"rules": [{"source": earlier, "operator": operator}]}
    return {"rules": [{"source": f"{earlier}.answer", "operator": operator, "value": draw(WORDS)}]}


@st.composite
def call_settings(draw: st.DrawFn) -> dict[str, object]:
    return {
        "on_failure": draw(st.sampled_from(["assign", "skip"])),
        "variables": [{"name": "answer", "path": "$.answer"}],
        "retry": {"times": draw(st.integers(0, 1))},
    }


@st.composite
def buttons(draw: st.DrawFn, place: int) -> list[dict[str, object]]:
    target = draw(st.integers(1, place))
    ways: list[dict[str, object]] = [{"label": "on", "action": "complete"}]
    ways.append({"label": "back", "action": "return", "target": f"s{target}", "target_id": target})
    if draw(st.booleans()):
        ways.append({"label": "stop", "action": "decline"})
    return ways


@st.composite
def commands(draw: st.DrawFn, play: Play) -> Command:
    key = draw(st.sampled_from(sorted(play.workflow.step_by_key)))
    visit = play.run(key).visit - draw(st.sampled_from([0, 0, 0, 1]))
    step = play.workflow.step_by_key[key]
    kind = draw(
        st.sampled_from(["main", "main", "main", "main", "skip", "restart", "lost", "stop"])
    )
    if kind == "skip":
        return SkipStep(key)
    if kind == "restart":
        return RestartStep(key)
    if kind == "lost":
        return FailStep(key, visit, "lost")
    if kind == "stop" and draw(st.integers(0, 9)) == 0:
        return Stop()
    if step.waits_for == "call":
        return draw(replies(key, visit))
    values: dict[str, JSON] = {"answer": {"inputValue": draw(WORDS)}}
    if step.field("way") is not None:
        action = draw(st.sampled_from(["complete", "return", "decline"]))
        values["way"] = {"action": action}
    return CompleteStep(key, values, visit, draw(st.sampled_from(["person", "call"])))


@st.composite
def replies(draw: st.DrawFn, key: str, visit: int) -> TakeReply:
    status = draw(st.sampled_from([200, 201, 400, 429, 503, None]))
    reason = "" if status in (200, 201) else "bad"
    variables: dict[str, JSON] = {"answer": draw(WORDS)}
    return TakeReply(key, visit, status, variables, reason, is_transient=status in (503, None))


@given(st.data())
def test_invariants_hold_after_every_command(data: st.DataObject) -> None:
    play = Play(data.draw(workflows())).start()
    check_state(play)
    for _ in range(data.draw(st.integers(1, 15))):
        before = play.instance
        play.wait(data.draw(st.sampled_from([0, 1, 700])))
        outcome = play.do(data.draw(commands(play)))

        if before.status != "running":
            assert play.instance == before, "a finished instance moved"
        if isinstance(outcome, Decision):
            check_visits(before.runs, play)
        check_state(play)

    assert play.replayed() == play.instance
    check_history(play)


def check_state(play: Play) -> None:
    """A running instance has something open, and one more walk changes nothing."""
    if play.instance.status == "running":
        assert play.effects, "a running instance with nothing open"
        open_steps = {key for key, run in play.instance.runs.items() if run.status in OPEN}
        assert {effect.step for effect in play.effects} == open_steps
    else:
        assert play.effects == ()
    if play.instance.status == "completed":
        assert all(play.run(key).status in ENDED for key in play.workflow.step_by_key)
    turn = Turn(play.workflow, play.instance, play.now)
    walk(turn)
    assert turn.events == [], "one more walk changed something"


def check_visits(before: dict[str, StepRun], play: Play) -> None:
    """Visits only rise, and a step that was set back holds nothing of its last visit."""
    for key in before:
        old, new = before[key], play.run(key)
        assert new.visit >= old.visit
        if new.status is Status.NOT_STARTED:
            assert (new.values, new.variables, new.activated_at) == ({}, {}, None)


def check_history(play: Play) -> None:
    """No step ends twice in one visit; a return resets the target and what comes later, nothing
    else.
    """
    ended = [
        (event.step, event.visit)
        for event, _ in play.history
        if isinstance(event, StepCompleted | CallAnswered)
    ]
    assert len(ended) == len(set(ended)), "a step was completed twice in one visit"
    begun = [
        (event.step, event.visit) for event, _ in play.history if isinstance(event, StepActivated)
    ]
    assert len(begun) == len(set(begun)), "a step was activated twice in one visit"
    place = play.workflow.position_by_key
    for event, _ in play.history:
        if isinstance(event, StepsReset):
            assert all(place[key] >= place[event.target] for key in event.steps)
            assert event.target in event.steps
