"""Random workflows under random commands: what must hold whatever happens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.engine.play import Play, a_workflow
from waypost.engine.commands import (
    Command,
    CompleteStep,
    FailStep,
    FireTimer,
    RestartStep,
    SkipStep,
    Stop,
    TakeReply,
)
from waypost.engine.decide import Decision
from waypost.engine.definition import Workflow
from waypost.engine.effects import WakeAt
from waypost.engine.events import CallAnswered, StepActivated, StepCompleted, StepsReset
from waypost.engine.instance import ENDED, NOT_STARTED, OPEN, Status, StepRun
from waypost.engine.json_value import JSON
from waypost.engine.moment import EVERY_DAY
from waypost.engine.structure import containers_of, plain_steps_of, steps_from
from waypost.engine.turn import Turn
from waypost.engine.walk import walk

WORDS = st.sampled_from(["yes", "no", ""])
DAYS = st.sampled_from(["2026-03-01", "2026-03-02T09:00:00Z", "2026-03-05", ""])
TIMED: list[tuple[str, ...]] = [(), (), ("schedule",), ("deadline",), ("schedule", "deadline")]


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    kinds: list[tuple[str, str]] = []
    draw(members(kinds, "", 0))
    return a_workflow(
        *(draw(steps(place, kind, within)) for place, (kind, within) in enumerate(kinds, 1))
    )


@st.composite
def members(draw: st.DrawFn, kinds: list[tuple[str, str]], within: str, depth: int) -> None:
    """Add what stands in one container, or at the top: what kind each is, and within what."""
    for _ in range(draw(st.integers(1 if depth == 0 else 0, 3 if depth else 4))):
        containers = ["group", "parallel"] if depth < 2 else []
        kind = draw(st.sampled_from(["form", "form", "http_request", *containers]))
        kinds.append((kind, within))
        if kind in containers:
            draw(members(kinds, f"s{len(kinds)}", depth + 1))


@st.composite
def steps(draw: st.DrawFn, place: int, kind: str, within: str) -> dict[str, object]:
    step: dict[str, object] = {"key": f"s{place}", "type": kind, "within": within}
    step["is_blocking"] = draw(st.booleans())
    if place > 1 and draw(st.booleans()):
        step["condition"] = draw(conditions(place))
    if kind in ("group", "parallel"):
        return step
    step |= {name: draw(moments(place)) for name in draw(st.sampled_from(TIMED))}
    if kind == "http_request":
        return step | {"url": "https://example.org/", **draw(call_settings())}
    fields: list[dict[str, object]] = [{"key": "answer", "type": "short_text"}]
    fields.append({"key": "day", "type": "date"})
    if draw(st.booleans()):
        fields.append({"key": "way", "type": "routing", "buttons": draw(buttons(place))})
    return step | {"fields": fields}


@st.composite
def moments(draw: st.DrawFn, place: int) -> dict[str, object]:
    earlier = f"s{max(1, place - draw(st.integers(1, 3)))}"
    anchor = draw(st.sampled_from(["turn", "turn", "step_start", "step_end", "date"]))
    sources = {"turn": "", "date": f"{earlier}.day"}
    return {
        "anchor": anchor,
        "source": sources.get(anchor, earlier),
        "amount": draw(st.integers(0, 2)),
        "unit": draw(st.sampled_from(["minutes", "hours", "days", "weeks"])),
        "weekdays": draw(st.sampled_from([EVERY_DAY, (2,), (1, 2, 3, 4, 5)])),
    }


@st.composite
def conditions(draw: st.DrawFn, place: int) -> dict[str, object]:
    earlier = f"s{draw(st.integers(1, place - 1))}"
    of_steps = ["was_skipped", "was_completed"]
    operator = draw(st.sampled_from(["contains", "does_not_contain", "is_empty", *of_steps]))
    if operator in of_steps:
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
    if draw(st.booleans()):
        later = f"s{place + draw(st.integers(1, 3))}"
        ways.append({"label": "over", "action": "skip_forward", "target": later})
    return ways


@st.composite
def commands(draw: st.DrawFn, play: Play) -> Command:
    key = draw(st.sampled_from(sorted(play.workflow.step_by_key)))
    visit = play.run(key).visit - draw(st.sampled_from([0, 0, 0, 1]))
    step = play.workflow.step_by_key[key]
    kind = draw(st.sampled_from([*["main"] * 4, "fire", "skip", "restart", "lost", "stop"]))
    if kind == "skip":
        return SkipStep(key)
    if kind == "fire" or play.run(key).status is Status.SCHEDULED:
        return FireTimer(key, visit)
    if kind == "restart":
        return RestartStep(key)
    if kind == "lost":
        return FailStep(key, visit, "lost")
    if kind == "stop" and draw(st.integers(0, 9)) == 0:
        return Stop()
    if step.waits_for == "call":
        return draw(replies(key, visit))
    values: dict[str, JSON] = {"answer": {"inputValue": draw(WORDS)}, "day": draw(DAYS)}
    if step.field("way") is not None:
        action = draw(st.sampled_from(["complete", "return", "decline", "skip_forward"]))
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
        play.wait(data.draw(st.sampled_from([0, 1, 700, 90_000])))
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
        assert all(
            play.run(step.key).status in ENDED for step in play.workflow.plain_steps_by_key[""]
        )
    assert not any(play.run(one.key) != NOT_STARTED for one in play.workflow.steps if one.holds)
    for effect in play.effects:
        assert isinstance(effect, WakeAt) == (play.run(effect.step).status is Status.SCHEDULED)
    check_turns(play, "")
    turn = Turn(play.workflow, play.instance, play.now)
    walk(turn)
    assert turn.events == [], "one more walk changed something"


def check_turns(play: Play, container: str) -> bool:
    """Nothing has begun before its turn; whether what comes after the container may begin."""
    is_parallel = container and play.workflow.step_by_key[container].holds == "parallel"
    is_open, all_passed = True, True
    for step in play.workflow.members_by_key.get(container, ()):
        if not (is_open or is_parallel):
            assert begun_within(play, step.key) <= {Status.SKIPPED}, f"{step.key} began too early"
        elif not step.holds and play.instance.status == "running" and has_begun(play, container):
            assert play.run(step.key).status is not Status.NOT_STARTED, f"{step.key} was forgotten"
        passed = check_turns(play, step.key) if step.holds else play.run(step.key).status in ENDED
        is_open = is_open and (passed or not step.is_blocking)
        all_passed = all_passed and passed
    return all_passed if is_parallel else is_open


def begun_within(play: Play, key: str) -> set[Status]:
    """How what has begun in a step, or in all that a container holds, stands."""
    found = {play.run(one.key).status for one in plain_steps_of(play.workflow, key)}
    return found - {Status.NOT_STARTED}


def has_begun(play: Play, container: str) -> bool:
    """Whether a container has had its turn, and not only some of it was jumped over before."""
    return not container or bool(begun_within(play, container) - {Status.SKIPPED})


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
    for event, _ in play.history:
        if isinstance(event, StepsReset):
            check_reset(play.workflow, event)


def check_reset(workflow: Workflow, event: StepsReset) -> None:
    """A return resets the target, or a container around it that was skipped whole."""
    targets = [event.target, *(one.key for one in containers_of(workflow, event.target))]
    reached = [{one.key for one in steps_from(workflow, target)} for target in targets]
    assert any(set(event.steps) <= keys for keys in reached)
    first = [one.key for one in plain_steps_of(workflow, event.target)]
    assert set(first[:1]) <= set(event.steps)
