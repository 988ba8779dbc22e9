"""Small workflows and dry runs of them, with defaults."""

from __future__ import annotations

from collections.abc import Mapping

from tests.engine.makers import a_call, a_form
from waypost.engine.definition import Workflow
from waypost.engine.dry_run import CompleteMove, DryRun, Move
from waypost.engine.errors import Refusal
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.step_types import AnyStep
from waypost.workflows.check import normalised
from waypost.workflows.dry_run.playing import Stuck, play, settle
from waypost.workflows.dry_run.repeating import empty_world
from waypost.workflows.dry_run.world import Exchanged, World
from waypost.workflows.files import WorkflowFile, read_workflow
from waypost.workflows.templates import template_text

__all__ = ["a_call", "a_form"]

VERIFY = "https://verify.twilio.com/v2/Services/VA1/Verifications"
CHECK = "https://verify.twilio.com/v2/Services/VA1/VerificationCheck"
OWN = "https://any.example/api/instances"
FORM_TYPE = (("Content-Type", "application/x-www-form-urlencoded"),)
ASK = a_form(ShortText(key="text", name="Text"), key="ask", name="Ask")


def a_flow(*steps: AnyStep, key: str = "flow") -> Workflow:
    """A workflow of these steps."""
    return Workflow(key=key, name=key.title(), steps=steps)


def enter(step: str, workflow: str = "", **values: str) -> CompleteMove:
    """A person completes a step."""
    return CompleteMove(step=step, workflow=workflow, values=dict(values))


def played(workflow: Workflow, *moves: Move, others: tuple[Workflow, ...] = ()) -> World:
    """The world after these moves and every call that follows from them."""
    world = _played(workflow, moves, others)
    assert isinstance(world, World), world
    settled = settle(world)
    assert isinstance(settled, World), settled
    return settled


def refusal_of(workflow: Workflow, *moves: Move, others: tuple[Workflow, ...] = ()) -> Refusal:
    """Why the last of these moves cannot be made."""
    stuck = _played(workflow, moves, others)
    assert isinstance(stuck, Stuck), stuck
    assert stuck.place == len(moves)
    return stuck.refusal


def statuses(world: World, place: int = 0) -> dict[str, str]:
    """How far the steps of an instance are."""
    run = world.runs[place]
    return {step.key: str(run.state.run(step.key).status) for step in run.workflow.steps}


def answers(world: World) -> list[tuple[str, int | None]]:
    """Which calls were made, and the status of each answer."""
    return [(one.step, one.status) for one in world.log if isinstance(one, Exchanged)]


def a_template(name: str, change: Mapping[str, str] | None = None) -> Workflow:
    """A workflow that comes with Waypost, with pieces of its file replaced."""
    text = template_text(name)
    for old, new in (change or {}).items():
        assert old in text
        text = text.replace(old, new)
    read = read_workflow(text, name, uses_examples=True)
    assert isinstance(read, WorkflowFile), read
    return normalised(read.workflow)


def _played(
    workflow: Workflow, moves: tuple[Move, ...], others: tuple[Workflow, ...]
) -> World | Stuck:
    world = empty_world(workflow, {one.key: one for one in others})
    return play(world, workflow.key, DryRun(name="Run", moves=moves))
