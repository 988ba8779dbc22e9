"""Lenient JSON with references: read once, checked, and written strictly with the values in.

Builders paste bodies with comments, raw line breaks inside texts, trailing commas and references
without quotes. References stand for whole values or for pieces of a text while the body is read, so
that no value can change what the request says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from waypost.engine.errors import Refusal
from waypost.engine.formatting import read, unescaped_value
from waypost.engine.json_value import JSON
from waypost.engine.references import Lookup, Placed, Reference, placed_references

#: Deeper than any request of a service, and well within what every JSON reader takes.
MAX_DEPTH = 100
#: A value with more digits is a text: many readers refuse or round such a number.
LONGEST_NUMBER = 30

_SCALAR = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
_WORD = re.compile(r"[^\s,:\[\]{}\"/]+|/")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_PLAIN = re.compile(r'[^"\\]+')
_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})')
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Text:
    """A text between quotes, cut into pieces and references."""

    parts: tuple[str | Reference, ...]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number, true, false or null, as it was written."""

    written: str


@dataclass(frozen=True, slots=True)
class Array:
    """A list of nodes."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """Keys and nodes in the order they were written."""

    members: tuple[tuple[Text, Node], ...]


Node: TypeAlias = "Text | Scalar | Array | Object | Reference"


@dataclass(frozen=True, slots=True)
class JsonTemplate:
    """A body that is sound whatever values come; `mended` names what strict JSON would not take."""

    root: Node
    mended: tuple[str, ...] = ()

    def render(self, lookup: Lookup) -> str:
        """The body as strict JSON with the values of now."""
        return _written(self.root, lookup)


@lru_cache(maxsize=1024)
def normalise(text: str) -> JsonTemplate | Refusal:
    """The body read leniently, or a Refusal `invalid_json` that says where and what to do."""
    reader = _Reader(text)
    try:
        root = reader.value(0)
        reader.end()
    except _Fault as fault:
        line = text.count("\n", 0, fault.place) + 1
        column = fault.place - text.rfind("\n", 0, fault.place)
        return Refusal(
            "invalid_json", f"The JSON body is wrong at line {line}, column {column}: {fault}"
        )
    return JsonTemplate(root, tuple(reader.mended))


def texts_of(node: Node) -> Iterator[str]:
    """The plain pieces of every text that is a value, in order; keys are left out."""
    match node:
        case Text():
            yield from (part for part in node.parts if isinstance(part, str))
        case Scalar():
            yield node.written
        case Array():
            for item in node.items:
                yield from texts_of(item)
        case Object():
            for _, value in node.members:
                yield from texts_of(value)
        case Reference():
            return


def bare_references(node: Node) -> Iterator[Reference]:
    """The references that stand for a whole value, without quotes."""
    match node:
        case Reference():
            yield node
        case Array():
            for item in node.items:
                yield from bare_references(item)
        case Object():
            for _, value in node.members:
                yield from bare_references(value)
        case Text() | Scalar():
            return


class _Fault(Exception):
    """What is wrong with the body, and where; never leaves this module."""

    def __init__(self, place: int, message: str) -> None:
        super().__init__(message)
        self.place = place


class _Reader:
    """Reads the text from left to right, a reference counting as one letter that JSON lacks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.mended: dict[str, None] = {}
        self.placed: dict[int, Placed] = {one.start: one for one in placed_references(text)}

    def value(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise _Fault(self.place, f"it is nested deeper than {MAX_DEPTH}. Flatten it.")
        self.skip()
        placed = self.placed.get(self.place)
        if placed is not None:
            self.place = placed.end
            return placed.reference
        letter = self.text[self.place : self.place + 1]
        if letter == '"':
            return self.string()
        if letter == "{":
            return self.object(depth)
        if letter == "[":
            return self.array(depth)
        return self.scalar()

    def object(self, depth: int) -> Object:
        members: list[tuple[Text, Node]] = []
        self.place += 1
        while not self.take("}"):
            if self.text[self.place : self.place + 1] != '"':
                raise _Fault(self.place, "put a key in double quotes, or close the object with }.")
            key = self.string()
            if not self.take(":"):
                raise _Fault(self.place, "put a colon between the key and its value.")
            members.append((key, self.value(depth + 1)))
            self.separator("}")
        return Object(tuple(members))

    def array(self, depth: int) -> Array:
        items: list[Node] = []
        self.place += 1
        while not self.take("]"):
            items.append(self.value(depth + 1))
            self.separator("]")
        return Array(tuple(items))

    def separator(self, end: str) -> None:
        """A comma, or the end still ahead; a comma before the end is let pass."""
        if self.take(","):
            self.skip()
            if self.text[self.place : self.place + 1] == end:
                self.mended["a comma before the end"] = None
        elif self.text[self.place : self.place + 1] != end:
            raise _Fault(
                self.place,
                f"put a comma or {end} here; a text with a reference in it needs double quotes.",
            )

    def string(self) -> Text:
        start = self.place
        parts: list[str | Reference] = []
        self.place += 1
        while self.text[self.place : self.place + 1] != '"':
            if self.place >= len(self.text):
                raise _Fault(start, 'this text is never closed. Add a " at its end.')
            parts.append(self.piece())
        self.place += 1
        return Text(_joined(parts))

    def piece(self) -> str | Reference:
        """The next reference, escape or stretch of plain letters, raw line breaks included."""
        placed = self.placed.get(self.place)
        if placed is not None:
            self.place = placed.end
            return placed.reference
        if self.text[self.place] == "\\":
            found = _ESCAPE.match(self.text, self.place)
            if found is None:
                raise _Fault(self.place, "a lone backslash in a text. Write it twice: \\\\.")
            self.place = found.end()
            # Halves of a surrogate pair meet in `_joined`.
            return str(json.loads(f'"{found[0]}"'))
        found = _PLAIN.match(self.text, self.place)
        end = found.end() if found else self.place + 1
        end = min([end, *(start for start in self.placed if self.place < start < end)])
        piece, self.place = self.text[self.place : end], end
        return piece

    def scalar(self) -> Scalar:
        found = _WORD.match(self.text, self.place)
        if found is None:
            raise _Fault(self.place, "a value is missing here.")
        if not _SCALAR.fullmatch(found[0]):
            raise _Fault(self.place, f"{found[0][:40]!r} is no JSON. Put texts in double quotes.")
        self.place = found.end()
        return Scalar(found[0])

    def take(self, letter: str) -> bool:
        self.skip()
        if self.text[self.place : self.place + 1] != letter:
            return False
        self.place += 1
        return True

    def skip(self) -> None:
        """Passes white space and comments."""
        while self.place < len(self.text):
            if self.text[self.place].isspace() or self.text[self.place] == "\ufeff":
                self.place += 1
                continue
            comment = _COMMENT.match(self.text, self.place)
            if comment is None:
                break
            self.mended["a comment"] = None
            self.place = comment.end()
        if self.text.startswith("/*", self.place):
            raise _Fault(self.place, "this comment is never closed. Add */ at its end.")

    def end(self) -> None:
        self.skip()
        if self.place < len(self.text):
            raise _Fault(self.place, "there is more after the end of the JSON. Delete it.")


def _joined(parts: Iterable[str | Reference]) -> tuple[str | Reference, ...]:
    """Neighbouring pieces as one, surrogate pairs made whole, lone surrogates dropped."""
    joined: list[str | Reference] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(_whole(part) if isinstance(part, str) else part for part in joined)


def _whole(text: str) -> str:
    if not _LONE_SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _written(node: Node, lookup: Lookup) -> str:
    match node:
        case Text():
            return _quoted(_filled(node, lookup))
        case Scalar():
            return node.written
        case Reference():
            return _whole_value(node, lookup)
        case Array():
            return f"[{', '.join(_written(item, lookup) for item in node.items)}]"
        case Object():
            members = (
                f"{_quoted(key)}: {_written(value, lookup)}"
                for key, value in _members(node, lookup)
            )
            return f"{{{', '.join(members)}}}"


def _members(node: Object, lookup: Lookup) -> list[tuple[str, Node]]:
    """The members with their keys filled; one whose key came out of a value never replaces
    another, because readers take the last of two.
    """
    written = {_filled(key, lookup) for key, _ in node.members if _is_literal(key)}
    members: list[tuple[str, Node]] = []
    for key, value in node.members:
        filled = _filled(key, lookup)
        if _is_literal(key) or filled not in written:
            members.append((filled, value))
            written.add(filled)
    return members


def _is_literal(text: Text) -> bool:
    return all(isinstance(part, str) for part in text.parts)


def _filled(text: Text, lookup: Lookup) -> str:
    return "".join(
        part if isinstance(part, str) else unescaped_value(read(part, lookup), part.format)
        for part in text.parts
    )


def _whole_value(reference: Reference, lookup: Lookup) -> str:
    """A value without quotes around it: what it is when that is JSON, a text otherwise."""
    value: JSON = read(reference, lookup)
    if value in (None, ""):
        return "null"
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    written = unescaped_value(value, reference.format)
    is_scalar = len(written) <= LONGEST_NUMBER and _SCALAR.fullmatch(written.strip())
    return written.strip() if is_scalar else _quoted(written)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
