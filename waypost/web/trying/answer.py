"""An answer as a tree in which every value can be picked for a variable."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from waypost.engine.json_paths import Parts, json_path
from waypost.engine.json_value import JSON, text_of
from waypost.engine.step import Variable
from waypost.integrations.outputs import picked, read_answer

#: Values drawn at most; what lies behind is said to be there.
MOST_VALUES = 400
_LONGEST_TEXT = 120


@dataclass(frozen=True, slots=True)
class AnswerValue:
    """One value of the answer and where it stands; `children` for a list or an object."""

    path: str
    label: str
    text: str
    variables: tuple[str, ...]
    children: tuple[AnswerValue, ...] = ()
    is_nested: bool = False


@dataclass(frozen=True, slots=True)
class PickedVariable:
    """A variable of the step and what it picks from this answer."""

    name: str
    path: str
    text: str
    is_found: bool


def answer_tree(body: str, variables: Sequence[Variable]) -> AnswerValue | None:
    """The answer as a tree; None for one that is no object or list."""
    answer = read_answer(body)
    if not isinstance(answer, dict | list):
        return None
    names = {one.path: one.name for one in variables}
    room = iter(range(MOST_VALUES))
    return _value((), "answer", answer, _Names(names, room))


def picked_from(body: str, variables: Sequence[Variable]) -> tuple[PickedVariable, ...]:
    """What each variable gets from this answer."""
    answer = read_answer(body)
    return tuple(_picked(one, picked(one.path, answer)) for one in variables)


def pretty(body: str) -> str:
    """A JSON body indented; any other as it is."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body


@dataclass(frozen=True, slots=True)
class _Names:
    """Which variables read which path, and how many values may still be drawn."""

    by_path: dict[str, str]
    room: Iterator[int]


def _picked(variable: Variable, found: JSON) -> PickedVariable:
    is_found = found not in ("", None)
    shown = text_of(found) if is_found else variable.default
    return PickedVariable(variable.name, variable.path, _short(shown), is_found)


def _value(parts: Parts, label: str, value: JSON, names: _Names) -> AnswerValue:
    path = json_path(parts)
    used = (names.by_path[path],) if path in names.by_path else ()
    if not isinstance(value, dict | list):
        return AnswerValue(path, label, _written(value), used)
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    children = tuple(
        _value((*parts, key), str(key), one, names)
        for key, one in pairs
        if next(names.room, None) is not None
    )
    size = f"{len(value)} {'items' if isinstance(value, list) else 'values'}"
    missing = len(value) - len(children)
    text = f"{size}, {missing} of them not shown" if missing else size
    return AnswerValue(path, label, text, used, children, is_nested=True)


def _written(value: JSON) -> str:
    return _short(json.dumps(value, ensure_ascii=False))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
