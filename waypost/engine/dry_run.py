"""Dry runs as they are saved with a workflow: what is done in them, and how they end."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from waypost.engine.json_value import JSON


class _Move(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="do",
):
    """Something done in a dry run. `workflow` names the instance it is done to by the key of its
    workflow, empty for the one that was started first; `number` says which of several, from 1, and
    0 is the newest.
    """

    step: str
    workflow: str = ""
    number: int = 0


class CompleteMove(_Move, frozen=True, kw_only=True, tag="complete"):
    """A person completes a step. `values` maps field keys to what they enter: a text, a number, the
    label of a button, a list of items.
    """

    values: dict[str, JSON] = {}


class AnswerMove(_Move, frozen=True, kw_only=True, tag="answer"):
    """A call gets this answer: a `status` with a `body`, or one that its provider is known to give
    by its `code`. `is_lost`: nobody answers. With nothing of these it is the usual answer.
    """

    status: int = 0
    code: str = ""
    body: str = ""
    is_lost: bool = False


class SkipMove(_Move, frozen=True, kw_only=True, tag="skip"):
    """Somebody passes an open step."""


class RestartMove(_Move, frozen=True, kw_only=True, tag="restart"):
    """Somebody sends a failed call on another try."""


class AdvanceMove(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="do",
    tag="advance",
):
    """Time goes by: so many minutes, or with 0 until the next timer or try is due."""

    minutes: int = 0


StepMove: TypeAlias = CompleteMove | AnswerMove | SkipMove | RestartMove
Move: TypeAlias = StepMove | AdvanceMove


class ExpectedRun(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """How one instance ends. `steps` maps step keys to their states (what is not named has not
    started), `values` maps `step.field` or `step.variable` to what it holds, as text.
    """

    workflow: str
    status: str
    steps: dict[str, str] = {}
    values: dict[str, str] = {}


class DryRun(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A dry run that serves as a test: it must end as expected each time it is repeated. It starts
    with these `url_parameters`.
    """

    name: str
    starts_at: str = "2026-01-05T09:00:00Z"
    url_parameters: dict[str, str] = {}
    moves: tuple[Move, ...] = ()
    expects: tuple[ExpectedRun, ...] = ()
