"""What each finding of the check means, read from the guide that comes with the program.

`docs/how-to/findings.md` is the same text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_SUBJECT = re.compile(r"^## (.+)$", re.MULTILINE)
_CODE = re.compile(r"^### (\w+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Explained:
    """One code and what it means, as Markdown."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Findings that belong together."""

    title: str
    findings: tuple[Explained, ...]

    @property
    def anchor(self) -> str:
        """Its place on a page."""
        return self.title.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Guide:
    """The whole text, in its order."""

    title: str
    introduction: str
    subjects: tuple[Subject, ...]


def guide_text() -> str:
    """The guide as it is written."""
    return (files("waypost.workflows") / "findings.md").read_text(encoding="utf-8")


@lru_cache
def read_guide() -> Guide:
    """The guide by subjects and codes."""
    head, *parts = _SUBJECT.split(guide_text())
    title, _, introduction = head.removeprefix("# ").partition("\n")
    subjects = zip(parts[::2], parts[1::2], strict=True)
    return Guide(title, introduction.strip(), tuple(_subject(*pair) for pair in subjects))


def _subject(title: str, text: str) -> Subject:
    _, *parts = _CODE.split(text)
    found = zip(parts[::2], parts[1::2], strict=True)
    return Subject(title, tuple(Explained(code, said.strip()) for code, said in found))
