"""What a step keeps of an answer: its variables, and the reason when it is not a good one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import jsonpath
import msgspec
from jsonpath import JSONPath

from waypost.engine.heavy_paths import why_heavy
from waypost.engine.json_value import JSON, clean_json, text_of
from waypost.engine.step import Variable
from waypost.integrations.http import Reply

#: How much of another system's own words is quoted to a person.
_LONGEST_QUOTE = 300
# Pasted from Markdown: `\$.id`, `$.step\_id`, `actions\[0]`.
_ESCAPED = re.compile(r"\\([$_\[\].*])")
# Where services put their own words: Twilio and DRF, SendGrid, RFC 9457, OAuth.
_WORDS = ("$.message", "$.detail", "$.errors[0].message", "$.title", "$.error_description")


def picked_variables(variables: Iterable[Variable], reply: Reply) -> dict[str, JSON]:
    """Each variable's value in the answer, good or bad; nothing found is the empty text.

    A number stays a number. A path that may match more than once gives the list of all.
    """
    answer = answer_of(reply)
    return {variable.name: picked(variable.path, answer) for variable in variables}


def is_good(reply: Reply) -> bool:
    """Whether the answer says that the call did what it should."""
    return 200 <= reply.status < 300


def reason_of(reply: Reply) -> str:
    """What a person reads about an answer that is not good."""
    answer = answer_of(reply)
    words = next(filter(None, (text_of(picked(path, answer)) for path in _WORDS)), "")
    told = f"{reply.answered_by} answered {reply.status}"
    return f"{told}: {words[:_LONGEST_QUOTE]}" if words else f"{told}."


def answer_of(reply: Reply) -> JSON:
    """The answer's value; None for one that is no JSON, or nested beyond reading."""
    return read_answer(reply.text())


def read_answer(text: str) -> JSON:
    """The value of an answer's text, likewise."""
    try:
        answer: JSON = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    return clean_json(answer)


def picked(path: str, answer: JSON) -> JSON:
    """What a JSONPath finds in an answer; the empty text for nothing."""
    compiled = _compiled(path)
    if compiled is None or not isinstance(answer, dict | list):
        return ""
    try:
        found: list[JSON] = list(compiled.findall(answer))  # type: ignore[arg-type]
    except jsonpath.JSONPathError:
        return ""
    if not found:
        return ""
    return found[0] if compiled.singular_query() else found


@lru_cache(maxsize=1024)
def _compiled(path: str) -> JSONPath | None:
    """The path ready to use; None for one that is none, which the check has reported."""
    for spelling in (path, _ESCAPED.sub(r"\1", path)):
        if why_heavy(spelling):
            continue
        try:
            compiled = jsonpath.compile(spelling.strip())
        except (jsonpath.JSONPathError, RecursionError):
            continue
        if isinstance(compiled, JSONPath):
            return compiled
    return None
