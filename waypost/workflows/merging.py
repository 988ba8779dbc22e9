"""Changes put into another draft than the one they were made on, or why they do not go together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import msgspec

from waypost.engine.definition import Workflow
from waypost.engine.json_value import JSON
from waypost.workflows.canonical import plain
from waypost.workflows.difference import (
    KEYED,
    Change,
    Element,
    Path,
    Place,
    content_of,
    has_keys,
    is_same,
    keyed_list,
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two wanted different things in one place; None stands for nothing, or for a removal."""

    path: Path
    theirs: JSON
    ours: JSON


class _Collided(Exception):
    def __init__(self, path: Path, theirs: JSON, ours: JSON) -> None:
        super().__init__(path)
        self.conflict = Conflict(path, theirs, ours)


def applied(workflow: Workflow, changes: Sequence[Change]) -> Workflow | Conflict:
    """The workflow with the changes; what somebody else changed elsewhere stays as they left it.

    Ids are left out. Members end up directly behind their container.
    """
    whole: Element = plain(workflow, has_ids=False)
    try:
        for change in changes:
            if change.kind == "set":
                _set(whole, change)
            elif change.kind == "remove":
                _remove(whole, change)
        placed = [(one, one.new_place) for one in changes if one.new_place is not None]
        for list_path in dict.fromkeys(one.path[:-1] for one, _ in placed):
            _put(whole, list_path, [one for one in placed if one[0].path[:-1] == list_path])
        whole["steps"] = cast("JSON", in_order(keyed_list(whole, "steps")))
        return msgspec.convert(whole, Workflow)
    except _Collided as collided:
        return collided.conflict
    except msgspec.ValidationError:
        # Theirs gave a step or field another type, which has no such attribute.
        return Conflict(changes[0].path, None, changes[0].new)


def is_in_order(workflow: Workflow) -> bool:
    """Whether the members of each container stand directly behind it."""
    around: list[str] = [""]
    for step in workflow.steps:
        while around and around[-1] != step.within:
            around.pop()
        if not around:
            return False
        around.append(step.key)
    return True


def in_order(steps: Sequence[Element]) -> list[Element]:
    """The steps with the members of each container directly behind it."""
    members: dict[str, list[Element]] = {}
    for step in steps:
        members.setdefault(str(step.get("within", "")), []).append(step)
    ordered = list(_walk(members, ""))
    if len(ordered) < len(steps):
        lost = next(step for step in steps if step not in ordered)
        raise _Collided(("steps", str(lost["within"])), None, lost)
    return ordered


def _walk(members: dict[str, list[Element]], within: str) -> Iterator[Element]:
    for step in members.get(within, []):
        yield step
        yield from _walk(members, str(step["key"]))


def _set(whole: Element, change: Change) -> None:
    if len(change.path) % 2 == 0:
        _exchange(whole, change)
        return
    owner = _element_at(whole, change.path[:-1], change)
    now = owner.get(change.path[-1])
    if not is_same(now, change.old) and not is_same(now, change.new):
        raise _Collided(change.path, now, change.new)
    if change.new is None:
        owner.pop(change.path[-1], None)
    else:
        owner[change.path[-1]] = change.new


def _exchange(whole: Element, change: Change) -> None:
    """Put another type of step or field in the place of one that nobody else touched."""
    element = _element_at(whole, change.path, change)
    if not is_same(content_of(element), change.old):
        raise _Collided(change.path, element, change.new)
    within = element.get("within")
    element.clear()
    element.update(cast("Element", change.new))
    if within:
        element["within"] = within


def _remove(whole: Element, change: Change) -> None:
    elements = _list_at(whole, change.path[:-1], change)
    element = _found(elements, change.path)
    if element is None:
        return
    if not is_same(content_of(element), change.old):
        raise _Collided(change.path, content_of(element), None)
    elements.remove(element)


def _put(whole: Element, list_path: Path, placed: Sequence[tuple[Change, Place]]) -> None:
    """Put what was added or moved where it belongs, those that stand in front first."""
    elements = _list_at(whole, list_path, placed[0][0])
    moving = [(_taken(elements, change), place) for change, place in placed]
    for element, place in sorted(moving, key=lambda one: one[1].index):
        element.pop("within", None)
        if place.within:
            element["within"] = place.within
        elements.insert(_index(elements, KEYED[list_path[-1]], place), element)


def _taken(elements: list[Element], change: Change) -> Element:
    """The element to be placed, out of the list when it stood there."""
    now = _found(elements, change.path)
    if change.kind == "add":
        if now is not None:
            raise _Collided(change.path, content_of(now), change.new)
        return dict(cast("Element", change.new))
    if now is None:
        raise _Collided(change.path, None, change.path[-1])
    elements.remove(now)
    return now


def _index(elements: Sequence[Element], key: str, place: Place) -> int:
    """Directly behind the nearest that is still in the same container, else in front there."""
    siblings = {
        str(element[key]): number
        for number, element in enumerate(elements)
        if element.get("within", "") == place.within
    }
    return next((siblings[name] + 1 for name in place.behind if name in siblings), 0)


def _element_at(whole: Element, path: Path, change: Change) -> Element:
    """The element that a path leads to; the path has the names of lists and keys in turn."""
    element = whole
    for depth in range(0, len(path), 2):
        found = _found(keyed_list(element, path[depth]), path[: depth + 2])
        if found is None:
            raise _Collided(path[: depth + 2], None, change.new)
        element = found
    return element


def _list_at(whole: Element, path: Path, change: Change) -> list[Element]:
    owner = _element_at(whole, path[:-1], change)
    elements = cast("list[Element]", owner.setdefault(path[-1], cast("JSON", [])))
    if not has_keys(elements, KEYED[path[-1]]):
        raise _Collided(path, cast("JSON", elements), change.new)
    return elements


def _found(elements: Iterable[Element], path: Path) -> Element | None:
    key = KEYED[path[-2]]
    return next((one for one in elements if one.get(key) == path[-1]), None)
