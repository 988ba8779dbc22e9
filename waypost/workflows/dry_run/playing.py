"""A dry run played move by move; machines are faster than people, so calls are made in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import assert_never

from waypost.engine.commands import Command, CompleteStep, FireTimer, RestartStep, SkipStep
from waypost.engine.dry_run import (
    AdvanceMove,
    AnswerMove,
    CompleteMove,
    DryRun,
    Move,
    RestartMove,
    SkipMove,
    StepMove,
)
from waypost.engine.effects import WakeAt, open_effects
from waypost.engine.errors import Refusal
from waypost.workflows.dry_run.calling import has_usual_answer, perform
from waypost.workflows.dry_run.entering import input_objects
from waypost.workflows.dry_run.world import (
    Beginning,
    OpenCall,
    Run,
    World,
    change,
    open_calls,
    start,
)

#: Calls made in one go before a dry run is given up as endless.
MOST_CALLS = 300
MOST_MOVES = 200
#: How far one move may let the clock run: ten years.
MOST_MINUTES = 10 * 366 * 24 * 60
INSTANCE_NAME = "Dry run"
#: When a dry run begins whose start is no moment of a year that clocks know.
_ANY_TIME = datetime(2026, 1, 5, 9, tzinfo=UTC)
_YEARS = range(2000, 2100)

_ENDLESS = Refusal(
    "endless", "Calls go on without end and without a person. Look for a step that starts another."
)
_TOO_LATE = Refusal("too_late", "A move lets at most ten years go by. Give fewer minutes.")
_TOO_MANY = Refusal(
    "too_many_moves", f"A dry run has at most {MOST_MOVES} moves. Save it, and begin another one."
)
_NO_TIMER = Refusal(
    "no_timer", "Nothing waits for a later time. Complete a step, or answer a call."
)


@dataclass(frozen=True, slots=True)
class Stuck:
    """A move that could not be made; `place` counts from 1, 0 is the start itself."""

    world: World
    place: int
    refusal: Refusal


def play(world: World, key: str, run: DryRun) -> World | Stuck:
    """The world after the moves, before the calls that are due then; it begins empty."""
    began = begin(replace(world, now=moment_of(run.starts_at)), key, run.url_parameters)
    if isinstance(began, Refusal):
        return Stuck(world, 0, began)
    for place, move in enumerate(run.moves, start=1):
        after = moved(began, move) if place <= MOST_MOVES else _TOO_MANY
        if isinstance(after, Refusal):
            return Stuck(began, place, after)
        began = after
    return began


def begin(world: World, key: str, url_parameters: Mapping[str, str]) -> World | Refusal:
    """The world right after the start of the workflow under test."""
    has_name = key in world.workflows and not world.workflows[key].has_automatic_names
    return start(world, key, Beginning(INSTANCE_NAME if has_name else "", url_parameters))


def moved(world: World, move: Move) -> World | Refusal:
    """The world after one more move."""
    if isinstance(move, AnswerMove):
        return _answered(world, move)
    settled = settle(world)
    if isinstance(settled, Refusal):
        return settled
    if isinstance(move, AdvanceMove):
        return _advanced(settled, move)
    run = run_of(settled, move)
    if isinstance(run, Refusal):
        return run
    return change(settled, run, _command(run, move), "person")


def settle(world: World) -> World | Refusal:
    """Fire the timers that are due, make the calls that are due and whose answer is known, and what
    follows from them.
    """
    for _ in range(MOST_CALLS):
        after = _fired(world) or _called(world)
        if after is None:
            return world
        if isinstance(after, Refusal):
            return after
        world = after
    return _ENDLESS


def due_calls(world: World) -> Iterator[OpenCall]:
    """The calls that wait to be made now."""
    return (one for one in open_calls(world) if one.effect.due_at <= world.now)


def next_due(world: World) -> datetime | None:
    """When something happens by itself, if anything waits for a later time."""
    times = (
        at
        for run in world.runs
        for effect in open_effects(run.workflow, run.state)
        if isinstance(at := getattr(effect, "due_at", None), datetime) and at > world.now
    )
    return min(times, default=None)


def run_of(world: World, move: StepMove) -> Run | Refusal:
    """The instance that a move is about."""
    runs = world.runs_of(move.workflow) if move.workflow else world.runs[:1]
    if not 0 <= move.number <= len(runs) or not runs:
        which = f"{move.workflow} number {move.number}" if move.number else move.workflow
        return Refusal("no_instance", f"There is no instance of {which}. It was never started.")
    return runs[move.number - 1]


def moment_of(written: str) -> datetime:
    """A moment as files write it; in UTC where no zone stands, and a fixed one if it is none."""
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        return _ANY_TIME
    if read.year not in _YEARS:
        return _ANY_TIME
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _fired(world: World) -> World | Refusal | None:
    """One timer that is due has started its step."""
    for run in world.runs:
        for effect in open_effects(run.workflow, run.state):
            if isinstance(effect, WakeAt) and effect.due_at <= world.now:
                return change(world, run, FireTimer(effect.step, effect.visit), "time")
    return None


def _called(world: World) -> World | Refusal | None:
    """One call that is due has had its usual answer."""
    call = next((one for one in due_calls(world) if has_usual_answer(one)), None)
    return None if call is None else perform(world, call)


def _answered(world: World, move: AnswerMove) -> World | Refusal:
    """Give a call its answer, once the calls before it are made."""
    for _ in range(MOST_CALLS):
        run = run_of(world, move)
        due = tuple(due_calls(world))
        wanted = [one for one in due if isinstance(run, Run) and _is_it(one, run, move)]
        if wanted:
            return perform(world, wanted[0], move)
        usual = next((one for one in due if has_usual_answer(one)), None)
        if usual is None:
            return run if isinstance(run, Refusal) else _not_due(run, move.step)
        after = perform(world, usual)
        if isinstance(after, Refusal):
            return after
        world = after
    return _ENDLESS


def _is_it(call: OpenCall, run: Run, move: AnswerMove) -> bool:
    return call.run.id == run.id and call.step.key == move.step


def _not_due(run: Run, key: str) -> Refusal:
    step = run.workflow.step_by_key.get(key)
    if step is None:
        return Refusal("unknown_step", f"{run.workflow.name} has no step {key}.")
    status = str(run.state.run(key).status).replace("_", " ")
    return Refusal("no_call", f"{step.name} makes no call now: it is {status}.")


def _command(run: Run, move: CompleteMove | SkipMove | RestartMove) -> Command:
    match move:
        case CompleteMove():
            step = run.workflow.step_by_key.get(move.step)
            values = {} if step is None else input_objects(step, move.values)
            return CompleteStep(move.step, values)
        case SkipMove():
            return SkipStep(move.step)
        case RestartMove():
            return RestartStep(move.step)
        case _:
            assert_never(move)


def _advanced(world: World, move: AdvanceMove) -> World | Refusal:
    """Let time go by, stopping wherever something is due, so that nothing happens too late."""
    if not 0 <= move.minutes <= MOST_MINUTES:
        return _TOO_LATE
    until = world.now + timedelta(minutes=move.minutes) if move.minutes else next_due(world)
    if until is None:
        return _NO_TIMER
    stops = 0
    while (due := next_due(world)) is not None and due <= until:
        stops += 1
        after = settle(replace(world, now=due)) if stops <= MOST_CALLS else _ENDLESS
        if isinstance(after, Refusal):
            return after
        world = after
    return settle(replace(world, now=until))


def played_moves(moves: Iterable[Move]) -> tuple[Move, ...]:
    """The moves without those that only say what would happen anyway."""
    return tuple(one for one in moves if not _is_usual(one))


def _is_usual(move: Move) -> bool:
    return isinstance(move, AnswerMove) and not (
        move.status or move.code or move.body or move.is_lost
    )
