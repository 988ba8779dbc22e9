"""Reading JSON whose shape the caller chose: each function gives a typed value or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]
Fields = Mapping[str, Json]


class BadJson(ValueError):
    """The body is not a JSON object."""


class BadText(ValueError):
    """The body is not UTF-8."""


def read_object(body: bytes) -> Fields:
    """The body as a JSON object; raises BadText or BadJson."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise BadText from error
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        if "\\u" in text:
            _refuse_unstorable(value)
    except (ValueError, RecursionError) as error:
        raise BadJson from error
    if not isinstance(value, dict):
        raise BadJson
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _refuse_unstorable(value: Json) -> None:
    """A database text holds neither the null character nor half of a surrogate pair."""
    if b"\0" in json.dumps(value, ensure_ascii=False).encode().replace(b"\\u0000", b"\0"):
        raise ValueError("null character")


def is_list(value: Json) -> bool:
    """A JSON array."""
    return isinstance(value, list)


def list_of(value: Json) -> Sequence[Json]:
    """The array, or an empty one."""
    return value if isinstance(value, list) else []


def fields_of(value: Json) -> Fields:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def text_of(value: Json) -> str:
    """The text, or an empty one."""
    return value if isinstance(value, str) else ""


def is_whole(value: Json) -> bool:
    """An integer; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def byte_length(value: Json) -> int:
    """How many bytes the value takes as JSON."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
