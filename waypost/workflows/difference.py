"""What changed from one definition to another, by the keys of steps and fields, as plain values.

A change names the attribute, step, field or variable it is about, and holds both values and places,
so that it can be turned round, kept in the database and merged into another draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Literal, TypeAlias, cast

import msgspec
from msgspec.structs import replace

from waypost.engine.definition import Workflow
from waypost.engine.json_value import JSON
from waypost.workflows.canonical import plain

Path: TypeAlias = tuple[str, ...]
Element: TypeAlias = dict[str, JSON]

#: Lists whose elements are told apart by a key; all other lists change as one value.
KEYED = {"steps": "key", "fields": "key", "variables": "name"}


#: So many are looked for when the nearest are gone by the time a change is merged.
_NEAREST = 16


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where an element stands: its container, how many stand before it there, and the nearest of
    those, the nearest first.
    """

    within: str = ""
    index: int = 0
    behind: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change. `path` leads to an attribute ("steps", "send_text", "url") or to an element
    ("steps", "ask", "fields", "phone"); None stands for what is as by default, or is not there.
    """

    path: Path
    kind: Literal["set", "add", "remove", "move"] = "set"
    old: JSON = None
    new: JSON = None
    old_place: Place | None = None
    new_place: Place | None = None


#: Kept changes are read as this. A reader is built here, while one thread imports: msgspec learns a
#: type when it first decodes it, and two threads that do so at once end the process.
CHANGES = tuple[Change, ...]
READER = msgspec.json.Decoder(CHANGES)


def changes_between(before: Workflow, after: Workflow) -> tuple[Change, ...]:
    """What makes the one into the other; ids are left aside."""
    same = _same_steps(before, after)
    return tuple(_of_element((), _element(before, same), _element(after, same)))


def reverted(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that take these back."""
    turned: dict[str, Literal["set", "add", "remove", "move"]] = {"add": "remove", "remove": "add"}
    return tuple(
        Change(
            path=one.path,
            kind=turned.get(one.kind, one.kind),
            old=one.new,
            new=one.old,
            old_place=one.new_place,
            new_place=one.old_place,
        )
        for one in changes
    )


def is_same(one: JSON, other: JSON) -> bool:
    """Equal, and of the same types within: 1 is not true."""
    return one == other and _written(one) == _written(other)


def keyed_list(element: Element, name: str) -> list[Element]:
    """The elements of a list that are told apart by keys."""
    return cast("list[Element]", element.get(name, []))


def has_keys(elements: Sequence[Element], key: str) -> bool:
    """Whether each element can be told from the others."""
    keys = [one[key] for one in elements]
    return all(keys) and len(keys) == len(set(keys))


def content_of(element: Element) -> Element:
    """An element without its place."""
    return {name: value for name, value in element.items() if name != "within"}


def places_of(elements: Sequence[Element], key: str) -> dict[str, Place]:
    """The place of each element by its key."""
    found: dict[str, Place] = {}
    siblings: dict[str, list[str]] = {}
    for element in elements:
        name, within = str(element[key]), str(element.get("within", ""))
        before = siblings.setdefault(within, [])
        found[name] = Place(within, len(before), tuple(before[: -_NEAREST - 1 : -1]))
        before.append(name)
    return found


def _written(value: JSON) -> bytes:
    return msgspec.json.encode(value, order="sorted")


def _same_steps(before: Workflow, after: Workflow) -> frozenset[str]:
    """Steps that need no look inside: builders change one, and the others are most of the work."""
    steps = before.step_by_key
    if len(steps) < len(before.steps) or len(after.step_by_key) < len(after.steps):
        return frozenset()
    return frozenset(step.key for step in after.steps if steps.get(step.key) == step)


def _element(workflow: Workflow, same: frozenset[str]) -> Element:
    """The workflow as plain values; of the same steps only what their places need."""
    steps: list[JSON] = [
        {"key": step.key, "within": step.within} if step.key in same else plain(step, has_ids=False)
        for step in workflow.steps
    ]
    # Not left out by name: the ends of dry runs have steps of their own.
    return plain(replace(workflow, steps=()), has_ids=False) | {"steps": steps}


def _of_element(path: Path, before: Element, after: Element) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        if _is_keyed(name, before, after):
            yield from _of_list((*path, name), keyed_list(before, name), keyed_list(after, name))
        elif not is_same(before.get(name), after.get(name)):
            yield Change(path=(*path, name), old=before.get(name), new=after.get(name))


def _is_keyed(name: str, *owners: Element) -> bool:
    key = KEYED.get(name)
    return key is not None and all(has_keys(keyed_list(owner, name), key) for owner in owners)


def _of_list(path: Path, before: Sequence[Element], after: Sequence[Element]) -> Iterator[Change]:
    key = KEYED[path[-1]]
    old, new = ({str(one[key]): one for one in elements} for elements in (before, after))
    old_places, new_places = places_of(before, key), places_of(after, key)
    for name in (name for name in old if name not in new):
        yield Change(
            path=(*path, name), kind="remove", old=content_of(old[name]), old_place=old_places[name]
        )
    moved = _moved(old_places, new_places)
    for name, element in new.items():
        place = new_places[name]
        if name not in old:
            yield Change(path=(*path, name), kind="add", new=content_of(element), new_place=place)
            continue
        yield from _of_same((*path, name), content_of(old[name]), content_of(element))
        if name in moved:
            yield Change(
                path=(*path, name), kind="move", old_place=old_places[name], new_place=place
            )


def _of_same(path: Path, before: Element, after: Element) -> Iterator[Change]:
    """Another type has other attributes, so such an element is exchanged as a whole."""
    if before.get("type") != after.get("type"):
        yield Change(path=path, old=before, new=after)
    else:
        yield from _of_element(path, before, after)


def _moved(before: Mapping[str, Place], after: Mapping[str, Place]) -> set[str]:
    """Those in another container, and the fewest whose move explains the new order."""
    staying = {
        key for key in before.keys() & after.keys() if before[key].within == after[key].within
    }
    kept: set[str] = set()
    for within in {after[key].within for key in staying}:
        old, new = (
            [key for key, place in places.items() if key in staying and place.within == within]
            for places in (before, after)
        )
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            kept.update(old[block.a : block.a + block.size])
    return (before.keys() & after.keys()) - kept
