"""Saved dry runs as tests: repeated, compared with how they ended before, and saved anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec.structs import replace

from waypost.engine.definition import Workflow
from waypost.engine.dry_run import DryRun, ExpectedRun
from waypost.engine.errors import Refusal
from waypost.engine.finding import Finding
from waypost.engine.instance import READABLE, Status, StepRun
from waypost.engine.json_value import text_of
from waypost.engine.references import ids_in
from waypost.engine.step_types import AnyStep
from waypost.engine.texts import texts_in
from waypost.workflows.dry_run.numbering import numbered
from waypost.workflows.dry_run.playing import Stuck, play, played_moves, settle
from waypost.workflows.dry_run.world import Run, World

_NOTHING = "nothing"
_ANY_TIME = datetime(2026, 1, 5, 9, tzinfo=UTC)
#: Ids of another installation begin here.
_OTHER = 70_001


@dataclass(frozen=True, slots=True)
class Difference:
    """What ended differently. No `step` means the instance itself; `what` is empty for a state."""

    workflow: str
    step: str
    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """A dry run as it goes now. `problem` says why it could not be played to its end."""

    world: World
    differences: tuple[Difference, ...]
    problem: str = ""

    @property
    def is_as_expected(self) -> bool:
        """Whether it passes as a test."""
        return not (self.differences or self.problem)


def missing_workflows(workflow: Workflow, known: Mapping[str, Workflow]) -> tuple[str, ...]:
    """Workflows that this one names, directly or through others, and that are not there."""
    missing: dict[str, None] = {}
    seen = {workflow.key}
    waiting = [workflow]
    while waiting:
        for key in _named(waiting.pop()):
            if key in seen:
                continue
            seen.add(key)
            if key in known:
                waiting.append(known[key])
            else:
                missing[key] = None
    return tuple(missing)


def repeat(run: DryRun, workflow: Workflow, others: Mapping[str, Workflow]) -> Repeated:
    """Play a saved dry run once more; `others` are the workflows that calls may start."""
    world, problem = end_of(run, workflow.key, empty_world(workflow, others))
    if problem:
        return Repeated(world, (), problem)
    return Repeated(world, tuple(_differences(run.expects, world.runs)))


def end_of(run: DryRun, key: str, world: World) -> tuple[World, str]:
    """The world at the end of a dry run, and why it stopped before, if it did."""
    played = play(world, key, run)
    if isinstance(played, Stuck):
        return played.world, _told(run, played, world.workflows[key])
    settled = settle(played)
    if isinstance(settled, Refusal):
        return played, settled.message
    return settled, ""


def empty_world(workflow: Workflow, others: Mapping[str, Workflow]) -> World:
    """The world before a dry run of a workflow begins."""
    return World(workflows=numbered(_together(workflow, others)), now=_ANY_TIME)


def saved(run: DryRun, workflow: Workflow, others: Mapping[str, Workflow]) -> DryRun | Refusal:
    """The dry run with its end as it is now for the expected one.

    Ids differ from one installation to the next: what changes with them is not expected.
    """
    short = replace(run, moves=played_moves(run.moves))
    ends = _ends(short, workflow, others)
    if isinstance(ends, Refusal) or ends != _ends(run, workflow, others):
        short, ends = run, _ends(run, workflow, others)
    if isinstance(ends, Refusal):
        return ends
    return replace(short, expects=ends)


def findings_of_dry_runs(workflow: Workflow, others: Mapping[str, Workflow]) -> tuple[Finding, ...]:
    """Each saved dry run that does not end as it did; those that need a workflow which is not here
    are not played.
    """
    if not workflow.dry_runs or missing_workflows(workflow, others):
        return ()
    played = ((place, one, repeat(one, workflow, others)) for place, one in _placed(workflow))
    return tuple(
        _finding(place, run, repeated)
        for place, run, repeated in played
        if not repeated.is_as_expected
    )


def told(difference: Difference, workflows: Mapping[str, Workflow]) -> str:
    """A difference in a sentence."""
    workflow = workflows.get(difference.workflow)
    name = workflow.name if workflow else difference.workflow
    step = workflow.step_by_key.get(difference.step) if workflow else None
    if workflow and difference.step and step is None:
        was = f"the step {difference.step}, which was {difference.expected}"
        return f"{name}: {was}, is not there any more."
    place = f"{name}, step {step.name if step else difference.step}" if difference.step else name
    what = f"{difference.what} is" if difference.what else "is"
    return f"{place}: {what} {difference.found}, not {difference.expected}."


def _ends(
    run: DryRun, workflow: Workflow, others: Mapping[str, Workflow]
) -> tuple[ExpectedRun, ...] | Refusal:
    world, problem = end_of(run, workflow.key, empty_world(workflow, others))
    if problem:
        return Refusal("dry_run_stuck", problem)
    bare = (_without_ids(one) for one in _together(workflow, others))
    elsewhere = World(workflows=numbered(bare, _OTHER), now=_ANY_TIME, first_id=_OTHER)
    other, _ = end_of(run, workflow.key, elsewhere)
    return tuple(
        _common(one, another) for one, another in zip(_ended(world), _ended(other), strict=True)
    )


def _ended(world: World) -> tuple[ExpectedRun, ...]:
    return tuple(
        ExpectedRun(
            workflow=run.workflow.key,
            status=run.state.status,
            steps={
                step.key: str(run.state.run(step.key).status)
                for step in run.workflow.steps
                if not step.holds and run.state.run(step.key).status is not Status.NOT_STARTED
            },
            values=_values(run),
        )
        for run in world.runs
    )


def _common(one: ExpectedRun, other: ExpectedRun) -> ExpectedRun:
    kept = {key: text for key, text in one.values.items() if other.values.get(key) == text}
    return replace(one, values=kept)


def _values(run: Run) -> dict[str, str]:
    """What calls have found and filled in; what people entered stands in the moves."""
    found: dict[str, str] = {}
    for step in run.workflow.steps:
        state = run.state.run(step.key)
        if state.status in READABLE:
            found |= _values_of(step, state)
    return found


def _values_of(step: AnyStep, state: StepRun) -> dict[str, str]:
    texts = {name: text_of(value) for name, value in state.variables.items()}
    if state.by in ("call", "other_instance"):
        texts |= {
            one.key: one.shown(state.values[one.key])
            for one in step.fields
            if one.key in state.values and one.outputs
        }
    return {f"{step.key}.{name}": text for name, text in texts.items() if text}


def _differences(expected: Sequence[ExpectedRun], runs: Sequence[Run]) -> Iterator[Difference]:
    """The first differing step of the first differing instance in front."""
    for place in range(max(len(expected), len(runs))):
        wanted = expected[place] if place < len(expected) else None
        run = runs[place] if place < len(runs) else None
        if wanted is None or run is None or wanted.workflow != run.workflow.key:
            key = wanted.workflow if wanted else run.workflow.key if run else ""
            found = f"started as {run.workflow.key}" if run else "not started"
            yield Difference(key, "", "", "started" if wanted else "not started", found)
        else:
            yield from _differences_of(wanted, run)


def _differences_of(wanted: ExpectedRun, run: Run) -> Iterator[Difference]:
    key, values = run.workflow.key, _values(run)
    for step in run.workflow.steps:
        state = str(run.state.run(step.key).status)
        before = wanted.steps.get(step.key, str(Status.NOT_STARTED))
        if state != before and not step.holds:
            yield Difference(key, step.key, "", _words(before), _words(state))
        for name, text in _of_step(wanted.values, step.key):
            now = values.get(f"{step.key}.{name}", "")
            if now != text:
                yield Difference(key, step.key, name, _quoted(text), _quoted(now))
    for gone in wanted.steps:
        if gone not in run.workflow.step_by_key:
            yield Difference(key, gone, "", _words(wanted.steps[gone]), "not there any more")
    if wanted.status != run.state.status:
        yield Difference(key, "", "", wanted.status, run.state.status)


def _of_step(values: Mapping[str, str], key: str) -> Iterator[tuple[str, str]]:
    for path, text in values.items():
        step, _, name = path.partition(".")
        if step == key:
            yield name, text


def _words(status: str) -> str:
    return status.replace("_", " ")


def _quoted(text: str) -> str:
    return f"“{text}”" if text else _NOTHING


def _told(run: DryRun, stuck: Stuck, workflow: Workflow) -> str:
    if not stuck.place:
        return f"It does not start: {stuck.refusal.message}"
    key = getattr(run.moves[stuck.place - 1], "step", "")
    step = workflow.step_by_key.get(key)
    if key and step is None:
        return f"Move {stuck.place} cannot be made: its step, {key}, is not there any more."
    where = f" ({step.name})" if step else ""
    return f"Move {stuck.place}{where} cannot be made: {stuck.refusal.message}"


def _finding(place: int, run: DryRun, repeated: Repeated) -> Finding:
    reason = repeated.problem or told(repeated.differences[0], repeated.world.workflows)
    return Finding(
        "dry_run_differs",
        f"The dry run “{run.name}” does not go as it did. {reason}",
        "Look at the way it takes and mend the workflow, or accept the new outcome.",
        attribute=f"dry_runs.{place}",
    )


def _placed(workflow: Workflow) -> Iterator[tuple[int, DryRun]]:
    return iter(enumerate(workflow.dry_runs))


def _named(workflow: Workflow) -> Iterator[str]:
    for placed in texts_in(workflow):
        for path in ids_in(placed.text):
            yield path.partition("/")[0]


def _together(workflow: Workflow, others: Mapping[str, Workflow]) -> tuple[Workflow, ...]:
    return (workflow, *(one for one in others.values() if one.key != workflow.key))


def _without_ids(workflow: Workflow) -> Workflow:
    steps = tuple(
        replace(step, id=0, fields=tuple(replace(one, id=0) for one in step.fields))
        for step in workflow.steps
    )
    return replace(workflow, id=0, steps=steps)
