"""Changes in the words of a builder: a line each, by step, with the old and the new text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec

from waypost.engine.definition import Workflow
from waypost.workflows.difference import Change, Place, changes_between
from waypost.workflows.readable_values import (
    attribute_label,
    details_text,
    type_label,
    value_text,
)

#: Old and new texts that still read well within a sentence.
_SHORT = 80


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One change. `step` is the name of the step it is in, empty for the workflow itself; `old` and
    `new` may have several lines.
    """

    step_key: str
    step: str
    kind: Literal["set", "add", "remove", "move"]
    text: str
    old: str = ""
    new: str = ""

    @property
    def sentence(self) -> str:
        """The change in one line; long texts are left out."""
        place = f"{self.step}: " if self.step else ""
        if self.kind != "set":
            return f"{place}{self.text}."
        both = self.old + self.new
        if "\n" in both or len(both) > _SHORT:
            return f"{place}{self.text} changed."
        if self.old and self.new:
            return f"{place}{self.text} changed from “{self.old}” to “{self.new}”."
        return f"{place}{self.text} {f'set to “{self.new}”' if self.new else 'emptied'}."


_Part: TypeAlias = msgspec.Struct | None


@dataclass(frozen=True, slots=True)
class _Sides:
    """What a change is about, before and after it."""

    before: Workflow
    after: Workflow

    def steps(self, key: str) -> tuple[_Part, _Part]:
        return self.before.step_by_key.get(key), self.after.step_by_key.get(key)

    def step_name(self, key: str) -> str:
        step = self.after.step_by_key.get(key) or self.before.step_by_key.get(key)
        return step.name if step else key

    def values(self, owners: tuple[_Part, _Part], attribute: str) -> tuple[str, str]:
        old, new = owners
        return (
            value_text(old, attribute, self.before),
            value_text(new, attribute, self.after),
        )


def readable_difference(before: Workflow, after: Workflow) -> tuple[DiffLine, ...]:
    """What makes the one into the other, first of the workflow itself, then step by step."""
    return readable(changes_between(before, after), before, after)


def readable(changes: Sequence[Change], before: Workflow, after: Workflow) -> tuple[DiffLine, ...]:
    """Changes as lines, in the order of the steps; what was removed stands where it was."""
    places, sides = _places(changes, after), _Sides(before, after)
    ordered = sorted(changes, key=lambda one: places.get(_step_key(one), -1.0))
    return tuple(_line(change, sides) for change in ordered)


def _places(changes: Sequence[Change], after: Workflow) -> dict[str, float]:
    places = {key: float(place) for key, place in after.position_by_key.items()}
    for change in changes:
        if change.kind == "remove" and len(change.path) == 2 and change.old_place:
            near = next((one for one in change.old_place.behind if one in places), "")
            places[change.path[1]] = places.get(near, -1.0) + 0.5
    return places


def _step_key(change: Change) -> str:
    return change.path[1] if change.path[0] == "steps" and len(change.path) > 1 else ""


def _line(change: Change, sides: _Sides) -> DiffLine:
    key = _step_key(change)
    if not key:
        return _attribute_line(change, sides, (sides.before, sides.after), "")
    if len(change.path) == 2:
        return _element_line(change, sides, sides.steps(key), "")
    if len(change.path) == 3:
        return _attribute_line(change, sides, sides.steps(key), "")
    return _part_line(change, sides)


def _part_line(change: Change, sides: _Sides) -> DiffLine:
    """A field or variable of a step, or an attribute of one."""
    _, key, listed, part_key, *rest = change.path
    old, new = (_part(step, listed, part_key) for step in sides.steps(key))
    name = getattr(new or old, "name", part_key)
    called = f"{'field' if listed == 'fields' else 'variable'} “{name}”"
    if rest:
        return _attribute_line(change, sides, (old, new), f"{called}, ")
    return _element_line(change, sides, (old, new), f"{called} ")


def _part(step: _Part, listed: str, part_key: str) -> _Part:
    key = "key" if listed == "fields" else "name"
    parts: tuple[msgspec.Struct, ...] = getattr(step, listed, ())
    return next((one for one in parts if getattr(one, key) == part_key), None)


def _attribute_line(
    change: Change, sides: _Sides, owners: tuple[_Part, _Part], called: str
) -> DiffLine:
    key, attribute = _step_key(change), change.path[-1]
    label = attribute_label(owners[1] or owners[0], attribute)
    values = sides.values(owners, attribute)
    return DiffLine(key, sides.step_name(key), "set", f"{called}{label}", *values)


def _element_line(
    change: Change, sides: _Sides, parts: tuple[_Part, _Part], called: str
) -> DiffLine:
    """A step, field or variable that came, went, moved or became something else."""
    key, (old, new) = _step_key(change), parts
    name = sides.step_name(key)
    if change.kind == "set":
        return DiffLine(key, name, "set", f"{called}Type", type_label(old), type_label(new))
    where = _where(change.new_place, sides) if len(change.path) == 2 else ""
    text = {"add": f"added{where}", "remove": "removed", "move": f"moved{where}"}[change.kind]
    before = details_text(old, sides.before) if change.kind == "remove" else ""
    after = details_text(new, sides.after) if change.kind == "add" else ""
    return DiffLine(key, name, change.kind, f"{called}{text}", before, after)


def _where(place: Place | None, sides: _Sides) -> str:
    if place is None:
        return ""
    within = f" within “{sides.step_name(place.within)}”" if place.within else ""
    if not place.behind:
        return within or " before all others"
    return f"{within} behind “{sides.step_name(place.behind[0])}”"
