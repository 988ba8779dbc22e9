"""JSONPaths that would keep a server busy: what is multiplied grows without bound."""

from __future__ import annotations

import re

LONGEST_PATH = 1000
_MOST_CHOICES = 8
_MOST_FILTERS = 2
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_PATTERN = re.compile(r"\b(?:match|search)\s*\(|=~")


def why_heavy(path: str) -> str:
    """Why a path is not read at all; empty for one that is quick on every answer.

    A descent looks at every value, a second one at every value below each of them. Patterns can
    take longer than the world exists, for lack of a way to stop them.
    """
    if len(path) > LONGEST_PATH:
        return f"it is longer than {LONGEST_PATH} letters"
    bare = _QUOTED.sub("''", path)
    if _PATTERN.search(bare):
        return "it compares with a pattern"
    if bare.count("..") > 1:
        return "it looks everywhere (..) more than once"
    if bare.count(",") > _MOST_CHOICES or bare.count("?") > _MOST_FILTERS or bare.count("$") > 1:
        return "it chooses too much at once"
    return ""
