"""What a diagram consists of, placed on a plane in pixels; y grows downwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from waypost.engine.step_types import AnyStep

Point: TypeAlias = "tuple[float, float]"
LineKind: TypeAlias = Literal["flow", "skip", "return", "forward", "stop", "bar"]


@dataclass(frozen=True, slots=True)
class Box:
    """A step; `lines` are its number and name, wrapped, and `note` what it does.

    `is_waited_for`: what comes behind starts only once it has ended.
    """

    x: float
    y: float
    width: float
    height: float
    step: AnyStep
    lines: tuple[str, ...]
    note: str
    is_waited_for: bool

    def moved(self, dx: float, dy: float) -> Box:
        """The same, somewhere else."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True, slots=True)
class Frame:
    """The border around the members of a container."""

    x: float
    y: float
    width: float
    height: float
    step: AnyStep
    title: str

    def moved(self, dx: float, dy: float) -> Frame:
        """The same, somewhere else."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True, slots=True)
class Line:
    """A way from the first point to the last."""

    points: tuple[Point, ...]
    kind: LineKind = "flow"
    has_arrow: bool = False

    def moved(self, dx: float, dy: float) -> Line:
        """The same, somewhere else."""
        return replace(self, points=tuple((x + dx, y + dy) for x, y in self.points))


@dataclass(frozen=True, slots=True)
class Mark:
    """A small sign on a way: a question, a fork, the start, the end, a stop."""

    x: float
    y: float
    kind: Literal["question", "fork", "start", "end", "stop"]

    def moved(self, dx: float, dy: float) -> Mark:
        """The same, somewhere else."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True, slots=True)
class Words:
    """A text beside a way; `whole` is what the lines shorten."""

    x: float
    y: float
    lines: tuple[str, ...]
    kind: Literal["condition", "return", "forward", "stop", "aside"]
    whole: str = ""

    def moved(self, dx: float, dy: float) -> Words:
        """The same, somewhere else."""
        return replace(self, x=self.x + dx, y=self.y + dy)


Item: TypeAlias = Box | Frame | Line | Mark | Words


@dataclass(frozen=True, slots=True)
class Block:
    """Items around a vertical way at x = 0 that comes in at y = 0 and leaves at `height`.

    `left` and `right` say how far they reach. `begins_with_shape`: the way ends in an arrow there.
    """

    items: tuple[Item, ...]
    left: float
    right: float
    height: float
    begins_with_shape: bool = True

    def moved(self, dx: float, dy: float) -> Iterable[Item]:
        """Its items, somewhere else."""
        return (item.moved(dx, dy) for item in self.items)


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole diagram; its upper left corner is (0, 0)."""

    items: tuple[Item, ...]
    width: float
    height: float
