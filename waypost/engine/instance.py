"""What happened so far in one run of a workflow."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from waypost.engine.json_value import JSON

FORMAT = 1


class Status(StrEnum):
    """Where a step stands. Monotone within a visit: not_started < scheduled < active < ended."""

    NOT_STARTED = "not_started"
    #: Its turn has come and its condition held; it starts later.
    SCHEDULED = "scheduled"
    #: Waits for a person or for the answer to its call.
    ACTIVE = "active"
    #: A call without a good answer; waits for the tech lead.
    FAILED = "failed"
    COMPLETED = "completed"
    #: Its condition did not hold, or somebody passed it.
    SKIPPED = "skipped"
    #: A failed call passed by *On failure: skip*; its variables stay readable.
    FAILED_SKIPPED = "failed_skipped"
    #: Its routing stopped the workflow.
    DECLINED = "declined"


ENDED = frozenset({Status.COMPLETED, Status.SKIPPED, Status.FAILED_SKIPPED, Status.DECLINED})
OPEN = frozenset({Status.SCHEDULED, Status.ACTIVE, Status.FAILED})
#: A step whose values and variables may be read.
READABLE = frozenset({Status.COMPLETED, Status.FAILED_SKIPPED, Status.DECLINED})


#: Who ended a step: `call` is one of the instance's own, which fills it in again after a return;
#: `other_instance` is one of another instance, which does not.
By = Literal["person", "call", "other_instance"]


class StepRun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of one instance. `visit` counts its rounds, 0 before the first, and only rises.

    `values` maps field keys to stored input objects and `variables` names to values, of the current
    visit only; `prefill` offers what was entered in the last one, but for what fills itself.
    """

    status: Status = Status.NOT_STARTED
    visit: int = 0
    values: dict[str, JSON] = {}
    variables: dict[str, JSON] = {}
    prefill: dict[str, JSON] = {}
    activated_at: datetime | None = None
    ended_at: datetime | None = None
    #: By when it should be done.
    deadline_at: datetime | None = None
    #: Tries of the call without a final answer, how many of them the step's own policy gave, since
    #: when nothing but passing failures came, and when the next try (or scheduled start) is due.
    attempts: int = 0
    policy_tries: int = 0
    tried_at: datetime | None = None
    due_at: datetime | None = None
    #: Why it failed, for a person.
    failure: str = ""
    by: Literal["", By] = ""


NOT_STARTED = StepRun()


class Instance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state of one run: changed by `evolve` only."""

    format: int = FORMAT
    status: Literal["new", "running", "completed", "aborted"] = "new"
    name: str = ""
    runs: dict[str, StepRun] = {}
    started_at: datetime | None = None
    #: Whose days schedules and deadlines count; frozen at the start.
    time_zone: str = "UTC"
    #: What the address of its start said, by declared name.
    url_parameters: dict[str, str] = {}
    #: Returns made by calls since a person last completed a step.
    automatic_returns: int = 0

    def run(self, key: str) -> StepRun:
        """The run of a step; one that was never reached is not started."""
        return self.runs.get(key, NOT_STARTED)


NEW = Instance()
# See `definition.READER`.
READER = msgspec.json.Decoder(Instance)
