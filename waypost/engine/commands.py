"""What may be asked of an instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from waypost.engine.instance import By
from waypost.engine.json_value import JSON


@dataclass(frozen=True, slots=True)
class Start:
    """Begin: activate the first steps. Schedules and deadlines count the days of `time_zone`. Of
    the `url_parameters` only what the workflow declares is kept.
    """

    name: str
    time_zone: str = "UTC"
    url_parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompleteStep:
    """End an active form or instruction. `values` maps field keys to input objects as posted.

    `visit` is the round that the asker saw; None means the current one.
    """

    step: str
    values: dict[str, JSON] = field(default_factory=dict)
    visit: int | None = None
    by: By = "person"


@dataclass(frozen=True, slots=True)
class TakeReply:
    """The outcome of one try of a call.

    `variables` were picked from the answer, good or bad. `reason` is empty for a good answer.
    `is_transient`: worth another try whatever the step says; `retry_after_seconds` was asked for by
    the other side; `jitter` is in [0, 1).
    """

    step: str
    visit: int
    status: int | None
    variables: dict[str, JSON] = field(default_factory=dict)
    reason: str = ""
    is_transient: bool = False
    retry_after_seconds: float | None = None
    jitter: float = 0.5


@dataclass(frozen=True, slots=True)
class FailStep:
    """Give an active call up to the tech lead whatever its settings say (the worker died on it, its
    answer was lost).
    """

    step: str
    visit: int
    reason: str


@dataclass(frozen=True, slots=True)
class FireTimer:
    """Start a scheduled step, if that visit still waits and its time has come."""

    step: str
    visit: int


@dataclass(frozen=True, slots=True)
class SkipStep:
    """Pass an open step on a person's word."""

    step: str


@dataclass(frozen=True, slots=True)
class RestartStep:
    """Try a failed call once more, as a new visit."""

    step: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Abort the instance."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rename:
    """Give the instance another name."""

    name: str


Command: TypeAlias = (
    Start | CompleteStep | TakeReply | FailStep | FireTimer | SkipStep | RestartStep | Stop | Rename
)
