"""Plays commands against a workflow, the way the store does, and keeps the history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from waypost.engine.commands import Command, Start
from waypost.engine.decide import Decision, decide
from waypost.engine.definition import Workflow
from waypost.engine.effects import Effect, open_effects
from waypost.engine.errors import Refusal
from waypost.engine.events import Event
from waypost.engine.evolve import evolve
from waypost.engine.instance import NEW, Instance, StepRun

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def a_workflow(*steps: dict[str, object], **attributes: object) -> Workflow:
    """A workflow of these steps as a file would say them; keys and names have defaults, ids count
    from 1.
    """
    numbered = [_numbered(place, step) for place, step in enumerate(steps, start=1)]
    whole = {"key": "example", "name": "Example", "steps": numbered} | attributes
    return msgspec.convert(whole, Workflow)


def _numbered(place: int, step: dict[str, object]) -> dict[str, object]:
    step = {"type": "form", "id": place, "name": str(step.get("key", place))} | step
    fields = step.get("fields", [])
    assert isinstance(fields, list)
    named = [
        {"id": place * 100 + number, "name": one["key"]} | one
        for number, one in enumerate(fields, start=1)
    ]
    return step | {"fields": named, "key": step.get("key", f"step_{place}")}


@dataclass
class Play:
    """One instance under test, with its clock and its history."""

    workflow: Workflow
    instance: Instance = NEW
    now: datetime = MORNING
    history: list[tuple[Event, datetime]] = field(default_factory=list)

    def do(self, command: Command) -> Decision | Refusal:
        """Carry out one command; a refusal changes nothing."""
        outcome = decide(self.workflow, self.instance, command, self.now)
        if isinstance(outcome, Decision):
            self.instance = outcome.instance
            self.history += [(event, self.now) for event in outcome.events]
        return outcome

    def start(self, time_zone: str = "UTC") -> Play:
        """Begin."""
        assert isinstance(self.do(Start("Example run", time_zone)), Decision)
        return self

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def replayed(self) -> Instance:
        """The state made anew from the history alone."""
        state = NEW
        for event, at in self.history:
            state = evolve(state, event, at)
        return state

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What the world must do now."""
        return open_effects(self.workflow, self.instance)

    def run(self, key: str) -> StepRun:
        """One step as it stands."""
        return self.instance.run(key)

    @property
    def statuses(self) -> dict[str, str]:
        """Every step with its status."""
        return {key: str(self.run(key).status) for key in self.workflow.step_by_key}
