"""Public links of steps for people without an account: derived, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from waypost.engine.errors import Refusal
from waypost.engine.step_types import AnyStep
from waypost.instances.detail import InstanceDetail


@dataclass(frozen=True, slots=True)
class LinkedStep:
    """What stands behind a link.

    `early`: not reached yet; `active`: to be filled in; `done`: completed, what was sent may be
    shown while the instance runs; `gone`: the instance ended or was deleted.
    """

    state: Literal["early", "active", "done", "gone"]
    instance: InstanceDetail
    step: AnyStep
    visit: int


def step_from_link(token: str) -> LinkedStep | Refusal:
    """The step a link leads to; `not_found` for anything that is no valid link. Changes nothing."""
    raise NotImplementedError


def link_path(instance: InstanceDetail, step: AnyStep) -> str:
    """The path of a step's public page, `/s/<token>`."""
    raise NotImplementedError
