"""One turn of the rules: collects events, with the state as it is after each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from waypost.engine.definition import Workflow
from waypost.engine.events import Event
from waypost.engine.evolve import evolve
from waypost.engine.instance import Instance, StepRun


@dataclass(slots=True)
class Turn:
    """A workflow, the instance so far, and what has happened since the command came."""

    workflow: Workflow
    instance: Instance
    now: datetime
    events: list[Event] = field(default_factory=list)

    def emit(self, event: Event) -> None:
        """Let it have happened."""
        self.instance = evolve(self.instance, event, self.now)
        self.events.append(event)

    def run(self, key: str) -> StepRun:
        """The run of a step as it stands now."""
        return self.instance.run(key)
