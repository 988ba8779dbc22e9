"""What a form of the editor asks for: an action with its words, and what was entered."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Asked:
    """A press of a button. `words` are what stands behind the name of the action, such as the keys
    of a step and a field; `revision` is the draft the form was made from, `at` the id of the step
    whose page it stood on, 0 for the overview.
    """

    action: str
    words: tuple[str, ...]
    revision: int
    at: int
    post: QueryDict

    def word(self, place: int) -> str:
        """A word by its place; empty when there is none. `-` is written for an empty one."""
        word = self.words[place] if place < len(self.words) else ""
        return "" if word == "-" else word

    @property
    def step(self) -> str:
        """The key of the step that it is about."""
        return self.word(0)

    @property
    def field(self) -> str:
        """The key of the field that it is about."""
        return self.word(1)

    def text(self, name: str) -> str:
        """What was entered, with newlines as we keep them."""
        return self.post.get(name, "").replace("\r\n", "\n").replace("\r", "\n")

    def line(self, name: str) -> str:
        """What was entered in a box of one line."""
        return " ".join(self.text(name).split())


def read_asked(post: QueryDict) -> Asked:
    """What a posted form asks for."""
    name, *words = post.get("act", "").split() or [""]
    return Asked(name, tuple(words), number_of(post, "revision"), number_of(post, "at"), post)


def number_of(post: QueryDict, name: str) -> int:
    """A hidden number of a form; 0 when it is none."""
    text = post.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
