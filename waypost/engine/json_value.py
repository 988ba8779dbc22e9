"""The type of anything JSON can say, and its plain spelling."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
else:
    # msgspec cannot follow an alias into itself; stored values are checked where they come in.
    JSON = Any

#: jsonb refuses NUL and lone surrogates (storage.md, "Poison"); the two private-use letters enclose
#: our link placeholders, so a value must never bring its own.
_UNWANTED = re.compile("[\x00\ud800-\udfff\ue000\ue001]")

#: Lists and objects within each other that are kept: nobody may exhaust the stack of a reader.
MOST_LEVELS = 64


def clean_text(text: str) -> str:
    """The text without NUL, lone surrogates and the marks of link placeholders."""
    return _UNWANTED.sub("", text)


def clean_json(value: JSON, levels: int = MOST_LEVELS) -> JSON:
    """The value with every text in it cleaned, keys too; what is no number in JSON, and what lies
    deeper than so many levels, is null.
    """
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list | dict) and levels == 0:
        return None
    if isinstance(value, list):
        return [clean_json(one, levels - 1) for one in value]
    if isinstance(value, dict):
        return {clean_text(key): clean_json(one, levels - 1) for key, one in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def text_of(value: JSON) -> str:
    """A text as it is, nothing as the empty text, everything else as JSON (429, true, ["a"])."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
