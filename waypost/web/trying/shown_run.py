"""A dry run as its page shows it: where it stands, what may be done, what went by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from waypost.engine.effects import AwaitPerson, open_effects
from waypost.engine.errors import Refusal
from waypost.engine.instance import Status
from waypost.engine.step_types import AnyStep
from waypost.integrations.provider import Answer
from waypost.web.fields.form import Attempt, StepForm, step_form
from waypost.web.instances.log import LogLine, status_text
from waypost.web.instances.trail import TrailStep, trail
from waypost.web.trying.answer import pretty
from waypost.web.trying.kept import KeptRun
from waypost.web.trying.run_details import CLEAN, detail_of, links_of, log_of, shown_headers
from waypost.workflows.dry_run.calling import (
    has_usual_answer,
    known_answers,
    rendered,
    sample_answer,
)
from waypost.workflows.dry_run.playing import Stuck, due_calls, next_due, play, settle
from waypost.workflows.dry_run.world import Delivered, OpenCall, Run, World


@dataclass(frozen=True, slots=True)
class FailedForm:
    """An answer to a form that was not taken."""

    run_id: int
    step_id: int
    attempt: Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm:
    """A step that a person does. `form` is None for a failed call, which is mended."""

    id: str
    url: str
    step: AnyStep
    run: Run
    form: StepForm | None
    who: str
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a call may get."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCall:
    """A call that waits for the builder to say what it is answered."""

    id: str
    url: str
    step: AnyStep
    run: Run
    request: str
    problem: str
    choices: tuple[Choice, ...]
    has_usual: bool
    sample: str


@dataclass(frozen=True, slots=True)
class ShownInstance:
    """One instance of the dry run."""

    run: Run
    steps: tuple[TrailStep, ...]
    log: tuple[LogLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """Everything on the page of a dry run under way."""

    kept: KeptRun
    now: datetime
    next_due: datetime | None
    problem: str
    forms: tuple[OpenForm, ...]
    calls: tuple[AskedCall, ...]
    waiting: tuple[str, ...]
    instances: tuple[ShownInstance, ...]
    deliveries: tuple[Delivered, ...]
    states: Mapping[str, Status]
    is_over: bool


def played_world(kept: KeptRun, world: World, key: str) -> tuple[World, str]:
    """The world as the page shows it, and why the moves do not go on if they do not."""
    played = play(world, key, kept.run)
    if isinstance(played, Stuck):
        return played.world, _told(played)
    if kept.stops_at_calls:
        return played, ""
    settled = settle(played)
    return (played, settled.message) if isinstance(settled, Refusal) else (settled, "")


def shown_run(
    kept: KeptRun, world: World, key: str, url: str, failed: FailedForm | None = None
) -> ShownRun:
    """The dry run after its moves."""
    now, problem = played_world(kept, world, key)
    calls = tuple(
        _asked(one, url)
        for one in due_calls(now)
        if kept.stops_at_calls or not has_usual_answer(one)
    )
    return ShownRun(
        kept=kept,
        now=now.now,
        next_due=next_due(now),
        problem=problem,
        forms=tuple(_forms(now, url, failed)),
        calls=calls,
        waiting=tuple(_waiting(now)),
        instances=tuple(
            ShownInstance(one, trail(detail_of(one), now.now), log_of(now, one)) for one in now.runs
        ),
        deliveries=tuple(one for one in reversed(now.log) if isinstance(one, Delivered)),
        states=_states(now),
        is_over=bool(now.runs) and now.runs[0].state.status != "running",
    )


def place_of(world: World, run: Run) -> dict[str, str | int]:
    """How moves name an instance: nothing for the tested one, the key for the newest of others."""
    if run.id == world.first_id:
        return {}
    runs = world.runs_of(run.workflow.key)
    is_newest = runs[-1].id == run.id
    number = 0 if is_newest else [one.id for one in runs].index(run.id) + 1
    return {"workflow": run.workflow.key, "number": number}


def step_url(url: str, run: Run, step: AnyStep) -> str:
    """Where the acts of a step are posted, without the act."""
    return f"{url}runs/{run.id}/steps/{step.id}/"


def answers_of(call: OpenCall) -> tuple[Answer, ...]:
    """The answers to choose from, besides the usual one."""
    return tuple(one for one in known_answers(call) if one.status >= 400)


def _told(stuck: Stuck) -> str:
    return f"Move {stuck.place} cannot be made any more: {stuck.refusal.message}"


def _forms(world: World, url: str, failed: FailedForm | None) -> Iterator[OpenForm]:
    """What waits for a person, that of the newest instance first: older ones often wait for it. Of
    two instances at the same step the newer is offered.
    """
    seen: set[int] = set()
    for run in reversed(world.runs):
        for effect in open_effects(run.workflow, run.state):
            step = run.workflow.step_by_key[effect.step]
            if isinstance(effect, AwaitPerson) and step.id not in seen:
                seen.add(step.id)
                yield _form(world, run, effect, url, failed)


def _form(
    world: World, run: Run, effect: AwaitPerson, url: str, failed: FailedForm | None
) -> OpenForm:
    step, detail = run.workflow.step_by_key[effect.step], detail_of(run)
    is_this = failed is not None and (failed.run_id, failed.step_id) == (run.id, step.id)
    attempt = failed.attempt if failed and is_this else None
    return OpenForm(
        id=f"run-{run.id}-step-{step.id}",
        url=step_url(url, run, step),
        step=step,
        run=run,
        form=None
        if effect.is_failed
        else step_form(detail, step, world.now, attempt, links_of(run, url)),
        who="the customer" if step.is_external else "a colleague",
        failure=run.state.run(step.key).failure if effect.is_failed else "",
    )


def _asked(call: OpenCall, url: str) -> AskedCall:
    request = rendered(call)
    known = () if isinstance(request, Refusal) else answers_of(call)
    text = ""
    if not isinstance(request, Refusal):
        pairs = shown_headers(request, call.step)
        head = "\n".join(f"{pair[0]}: {pair[1]}" for pair in pairs if isinstance(pair, list))
        line = f"{request.method} {CLEAN.text(request.url)}"
        text = f"{line}\n{head}\n\n{pretty(CLEAN.text(request.body))}".strip()
    return AskedCall(
        id=f"run-{call.run.id}-call-{call.step.id}",
        url=step_url(url, call.run, call.step),
        step=call.step,
        run=call.run,
        request=text,
        problem=request.message if isinstance(request, Refusal) else "",
        choices=tuple(
            Choice(f"known-{place}", f"{status_text(one.status)}: {one.meaning}")
            for place, one in enumerate(known)
        ),
        has_usual=has_usual_answer(call),
        sample=sample_answer(call.step),
    )


def _waiting(world: World) -> Iterator[str]:
    """What goes on by itself at a later time."""
    for run in world.runs:
        for effect in open_effects(run.workflow, run.state):
            at = getattr(effect, "due_at", None)
            if isinstance(at, datetime) and at > world.now:
                step = run.workflow.step_by_key[effect.step]
                what = "is tried again" if step.waits_for == "call" else "starts"
                yield f"{step.name} {what} on {at:%a %-d %b, %H:%M:%S}"


def _states(world: World) -> Mapping[str, Status]:
    """How far the tested instance came, for the diagram."""
    run = world.runs[0] if world.runs else None
    return {key: run.state.run(key).status for key in run.workflow.step_by_key} if run else {}
