"""The steps of a run as a trail: what is done, where it stands, what comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waypost.engine.conditions import container_status
from waypost.engine.instance import OPEN, Status, StepRun
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import containers_of
from waypost.instances.detail import InstanceDetail
from waypost.instances.links import link_path
from waypost.web.due import Due, due_of


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is told: its style, in words, and with an icon where the number does not do."""

    style: str
    text: str
    icon: str = ""


_LOOKS = {
    Status.NOT_STARTED: Look("not_started", "Not started"),
    Status.SCHEDULED: Look("not_started", "", icon="clock"),
    Status.FAILED: Look("failed", "Failed: somebody must look at it", icon="alert-triangle"),
    Status.COMPLETED: Look("completed", "Completed", icon="check"),
    Status.SKIPPED: Look("skipped", "Skipped", icon="minus"),
    Status.FAILED_SKIPPED: Look("failed_skipped", "No good answer: passed", icon="check"),
    Status.DECLINED: Look("declined", "Declined: the workflow was stopped", icon="hand-stop"),
}
_OF_CONTAINERS = {
    Status.NOT_STARTED: Look("not_started", ""),
    Status.ACTIVE: Look("under_way", ""),
    Status.COMPLETED: Look("completed", "Completed"),
    Status.SKIPPED: Look("skipped", "Skipped"),
}
_STOPPED = Look("skipped", "Stopped", icon="minus")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailStep:
    """One step of the trail. `holds` says how a container's members take turns, empty for others;
    `depth` counts the containers around it.
    """

    id: int
    number: str
    name: str
    look: Look
    who: str
    holds: str
    depth: int
    starts_at: datetime | None
    due: Due | None
    ended_at: datetime | None
    visit: int
    failure: str
    public_path: str
    may_be_passed: bool = False
    may_be_restarted: bool = False


def trail(detail: InstanceDetail, now: datetime, may_pass: bool = False) -> tuple[TrailStep, ...]:
    """Every step in order; `may_pass`: the reader may skip and restart steps."""
    return tuple(_trail_step(detail, step, now, may_pass) for step in detail.workflow.steps)


def _trail_step(detail: InstanceDetail, step: AnyStep, now: datetime, may_pass: bool) -> TrailStep:
    run = detail.run(step)
    is_running = detail.row.status == "running"
    is_open = is_running and run.status in OPEN
    is_scheduled = run.status is Status.SCHEDULED
    return TrailStep(
        id=step.id,
        number=detail.workflow.number_by_key[step.key],
        name=step.name,
        look=_look_of_container(detail, step) if step.holds else _look(step, run, is_running),
        who=_who(step),
        holds=_HOLDS[step.holds],
        depth=len(containers_of(detail.workflow, step.key)),
        starts_at=run.due_at if is_open and is_scheduled else None,
        due=due_of(run.deadline_at, now) if is_open else None,
        ended_at=run.ended_at,
        visit=run.visit,
        failure=run.failure if run.status is Status.FAILED else "",
        public_path=link_path(detail, step) if step.is_external and is_running else "",
        may_be_passed=may_pass and is_open,
        may_be_restarted=may_pass and is_open and run.status is Status.FAILED,
    )


_HOLDS = {"": "", "sequence": "One after the other", "parallel": "All at once"}


def _look_of_container(detail: InstanceDetail, step: AnyStep) -> Look:
    return _OF_CONTAINERS[container_status(detail.workflow, detail.state, step.key)]


def _look(step: AnyStep, run: StepRun, is_running: bool) -> Look:
    if run.status in OPEN and not is_running:
        return _STOPPED
    if run.status is Status.ACTIVE:
        return Look("active", _waiting(step, run))
    return _LOOKS[run.status]


def _waiting(step: AnyStep, run: StepRun) -> str:
    if step.waits_for == "call":
        return "No answer yet: trying again" if run.attempts else "Sending"
    return "Waiting for the customer" if step.is_external else "Waiting for a person"


def _who(step: AnyStep) -> str:
    if step.waits_for == "call":
        return "By itself"
    words = {
        "workflow_lead": "Workflow lead",
        "instance_lead": "Instance lead",
        "starter": "Who started it",
        "external": "Customer, by link",
    }
    kind, _, name = step.assignee.partition(":")
    return words.get(kind, f"Team {name}" if kind == "team" else name)
