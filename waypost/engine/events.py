"""What happened: facts that `evolve` turns into state and that history keeps for ever.

Personal content stands in the attributes that `personal` names; the store keeps them apart, so that
they can be erased.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

import msgspec

from waypost.engine.instance import By
from waypost.engine.json_value import JSON


class _Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    personal: ClassVar[tuple[str, ...]] = ()


class InstanceStarted(_Event, frozen=True, kw_only=True, tag="instance_started"):
    """The run began. `url_parameters` are the declared ones that the start brought."""

    personal: ClassVar[tuple[str, ...]] = ("name", "url_parameters")

    name: str = ""
    time_zone: str = "UTC"
    url_parameters: dict[str, str] = {}


class InstanceRenamed(_Event, frozen=True, kw_only=True, tag="instance_renamed"):
    """The run got another name."""

    personal: ClassVar[tuple[str, ...]] = ("name",)

    name: str = ""


class StepScheduled(_Event, frozen=True, kw_only=True, tag="step_scheduled"):
    """Its turn came and its condition, if any, held; it starts at `due_at`."""

    step: str
    visit: int
    due_at: datetime


class StepActivated(_Event, frozen=True, kw_only=True, tag="step_activated"):
    """It began: its turn came and its condition, if any, held, or its scheduled start came."""

    step: str
    visit: int
    deadline_at: datetime | None = None


class StepSkipped(_Event, frozen=True, kw_only=True, tag="step_skipped"):
    """It was passed: its condition did not hold, a routing jumped over it, or a person said so."""

    step: str
    visit: int
    because: Literal["condition", "routing", "person"]


class StepCompleted(_Event, frozen=True, kw_only=True, tag="step_completed"):
    """A person, or a call in their place, ended it. `values` maps field keys to stored input
    objects.
    """

    personal: ClassVar[tuple[str, ...]] = ("values",)

    step: str
    visit: int
    by: By
    values: dict[str, JSON] = {}


class StepDeclined(_Event, frozen=True, kw_only=True, tag="step_declined"):
    """Its routing stopped the workflow."""

    personal: ClassVar[tuple[str, ...]] = ("values",)

    step: str
    visit: int
    by: By
    values: dict[str, JSON] = {}


class CallAnswered(_Event, frozen=True, kw_only=True, tag="call_answered"):
    """A good answer came; the step is completed."""

    personal: ClassVar[tuple[str, ...]] = ("variables",)

    step: str
    visit: int
    status: int
    variables: dict[str, JSON] = {}


class CallPostponed(_Event, frozen=True, kw_only=True, tag="call_postponed"):
    """No good answer yet; the same request goes out again at `due_at`. `is_by_policy`: because the
    step's own retry policy says so, not because such failures pass by themselves.

    `reason` quotes the other system, whose words may name a person.
    """

    personal: ClassVar[tuple[str, ...]] = ("reason",)

    step: str
    visit: int
    attempts: int
    due_at: datetime
    is_by_policy: bool = False
    reason: str = ""
    status: int | None = None


class CallFailed(_Event, frozen=True, kw_only=True, tag="call_failed"):
    """No good answer for good. `is_skipped`: passed by *On failure*, else left to the tech lead."""

    personal: ClassVar[tuple[str, ...]] = ("variables", "reason")

    step: str
    visit: int
    is_skipped: bool
    reason: str = ""
    status: int | None = None
    variables: dict[str, JSON] = {}


class StepFailed(_Event, frozen=True, kw_only=True, tag="step_failed"):
    """The rules gave it up (it loops by itself); it waits for the tech lead."""

    step: str
    visit: int
    reason: str


class StepRestarted(_Event, frozen=True, kw_only=True, tag="step_restarted"):
    """A person sent a failed step on another round."""

    step: str
    visit: int


class StepsReset(_Event, frozen=True, kw_only=True, tag="steps_reset"):
    """A return to `target` set these steps back; the open ones among them are superseded."""

    target: str
    steps: tuple[str, ...]
    is_automatic: bool = False


class InstanceCompleted(_Event, frozen=True, kw_only=True, tag="instance_completed"):
    """Every step has ended."""


class InstanceAborted(_Event, frozen=True, kw_only=True, tag="instance_aborted"):
    """It was stopped."""

    reason: str = ""


Event: TypeAlias = (
    InstanceStarted
    | InstanceRenamed
    | StepScheduled
    | StepActivated
    | StepSkipped
    | StepCompleted
    | StepDeclined
    | CallAnswered
    | CallPostponed
    | CallFailed
    | StepFailed
    | StepRestarted
    | StepsReset
    | InstanceCompleted
    | InstanceAborted
)
# See `definition.READER`.
READER = msgspec.json.Decoder(Event)
