"""The ways that routing buttons take: back, forward, or to a stop; each in a lane at the right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from waypost.engine.definition import Workflow
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.step_types import AnyStep
from waypost.workflows.diagram.picture import Box, Frame, Item, Line, Mark, Words

LETTER = 6.2
EXIT_HEIGHT = 18.0
_LANE = 16.0
_KINDS: Mapping[str, Literal["return", "forward", "stop"]] = {
    "return": "return",
    "skip_forward": "forward",
    "decline": "stop",
}
_Shape: TypeAlias = Box | Frame


@dataclass(frozen=True, slots=True)
class _Exit:
    """A button's way: where it leaves its step, how far its label reaches, and where it goes in."""

    button: Button
    x: float
    y: float
    target: _Shape | None

    @property
    def end(self) -> float:
        """Where its label ends."""
        return self.x + 18 + len(self.button.label) * LETTER

    @property
    def span(self) -> tuple[float, float]:
        """From where to where it runs up or down."""
        into = self.y if self.target is None else _entry(self.target)[1]
        return min(self.y, into), max(self.y, into)


def exits_of(step: AnyStep) -> tuple[Button, ...]:
    """The buttons that lead elsewhere than on."""
    return tuple(
        button
        for field in step.fields
        if isinstance(field, Routing)
        for button in field.buttons
        if button.action != "complete"
    )


def routes(workflow: Workflow, items: Sequence[Item], right: float) -> tuple[list[Item], float]:
    """The ways and their labels, and how far right everything reaches with them."""
    shapes = {one.step.key: one for one in items if isinstance(one, Box | Frame)}
    found = [one for key, shape in shapes.items() for one in _exits(workflow, key, shape, shapes)]
    drawn: list[Item] = [
        Words(one.x + 8, one.y - 4, (one.button.label,), _KINDS[one.button.action]) for one in found
    ]
    for one in found:
        if one.target is None:
            end = (one.end, one.y)
            drawn += [Line(((one.x, one.y), end), "stop"), Mark(*end, "stop")]
    lanes = _lanes(found)
    reach = max([right, *(one.end + 8 for one in found)]) + (_LANE if lanes else 0)
    drawn += [_way(one, target, reach + lane * _LANE) for one, target, lane in lanes]
    return drawn, reach + _LANE * max((lane for *_, lane in lanes), default=0)


def _exits(
    workflow: Workflow, key: str, shape: _Shape, shapes: Mapping[str, _Shape]
) -> Iterable[_Exit]:
    buttons = exits_of(workflow.step_by_key[key])
    for number, button in enumerate(buttons):
        target = shapes.get(button.target)
        if button.action == "decline" or target is not None:
            y = shape.y + shape.height / 2 + (number - (len(buttons) - 1) / 2) * EXIT_HEIGHT
            yield _Exit(button, shape.x + shape.width, y, target)


def _lanes(exits: list[_Exit]) -> list[tuple[_Exit, _Shape, int]]:
    """Short ways in the inner lanes; two that run beside each other never share one."""
    taken: list[list[tuple[float, float]]] = []
    placed: list[tuple[_Exit, _Shape, int]] = []
    for one in sorted(exits, key=lambda each: each.span[1] - each.span[0]):
        if one.target is None:
            continue
        low, high = one.span
        lane = next(
            (n for n, spans in enumerate(taken) if all(high < a or low > b for a, b in spans)),
            len(taken),
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        placed.append((one, one.target, lane))
    return placed


def _way(one: _Exit, target: _Shape, lane: float) -> Item:
    x, y = _entry(target)
    kind = _KINDS[one.button.action]
    return Line(((one.x, one.y), (lane, one.y), (lane, y), (x, y)), kind, has_arrow=True)


def _entry(shape: _Shape) -> tuple[float, float]:
    """Where a way comes into a step from the right: above those that leave it."""
    return shape.x + shape.width, shape.y + 10
