"""Where a value stands in an answer: its JSONPath, and a name for the variable that picks it."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Sequence
from typing import TypeAlias

Parts: TypeAlias = "tuple[str | int, ...]"

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STEP = (
    r"\.(?P<plain>[A-Za-z_][A-Za-z0-9_]*)"
    r"|\[(?P<index>[0-9]{1,9})\]"
    r"|\[(?P<quoted>\"(?:[^\"\\]|\\.)*\")\]"
)
_PART = re.compile(_STEP)
_WRITTEN = re.compile(rf"\$(?:{re.sub('[?]P<[a-z]+>', '?:', _STEP)})+")
_NO_NAME = re.compile(r"[^A-Za-z0-9_]+")


def json_path(parts: Parts) -> str:
    """`$.items[0].name`; names that need it stand in brackets and quotes (RFC 9535)."""
    return "$" + "".join(_written(part) for part in parts)


def parts_of(path: str) -> Parts | None:
    """The way that `json_path` has written; None for any other path."""
    if not _WRITTEN.fullmatch(path):
        return None
    found = tuple(_read(part) for part in _PART.finditer(path))
    return found if json_path(found) == path else None


def variable_name(parts: Parts, taken: Container[str]) -> str:
    """A name from the end of the path that is not taken yet: `id`, else `actions_1_id`, else
    `id_2`.
    """
    words = [_NO_NAME.sub("_", str(part)).strip("_") for part in parts]
    for start in _starts(parts):
        name = "_".join(filter(None, words[start:])) or "value"
        if name not in taken:
            return name
    name = next(filter(None, reversed(words)), "value")
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def _written(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    if _PLAIN.fullmatch(part):
        return f".{part}"
    return f"[{json.dumps(part, ensure_ascii=False)}]"


def _read(part: re.Match[str]) -> str | int:
    if part["index"]:
        return int(part["index"])
    if part["plain"]:
        return part["plain"]
    try:
        return str(json.loads(part["quoted"]))
    except ValueError:
        return ""


def _starts(parts: Sequence[str | int]) -> Iterator[int]:
    """Where the name may begin: at the last word, then ever further up."""
    return (place for place in range(len(parts) - 1, -1, -1) if isinstance(parts[place], str))
