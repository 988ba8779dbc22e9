"""Small workflows with a script and what must be true after each line of it: `flows/*.yaml`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
import pytest
import yaml

from tests.engine.play import Play, a_workflow
from waypost.engine import commands
from waypost.engine.decide import Decision
from waypost.engine.errors import Refusal

FLOWS = sorted((Path(__file__).parent / "flows").glob("*.yaml"))
COMMANDS = {
    "complete": commands.CompleteStep,
    "reply": commands.TakeReply,
    "give_up": commands.FailStep,
    "fire": commands.FireTimer,
    "skip": commands.SkipStep,
    "restart": commands.RestartStep,
    "stop": commands.Stop,
    "rename": commands.Rename,
}


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_flow_goes_as_its_script_says(path: Path) -> None:
    flow = yaml.safe_load(path.read_text())
    play = Play(a_workflow(*flow["steps"])).start(flow.get("time_zone", "UTC"))
    check(play, flow.get("at_start", {}), "start")

    for number, line in enumerate(flow["script"], start=1):
        for _ in range(line.pop("times", 1)):
            run_line(play, dict(line), f"{path.name}, line {number} of the script")

    assert play.replayed() == play.instance


def run_line(play: Play, line: dict[str, object], where: str) -> None:
    expected = line.pop("then", {})
    refusal = line.pop("refused", None)
    play.wait(float(str(line.pop("after_seconds", 0))))
    for name, arguments in line.items():
        outcome = play.do(msgspec.convert(arguments, COMMANDS[name]))
        code = outcome.code if isinstance(outcome, Refusal) else None
        assert code == refusal, f"{where}: {outcome}"
    assert isinstance(expected, dict)
    check(play, expected, where)


def check(play: Play, expected: dict[str, object], where: str) -> None:
    """Compare what the script names: step statuses, `instance`, `visits`, `values`, `variables`,
    `due_in` (seconds), `due_at` and `deadline_at`.
    """
    found: dict[str, object] = dict(play.statuses)
    found["instance"] = play.instance.status
    found["visits"] = {key: play.run(key).visit for key in play.workflow.step_by_key}
    found["values"] = {key: play.run(key).values for key in play.workflow.step_by_key}
    found["variables"] = {key: play.run(key).variables for key in play.workflow.step_by_key}
    found["prefill"] = {key: play.run(key).prefill for key in play.workflow.step_by_key}
    runs = play.instance.runs
    found["due_in"] = {key: seconds_until(run.due_at, play) for key, run in runs.items()}
    found["due_at"] = {key: run.due_at for key, run in runs.items()}
    found["deadline_at"] = {key: run.deadline_at for key, run in runs.items()}
    for name, value in expected.items():
        actual = found[name]
        if isinstance(value, dict) and isinstance(actual, dict):
            actual = {key: actual.get(key) for key in value}
        assert actual == value, f"{where}: {name} is {actual!r}, not {value!r}"


def seconds_until(moment: datetime | None, play: Play) -> float | None:
    return None if moment is None else (moment - play.now).total_seconds()


def test_there_are_flows() -> None:
    assert len(FLOWS) >= 8


def test_a_started_play_replays_to_the_same_state() -> None:
    play = Play(a_workflow({"key": "a"}))

    outcome = play.do(commands.Start(name="x"))

    assert isinstance(outcome, Decision)
    assert play.replayed() == play.instance
