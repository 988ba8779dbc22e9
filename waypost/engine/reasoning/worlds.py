"""The search for a way in which a workflow can go so that something holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from waypost.engine.conditions import Condition, Rule
from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.routing import Routing
from waypost.engine.instance import READABLE, Status
from waypost.engine.operators import OPERATORS, value_problem
from waypost.engine.reasoning.cells import Cell, cells_of, holds_for
from waypost.engine.reasoning.formulas import (
    RAN,
    Ended,
    Every,
    Formula,
    Not,
    Some,
    atoms_in,
    evaluate,
    formula_of,
)
from waypost.engine.sources import source_at
from waypost.engine.step import Variable
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.structure import containers_of, holds_up, runs_before

#: Steps whose conditions are followed; those further away count as free.
MOST_STEPS = 14
#: Partial worlds looked at before giving up.
MOST_TRIES = 1500


class Worlds:
    """The ways one workflow can go.

    With `by_hand` anybody may pass any step, as leads may; without it a step is skipped only when
    its condition does not hold or a routing jumps over it.
    """

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        self._jumped = frozenset(_jumped_over(workflow))
        self._sound: dict[Rule, bool] = {}
        self._ends: dict[tuple[str, str], bool] = {}
        self._parts: dict[str, Formula] = {}
        self._atoms: dict[str, tuple[Rule | Ended, ...]] = {}
        self._laws_by_step: dict[tuple[str, bool], tuple[Formula, ...]] = {}

    def possible(self, wanted: Formula, *, by_hand: bool = False, now: str = "") -> bool:
        """Whether it can hold; `now` is the step whose turn it is, if that is what is asked."""
        atoms = tuple(atoms_in(wanted))
        keys = self._followed(atoms)
        laws = [self._laws_of(key, by_hand) for key in keys]
        # A law of a step looks at what its condition looks at, and at the step.
        looked_at = (*atoms, *(atom for key in keys for atom in self._atoms_of(key)))
        problem = _Problem(
            (wanted, *(law for found in laws for law in found)),
            tuple((key, self._statuses(key, now)) for key in keys),
            tuple(self._sources(looked_at)),
        )
        return _has_world(problem)

    def condition(self, step: AnyStep) -> Formula:
        """The step's own condition, as it is looked at in its turn."""
        return self.formula(step.condition)

    def formula(self, condition: Condition | None) -> Formula:
        """A condition as it is looked at now."""
        return formula_of(condition, self._is_sound)

    def ran(self, step: AnyStep) -> Formula:
        """The step takes part."""
        return Ended(step.key, RAN)

    def skipped(self, step: AnyStep) -> Formula:
        """The step does not take part."""
        return Ended(step.key, frozenset({Status.SKIPPED}))

    def _followed(self, atoms: tuple[Rule | Ended, ...]) -> list[str]:
        """The steps that matter, the nearest first, in the order of the walk at last."""
        found: list[str] = []
        waiting = [_step_of(atom) for atom in atoms]
        while waiting and len(found) < MOST_STEPS:
            key = waiting.pop(0)
            step = self._workflow.step_by_key.get(key)
            if step is None or key in found:
                continue
            found.append(key)
            waiting += [_step_of(atom) for atom in self._atoms_of(key)]
        return sorted(found, key=lambda key: self._workflow.position_by_key[key])

    def _atoms_of(self, key: str) -> tuple[Rule | Ended, ...]:
        """What the beginning of the step depends on."""
        found = self._atoms.get(key)
        if found is None:
            step = self._workflow.step_by_key[key]
            found = self._atoms[key] = tuple(atoms_in(self._takes_part(step)))
        return found

    def _takes_part(self, step: AnyStep) -> Formula:
        """What held when the step began: its own condition and those of what it is in."""
        found = self._parts.get(step.key)
        if found is None:
            held = (step, *containers_of(self._workflow, step.key))
            found = Every(tuple(self._held(one) for one in held if one.condition is not None))
            self._parts[step.key] = found
        return found

    def _held(self, step: AnyStep) -> Formula:
        """The step's condition as it was in its turn; what could change since is unknown."""

        def is_known(rule: Rule) -> bool:
            earlier = rule.source.partition(".")[0]
            return self._is_sound(rule) and self._ends_before(earlier, step.key)

        return formula_of(step.condition, is_known)

    def _is_sound(self, rule: Rule) -> bool:
        """Whether the rule says something; what is wrong with others is found elsewhere."""
        found = self._sound.get(rule)
        if found is None:
            found = self._sound[rule] = self._says_something(rule)
        return found

    def _says_something(self, rule: Rule) -> bool:
        operator = OPERATORS.get(rule.operator)
        source = source_at(self._workflow, rule.source)
        if operator is None or source is None or source.subject not in operator.subjects:
            return False
        return not value_problem(operator, rule.value)

    def _laws_of(self, key: str, by_hand: bool) -> tuple[Formula, ...]:
        found = self._laws_by_step.get((key, by_hand))
        if found is None:
            found = self._laws_by_step[key, by_hand] = tuple(self._laws(key, by_hand))
        return found

    def _laws(self, key: str, by_hand: bool) -> Iterator[Formula]:
        step = self._workflow.step_by_key[key]
        begun, took_part = Ended(key, RAN), self._takes_part(step)
        if took_part != Every():
            yield Some((Not(begun), took_part))
        # A container counts as skipped when all that it holds was, too.
        if not by_hand and key not in self._jumped and not step.holds:
            yield Some((begun, Not(took_part)))

    def _statuses(self, key: str, now: str) -> tuple[Status, ...]:
        step = self._workflow.step_by_key[key]
        found = [Status.COMPLETED, Status.SKIPPED]
        if isinstance(step, HttpRequest) and step.on_failure == "skip":
            found.append(Status.FAILED_SKIPPED)
        if now and not self._ends_before(key, now):
            found.append(Status.ACTIVE)
        return tuple(found)

    def _ends_before(self, earlier: str, later: str) -> bool:
        found = self._ends.get((earlier, later))
        if found is None:
            found = self._ends[earlier, later] = ends_before(self._workflow, earlier, later)
        return found

    def _sources(self, atoms: tuple[Rule | Ended, ...]) -> Iterator[_Source]:
        """Each value that is looked at, with the ways its rules can come out."""
        rules: dict[tuple[str, str, str], list[Rule]] = {}
        for atom in dict.fromkeys(atoms):
            if isinstance(atom, Rule) and (place := _place(self._workflow, atom)):
                rules.setdefault(place, []).append(atom)
        for (key, name, output), listed in rules.items():
            source = _named(self._workflow.step_by_key[key], name)
            cells = None if source is None else cells_of(source, output, tuple(listed))
            if cells is not None:
                yield _Source(key, tuple(listed), cells)


