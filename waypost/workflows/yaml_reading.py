"""Reading YAML that strangers wrote: plain values only, with the line of each.

Scalars follow YAML 1.2 (`yes` is a text), and anything that could surprise is refused: anchors and
aliases (they multiply), tags (they make objects), keys that stand twice, deep nesting, big files.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20

Place: TypeAlias = "tuple[str | int, ...]"
Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,18})")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[1-9][0-9]*(?=[eE]))([eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class YamlText:
    """The value of a document, and the line on which each part of it stands, from 1."""

    value: Value
    lines: dict[Place, int]

    def line_of(self, place: Place) -> int:
        """The line of a part, or of the nearest part around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


@dataclass
class YamlFault(Exception):
    """Why a text cannot be read."""

    line: int
    message: str
    remedy: str


def read_yaml(text: str) -> YamlText | YamlFault:
    """The one document of a text."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        return YamlFault(1, "The file is larger than 1 MB.", "Split the workflow into several.")
    reader = _Reader(text)
    try:
        return YamlText(reader.document(), reader.lines)
    except YamlFault as fault:
        return fault
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        return _syntax_fault(error)


@dataclass(slots=True)
class _Reader:
    """Builds values straight from the parser's events, so that nothing is ever expanded."""

    text: str
    lines: dict[Place, int] = field(default_factory=dict)
    events: Iterator[yaml.Event] = field(init=False)

    def __post_init__(self) -> None:
        self.events = yaml.parse(self.text, Loader=yaml.CSafeLoader)

    def document(self) -> Value:
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        value = self._value(next(self.events), ())
        next(self.events)
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _fault(after, "A second document begins here.", "Put it into a file of its own.")
        return value

    def _value(self, event: yaml.Event, place: Place) -> Value:
        self.lines.setdefault(place, _line(event))
        _refuse_tricks(event, len(place))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        raise _fault(event, "Something unexpected stands here.", "Write a value.")

    def _mapping(self, place: Place) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event)
            if key in found:
                first = self.lines[(*place, key)]
                raise _fault(
                    event, f"`{key}` stands twice here, first on line {first}.", "Keep one of them."
                )
            self.lines[(*place, key)] = _line(event)
            found[key] = self._value(next(self.events), (*place, key))
        return found

    def _key(self, event: yaml.Event) -> str:
        _refuse_tricks(event, 0)
        if not isinstance(event, yaml.ScalarEvent):
            raise _fault(event, "A key must be a plain word.", "Put the key in quotes.")
        return _clean(event)

    def _sequence(self, place: Place) -> list[Value]:
        found: list[Value] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._value(event, (*place, len(found))))
        return found


def _refuse_tricks(event: yaml.Event, depth: int) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise _fault(
            event,
            "Anchors and aliases (& and *) are not read.",
            "Write the value out, or quote it.",
        )
    if getattr(event, "tag", None):
        raise _fault(event, "Tags (!) are not read.", "Remove the tag, or put the text in quotes.")
    if depth > MAX_DEPTH:
        raise _fault(
            event, f"This is nested over {MAX_DEPTH} deep.", "Look for a bracket too many."
        )


def _scalar(event: yaml.ScalarEvent) -> Value:
    text = _clean(event)
    if event.style not in (None, ""):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text) if _FLOAT.fullmatch(text) else math.nan
    return number if math.isfinite(number) else text


def _clean(event: yaml.ScalarEvent) -> str:
    text = str(event.value)
    if "\0" in text:
        raise _fault(event, "The text holds a NUL character.", "Delete it.")
    return text


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1


def _fault(event: yaml.Event, message: str, remedy: str) -> YamlFault:
    return YamlFault(_line(event), message, remedy)


def _syntax_fault(error: Exception) -> YamlFault:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    reason = getattr(error, "problem", None) or "it holds a character that YAML does not allow"
    return YamlFault(
        line,
        f"This is not YAML: {reason}.",
        "Check indentation, colons and quotes on this line and the one before.",
    )
