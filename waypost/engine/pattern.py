"""Regular expressions that builders write, kept from running away.

Python's `re` backtracks, so linear time cannot be promised. What makes it explode is refused
instead: repeated groups that repeat or choose inside, back-references, look-around and more than
two open-ended repetitions; and only the first `MAX_TEXT` letters of a value are looked at.
"""

from __future__ import annotations

import re
from functools import lru_cache

MAX_PATTERN = 200
MAX_TEXT = 500
MAX_OPEN_ENDED = 2
_PARTS = re.compile(
    r"""(?P<escape>\\(?P<letter>.))
    | (?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
    | (?P<open>\((?P<kind>\?:|\?)?)
    | (?P<close>\)(?P<repeat>[*+?]|\{\d*,?\d*\})?)
    | (?P<quantifier>[*+?]|\{\d*,?\d*\})
    | (?P<choice>\|)
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
#: Repeats that can go on for longer than anybody needs.
_OPEN_ENDED = re.compile(r"[*+]|\{\d*,\}|\{(?:\d*,)?\d{3,}\}")


@lru_cache(maxsize=1024)
def pattern_fault(pattern: str) -> str:
    """Why a condition cannot use this pattern, and what to do; empty when it can."""
    if len(pattern) > MAX_PATTERN:
        return f"Shorten the pattern to {MAX_PATTERN} characters."
    fault = _explosive(pattern)
    if fault:
        return fault
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"The pattern is not a regular expression ({error}). Correct it or use 'contains'."
    return ""


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern is found in the text, case ignored; an unsafe one is found nowhere."""
    if pattern_fault(pattern):
        return False
    return re.search(pattern, text[:MAX_TEXT], re.IGNORECASE) is not None


def _explosive(pattern: str) -> str:
    groups = [False]
    open_ended = 0
    for part in _PARTS.finditer(pattern):
        if part["kind"] == "?" or (part["letter"] or "").isdecimal() or part["letter"] == "g":
            return "Use only plain groups: look-around, names and back-references are not taken."
        open_ended += bool(_OPEN_ENDED.fullmatch(part["quantifier"] or part["repeat"] or ""))
        if part["open"]:
            groups.append(False)
        elif part["close"]:
            is_nested = groups.pop() if len(groups) > 1 else False
            if is_nested and part["repeat"] not in (None, "?"):
                return "A repeated group must not hold repeats or | itself; write it out."
            groups[-1] = groups[-1] or is_nested or bool(part["repeat"])
        elif part["quantifier"] or part["choice"]:
            groups[-1] = True
    if open_ended > MAX_OPEN_ENDED:
        return f"Use at most {MAX_OPEN_ENDED} open-ended repeats (* + {{n,}})."
    return ""
