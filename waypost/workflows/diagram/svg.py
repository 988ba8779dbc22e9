"""A picture as SVG text. Colours and sizes are attributes: a page with a strict content security
policy shows them, and its style sheet may change them by class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TypeAlias, assert_never

from waypost.engine.definition import Workflow
from waypost.engine.instance import Status
from waypost.engine.step_types import AnyStep
from waypost.workflows.diagram.layout import LINE_HEIGHT
from waypost.workflows.diagram.picture import Box, Frame, Item, Line, Mark, Picture, Words

_INK, _SOFT, _LINE, _PAPER, _SUNKEN = "#1f2e2b", "#5b6b67", "#9aa8a4", "#ffffff", "#f2f5f3"
_COLOURS = {
    "flow": _LINE,
    "bar": _INK,
    "skip": _LINE,
    "return": "#9a6700",
    "forward": "#1f6feb",
    "stop": "#b3261e",
    "condition": _SOFT,
}
_STATES = {
    Status.COMPLETED: "#2b7a4b",
    Status.ACTIVE: "#c99700",
    Status.SCHEDULED: "#c99700",
    Status.FAILED: "#b3261e",
    Status.DECLINED: "#b3261e",
    Status.FAILED_SKIPPED: _SOFT,
}
_FONT = "Inter, 'Segoe UI', system-ui, sans-serif"

LinkOf: TypeAlias = Callable[[AnyStep], str] | None


def write_svg(
    picture: Picture, workflow: Workflow, link_of: LinkOf, states: Mapping[str, Status]
) -> str:
    """The picture as an SVG document that can stand alone or inside a page."""
    # What lies below comes first: frames, then ways, then steps and words.
    rank = {Frame: 0, Line: 1, Mark: 2, Box: 3, Words: 4}
    items = sorted(picture.items, key=lambda item: rank[type(item)])
    width, height = round(picture.width), round(picture.height)
    drawn = "\n".join(_draw(item, link_of, states) for item in items)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="diagram" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" font-family="{escape(_FONT)}" font-size="13">\n'
        f"<title>{escape(workflow.name)}: diagram</title>\n{_ARROWS}\n{drawn}\n</svg>\n"
    )


def _draw(item: Item, link_of: LinkOf, states: Mapping[str, Status]) -> str:
    match item:
        case Box():
            return _box(item, link_of, states.get(item.step.key))
        case Frame():
            return _frame(item, link_of)
        case Line():
            return _line(item)
        case Mark():
            return _mark(item)
        case Words():
            return _words(item)
        case _:
            assert_never(item)


def _box(box: Box, link_of: LinkOf, state: Status | None) -> str:
    stroke = _STATES.get(state, _LINE) if state else _LINE
    kinds = f"diagram-step{f' is-{state}' if state else ''}"
    dashed = "" if box.is_waited_for else ' stroke-dasharray="5 3"'
    faded = ' opacity="0.5"' if state in (Status.SKIPPED, Status.NOT_STARTED) else ""
    name = "".join(
        _text(box.x + 14, box.y + 20 + number * LINE_HEIGHT, line, "diagram-name", _INK, "600")
        for number, line in enumerate(box.lines)
    )
    below = box.y + 20 + len(box.lines) * LINE_HEIGHT
    note = _text(box.x + 14, below, box.note, "diagram-note", _SOFT)
    rectangle = (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'rx="8" fill="{_PAPER}" stroke="{stroke}" stroke-width="{2 if state else 1.25}"{dashed}/>'
    )
    return _linked(f'<g class="{kinds}"{faded}>{rectangle}{name}{note}</g>', box.step, link_of)


def _frame(frame: Frame, link_of: LinkOf) -> str:
    title = _text(frame.x + 14, frame.y + 18, frame.title, "diagram-name", _INK, "600")
    rectangle = (
        f'<rect x="{frame.x:.1f}" y="{frame.y:.1f}" width="{frame.width:.1f}" '
        f'height="{frame.height:.1f}" rx="12" fill="{_SUNKEN}" stroke="{_LINE}"/>'
    )
    drawn = f'<g class="diagram-frame">{rectangle}{title}</g>'
    return _linked(drawn, frame.step, link_of)


def _linked(drawn: str, step: AnyStep, link_of: LinkOf) -> str:
    return drawn if link_of is None else f'<a href="{escape(link_of(step))}">{drawn}</a>'


def _line(line: Line) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line.points)
    arrow = f' marker-end="url(#arrow-{line.kind})"' if line.has_arrow else ""
    dashed = ' stroke-dasharray="3 4"' if line.kind == "skip" else ""
    width = 4 if line.kind == "bar" else 1.5
    return (
        f'<polyline class="diagram-{line.kind}" points="{points}" fill="none" '
        f'stroke="{_COLOURS[line.kind]}" stroke-width="{width}" stroke-linejoin="round"'
        f"{dashed}{arrow}/>"
    )


def _mark(mark: Mark) -> str:
    x, y = mark.x, mark.y
    match mark.kind:
        case "question":
            corners = f"{x},{y - 8} {x + 8},{y} {x},{y + 8} {x - 8},{y}"
            return (
                f'<polygon class="diagram-question" points="{corners}" fill="{_PAPER}" '
                f'stroke="{_LINE}" stroke-width="1.5"/>'
            )
        case "fork":
            return f'<circle class="diagram-fork" cx="{x}" cy="{y}" r="4" fill="{_LINE}"/>'
        case "stop":
            return (
                f'<rect class="diagram-halt" x="{x}" y="{y - 5}" width="10" height="10" rx="2" '
                f'fill="{_COLOURS["stop"]}"/>'
            )
        case "start" | "end":
            return _end(x, y, mark.kind.capitalize())
        case _:
            assert_never(mark.kind)


def _end(x: float, y: float, word: str) -> str:
    return (
        f'<g class="diagram-end"><rect x="{x - 32}" y="{y - 12}" width="64" height="24" rx="12" '
        f'fill="{_INK}"/><text x="{x}" y="{y + 4.5}" text-anchor="middle" fill="{_PAPER}" '
        f'font-size="12">{word}</text></g>'
    )


def _words(words: Words) -> str:
    colour = _COLOURS.get(words.kind, _SOFT)
    lines = "".join(
        f'<tspan x="{words.x:.1f}" dy="{LINE_HEIGHT if number else 0}">{escape(line)}</tspan>'
        for number, line in enumerate(words.lines)
    )
    whole = f"<title>{escape(words.whole)}</title>" if words.whole else ""
    return (
        f'<text class="diagram-words is-{words.kind}" x="{words.x:.1f}" y="{words.y:.1f}" '
        f'fill="{colour}" font-size="12">{whole}{lines}</text>'
    )


def _text(x: float, y: float, text: str, kind: str, colour: str, weight: str = "400") -> str:
    size = "13" if kind == "diagram-name" else "11.5"
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" '
        f'font-weight="{weight}">{escape(text)}</text>'
    )


def _arrow(kind: str) -> str:
    return (
        f'<marker id="arrow-{kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto-start-reverse"><path class="diagram-head is-{kind}" '
        f'd="M0,0 L8,4 L0,8 z" fill="{_COLOURS[kind]}"/></marker>'
    )


_ARROWS = f"<defs>{''.join(_arrow(kind) for kind in ('flow', 'return', 'forward'))}</defs>"
