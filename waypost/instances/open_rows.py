"""The open steps of a state as rows, and what a change opens and closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, assert_never

from waypost.engine.definition import Workflow
from waypost.engine.effects import AwaitPerson, Effect, SendRequest, WakeAt, open_effects
from waypost.engine.instance import Instance

Key = tuple[int, int, str]
Kind: TypeAlias = Literal["person", "call", "timer"]


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One row of `open_step`. `due_at`: look at it not before this; None for people.

    `activated_at` of a timer is when its step is to start.
    """

    step_id: int
    visit: int
    kind: Kind
    assignee: str
    is_failed: bool
    activated_at: datetime
    due_at: datetime | None
    deadline_at: datetime | None

    @property
    def key(self) -> Key:
        """What tells it from the other rows of the instance."""
        return self.step_id, self.visit, self.kind


@dataclass(frozen=True, slots=True)
class OpenChange:
    """Rows to write, new or in place, and keys of rows to delete: disjoint."""

    opened: tuple[OpenRow, ...]
    closed: tuple[Key, ...]


def open_change(workflow: Workflow, before: Instance, after: Instance) -> OpenChange:
    """The difference between the open steps of two states."""
    old = open_rows(workflow, before)
    new = open_rows(workflow, after)
    opened = tuple(row for key, row in new.items() if old.get(key) != row)
    return OpenChange(opened, tuple(key for key in old if key not in new))


def open_rows(workflow: Workflow, state: Instance) -> dict[Key, OpenRow]:
    """Every open step of a state."""
    rows = (_row(workflow, state, effect) for effect in open_effects(workflow, state))
    return {row.key: row for row in rows}


def _row(workflow: Workflow, state: Instance, effect: Effect) -> OpenRow:
    step_id, run = workflow.step_by_key[effect.step].id, state.run(effect.step)
    match effect:
        case AwaitPerson():
            return OpenRow(
                step_id=step_id,
                visit=effect.visit,
                kind="person",
                assignee=effect.assignee,
                is_failed=effect.is_failed,
                activated_at=effect.since,
                due_at=None,
                deadline_at=run.deadline_at,
            )
        case SendRequest():
            return OpenRow(
                step_id=step_id,
                visit=effect.visit,
                kind="call",
                assignee="",
                is_failed=False,
                activated_at=run.activated_at or effect.due_at,
                due_at=effect.due_at,
                deadline_at=run.deadline_at,
            )
        case WakeAt():
            return OpenRow(
                step_id=step_id,
                visit=effect.visit,
                kind="timer",
                assignee="",
                is_failed=False,
                activated_at=effect.due_at,
                due_at=effect.due_at,
                deadline_at=None,
            )
        case _:
            assert_never(effect)
