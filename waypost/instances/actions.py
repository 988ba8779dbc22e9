"""What can be done to instances. Each change is one statement; every action returns a refusal as a
value.

Another workspace's id, and one that the actor may not see, is `not_found`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON
from waypost.instances.answers import ApiCall, Replayed
from waypost.instances.detail import InstanceDetail
from waypost.people.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInstance:
    """What a start may bring. `name` must be empty where the workflow names its instances.

    `priority` is "V", "H" or ""; `step_assignments` maps step ids to principal ids; a `start_key`
    is started once for each `start_kind`.
    """

    name: str = ""
    deadline_at: datetime | None = None
    priority: str = ""
    tags: tuple[str, ...] = ()
    step_assignments: Mapping[int, int] = field(default_factory=dict)
    start_kind: str = "manual"
    start_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an update may change; None leaves as it is, and `clears_deadline` takes it away."""

    name: str | None = None
    deadline_at: datetime | None = None
    clears_deadline: bool = False
    priority: str | None = None
    tags: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The instance after the change."""

    instance: InstanceDetail


def start_instance(
    actor: Actor, workflow_id: int, new: NewInstance, call: ApiCall = ApiCall()
) -> Done | Replayed | Refusal:
    """Start the published version of a workflow."""
    raise NotImplementedError


def complete_step(
    actor: Actor,
    instance_id: int,
    step_id: int,
    values: Mapping[int, JSON],
    *,
    visit: int | None = None,
    call: ApiCall = ApiCall(),
) -> Done | Replayed | Refusal:
    """End an active step. `values` maps field ids to input objects as posted.

    `visit` is the round that a page showed; None means the current one.
    """
    raise NotImplementedError


def complete_step_by_link(token: str, values: Mapping[int, JSON], visit: int) -> Done | Refusal:
    """End the step behind a public link, for somebody without an account."""
    raise NotImplementedError


def restart_step(actor: Actor, instance_id: int, step_id: int) -> Done | Refusal:
    """Send a failed call on another round, with a new idempotency key."""
    raise NotImplementedError


def skip_step(actor: Actor, instance_id: int, step_id: int) -> Done | Refusal:
    """Pass an open step."""
    raise NotImplementedError


def stop_instances(actor: Actor, instance_ids: Sequence[int]) -> tuple[int, ...] | Refusal:
    """Abort these; all of them or, when one may not be stopped, none. Ended ones stay as they are."""
    raise NotImplementedError


def delete_instances(actor: Actor, instance_ids: Sequence[int]) -> tuple[int, ...] | Refusal:
    """Stop these and take them out of sight; all of them or none."""
    raise NotImplementedError


def update_instance(actor: Actor, instance_id: int, changes: Changes) -> Done | Refusal:
    """Change name, deadline, priority or tags."""
    raise NotImplementedError
