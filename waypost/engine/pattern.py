"""Regular expressions that builders write, kept from running away.

Python's `re` backtracks, so linear time cannot be promised. What makes it explode is refused
instead: repeated groups that repeat or choose inside, back-references and look-around; and the ways
in which the rest can be tried are counted and bounded. Only the first `MAX_TEXT` letters of a value
are looked at. The worst pattern that is taken needs about a second.
"""

from __future__ import annotations

import re
from functools import lru_cache

MAX_PATTERN = 200
MAX_TEXT = 200
#: Two open-ended repeats and two optional parts: ways to try from each letter of the text.
MAX_WAYS = MAX_TEXT * MAX_TEXT * 2**2
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
    """Walks over the pattern, keeping each open group's alternatives and whether it varies."""
    alternatives, varies, ways = [1], [False], 1
    for part in _PARTS.finditer(pattern):
        if part["kind"] == "?" or (part["letter"] or "").isdecimal() or part["letter"] == "g":
            return "Use only plain groups: look-around, names and back-references are not taken."
        repeat = part["quantifier"] or part["repeat"]
        ways *= _width(repeat)
        if part["open"]:
            alternatives.append(1)
            varies.append(False)
        elif part["choice"]:
            alternatives[-1] += 1
        elif part["close"] and len(varies) > 1:
            count, inner = alternatives.pop(), varies.pop()
            inner = inner or count > 1
            if inner and repeat not in (None, "?"):
                return "A repeated group must not hold repeats or | itself; write it out."
            ways *= count
            varies[-1] = varies[-1] or inner
        varies[-1] = varies[-1] or repeat is not None
    if ways * alternatives[0] > MAX_WAYS:
        return "Use at most two open-ended repeats (* + {n,}) and few optional parts."
    return ""


def _width(repeat: str | None) -> int:
    """In how many lengths a repeat can be tried."""
    if repeat is None:
        return 1
    if repeat == "?":
        return 2
    least, comma, most = repeat.strip("{}").partition(",")
    if repeat in "*+" or (comma and not most):
        return MAX_TEXT
    return min(max(int(most) - int(least or 0) + 1, 1), MAX_TEXT) if comma else 1
