"""The two runs of a demo, seen and driven by somebody without an account.

A signed cookie names the run of the main workflow; it opens that run and the ones it started, and
nothing else of the workspace.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.http import Http404, HttpRequest

from waypost.engine.errors import Refusal
from waypost.engine.instance import Status
from waypost.engine.json_value import JSON
from waypost.instances import actions, queries
from waypost.instances.detail import InstanceDetail
from waypost.instances.links import link_path
from waypost.people.actor import Actor
from waypost.people.queries import owner_actor
from waypost.web.fields.form import Attempt, StepForm, step_form
from waypost.web.instances.trail import TrailStep, trail
from waypost.workflows.queries import find_by_key, published

COOKIE = "demo"
COOKIE_SECONDS = 24 * 60 * 60
MAIN_WORKFLOW = "otp_main"
_INBOX_SALT = "sandbox-inbox"


@dataclass(frozen=True, slots=True)
class Customer:
    """Who the demo verifies."""

    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTask:
    """A step that a colleague completes inside the demo."""

    form: StepForm
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRun:
    """One of the runs as the third pane shows it."""

    detail: InstanceDetail
    steps: tuple[TrailStep, ...]
    tasks: tuple[DemoTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTask:
    """An answer of a colleague that was not taken."""

    instance_id: int
    step_id: int
    attempt: Attempt


def owner_or_404() -> Actor:
    """As whom the demo reads and acts: the owner of the example workspace."""
    actor = owner_actor("page")
    if actor is None:
        raise Http404("There is no workspace yet. Start Waypost with `make run`.")
    return actor


def demo_id(request: HttpRequest) -> int | None:
    """The run of the main workflow that this browser started."""
    try:
        value = request.get_signed_cookie(COOKIE, max_age=COOKIE_SECONDS)
    except (KeyError, signing.BadSignature):
        return None
    return int(value) if value and value.isdecimal() else None


def start_demo(actor: Actor, customer: Customer) -> InstanceDetail | Refusal:
    """Start the main workflow and fill in its first step with the customer."""
    workflow = find_by_key(actor, MAIN_WORKFLOW)
    if workflow is None:
        return Refusal("no_example", "The example workflows are missing. Run `make run` once more.")
    definition = published(actor, workflow.id)
    if isinstance(definition, Refusal):
        return definition
    first = definition.steps[0]
    answers = (customer.name, customer.email, customer.phone)
    values: dict[int, JSON] = {
        field.id: {"inputValue": text} for field, text in zip(first.fields, answers, strict=False)
    }
    started = actions.start_instance(actor, workflow.id, actions.NewInstance(name=customer.name))
    if not isinstance(started, actions.Done):
        return started if isinstance(started, Refusal) else _again()
    done = actions.complete_step(actor, started.instance.id, first.id, values)
    if isinstance(done, actions.Done):
        return done.instance
    actions.stop_instances(actor, [started.instance.id])
    return done if isinstance(done, Refusal) else _again()


def demo_runs(
    actor: Actor, main_id: int, now: datetime, failed: FailedTask | None = None
) -> tuple[DemoRun, ...]:
    """The main run and the ones it started, oldest first; none when it is not there any more."""
    main = queries.load_instance(actor, main_id)
    if isinstance(main, Refusal):
        return ()
    children = (queries.load_instance(actor, row.id) for row in queries.children(actor, main_id))
    details = (main, *(one for one in children if not isinstance(one, Refusal)))
    asking = _asking(details)
    return tuple(
        DemoRun(
            detail=detail,
            steps=trail(detail, now),
            tasks=_tasks(detail, now, failed) if detail is asking else (),
        )
        for detail in details
    )


def public_paths(runs: tuple[DemoRun, ...]) -> tuple[tuple[str, str], ...]:
    """Name and address of every customer's page that has been reached, the newest first."""
    return tuple(
        (step.name, link_path(run.detail, step))
        for run in reversed(runs)
        for step in reversed(run.detail.workflow.steps)
        if step.is_external and run.detail.run(step).visit
    )


def customer_of(main: InstanceDetail) -> Customer:
    """Whom the main run verifies, as its first step was filled in."""
    first = main.workflow.steps[0]
    values = main.run(first).values
    name, email, phone = (
        one.shown(values[one.key]) if one.key in values else "" for one in first.fields[:3]
    )
    return Customer(name, email, phone)


def inbox_token(address: str) -> str:
    """Opens the sandbox's inbox for one address; the sandbox makes and reads the same."""
    return signing.Signer(salt=_INBOX_SALT).sign_object(address.strip().lower(), compress=False)


def _asking(details: tuple[InstanceDetail, ...]) -> InstanceDetail | None:
    """The run in which a colleague is needed: the youngest that waits for one, once nothing moves
    by itself and no page of the customer is open. Steps that a call is about to fill in are not
    offered.
    """
    still = all(
        step.waits_for == "person" and not step.is_external
        for detail in details
        for step in detail.open_steps
    )
    waiting = [detail for detail in details if detail.open_steps]
    return waiting[-1] if still and waiting else None


def _tasks(
    detail: InstanceDetail, now: datetime, failed: FailedTask | None
) -> tuple[DemoTask, ...]:
    return tuple(
        DemoTask(
            form=step_form(detail, step, now, _attempt(detail.id, step.id, failed)),
            action=f"/demo/instances/{detail.id}/steps/{step.id}/complete/",
        )
        for step in detail.open_steps
        if step.waits_for == "person"
        and not step.is_external
        and detail.run(step).status is Status.ACTIVE
    )


def _attempt(instance_id: int, step_id: int, failed: FailedTask | None) -> Attempt | None:
    is_this = failed and (failed.instance_id, failed.step_id) == (instance_id, step_id)
    return failed.attempt if failed and is_this else None


def _again() -> Refusal:
    return Refusal("try_again", "The demo could not be started. Try once more.")