def worlds_of(workflow: Workflow) -> Worlds:
    """Made once for a workflow and kept with it, as its cached properties are."""
    kept: dict[str, object] = vars(workflow)
    found = kept.get("_worlds")
    if not isinstance(found, Worlds):
        found = kept["_worlds"] = Worlds(workflow)
    return found


def ends_before(workflow: Workflow, earlier: str, later: str) -> bool:
    """Whether the one has always ended when the other has its turn."""
    if not runs_before(workflow, earlier, later):
        return False
    around = {one.key for one in containers_of(workflow, later)}
    outward = (workflow.step_by_key[earlier], *containers_of(workflow, earlier))
    return all(holds_up(workflow, one) for one in outward if one.key not in around)


@dataclass(frozen=True, slots=True)
class _Source:
    """A value of a step, the rules on it, and how they may come out together."""

    step: str
    rules: tuple[Rule, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class _Problem:
    """What must hold, how each step may stand, and what each value may be."""

    formulas: tuple[Formula, ...]
    steps: tuple[tuple[str, tuple[Status, ...]], ...]
    sources: tuple[_Source, ...]


@lru_cache(maxsize=4096)
def _has_world(problem: _Problem) -> bool:
    return _Search(problem).found(0)


class _Search:
    """Goes through the steps in order, and in each through what its values may be."""

    def __init__(self, problem: _Problem) -> None:
        self.formulas = problem.formulas
        self.choices: list[tuple[str, tuple[Status, ...]] | _Source] = []
        for key, statuses in problem.steps:
            self.choices.append((key, statuses))
            self.choices += [one for one in problem.sources if one.step == key]
        self.statuses: dict[str, Status] = {}
        self.truths: dict[Rule, bool] = {}
        self.tries = 0

    def found(self, place: int) -> bool:
        """Whether what was chosen so far can be carried on to the end."""
        self.tries += 1
        if self.tries > MOST_TRIES:
            return True
        if any(evaluate(formula, self.holds) is False for formula in self.formulas):
            return False
        if place == len(self.choices):
            return True
        choice = self.choices[place]
        if isinstance(choice, _Source):
            return self._with_values(choice, place)
        return self._with_status(*choice, place)

    def _with_status(self, key: str, statuses: tuple[Status, ...], place: int) -> bool:
        for status in statuses:
            self.statuses[key] = status
            if self.found(place + 1):
                return True
        del self.statuses[key]
        return False

    def _with_values(self, source: _Source, place: int) -> bool:
        if self.statuses[source.step] not in READABLE:
            return self.found(place + 1)
        for cell in source.cells:
            self.truths.update(zip(source.rules, cell, strict=True))
            if self.found(place + 1):
                return True
        for rule in source.rules:
            self.truths.pop(rule, None)
        return False

    def holds(self, atom: Rule | Ended) -> bool | None:
        """What is known of it so far."""
        status = self.statuses.get(_step_of(atom))
        if status is None:
            return None
        if isinstance(atom, Ended):
            return status in atom.statuses
        if "." in atom.source and status in READABLE:
            return self.truths.get(atom)
        return holds_for(atom, status)


def _step_of(atom: Rule | Ended) -> str:
    return atom.step if isinstance(atom, Ended) else atom.source.partition(".")[0]


def _place(workflow: Workflow, rule: Rule) -> tuple[str, str, str] | None:
    """Step, field or variable, and output of what the rule looks at; None for the step itself."""
    key, _, rest = rule.source.partition(".")
    step = workflow.step_by_key.get(key)
    if step is None or not rest:
        return None
    name, _, output = rest.partition(".")
    field = step.field(name)
    if field is not None and output in ("", "inputValue"):
        output = field.default_output
    return key, name, output


def _named(step: AnyStep, name: str) -> AnyField | Variable | None:
    return step.field(name) or step.variable(name)


def _jumped_over(workflow: Workflow) -> Iterator[str]:
    """Steps that a routing may pass."""
    for place, step in enumerate(workflow.steps):
        for field in step.fields:
            if not isinstance(field, Routing):
                continue
            for button in field.buttons:
                end = workflow.position_by_key.get(button.target, 0)
                if button.action == "skip_forward":
                    yield from (one.key for one in workflow.steps[place + 1 : end])
