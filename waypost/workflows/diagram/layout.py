"""Where everything of a diagram goes: one column from top to bottom, branches side by side.

A conditional step hangs under a question, with a dashed way around it; a step that nobody waits for
stands beside the way, which goes on past it; returns run up at the right, each in a lane.
"""

from __future__ import annotations

import textwrap
from itertools import pairwise

from waypost.engine.definition import Workflow
from waypost.engine.sentences import condition_phrase
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.structure import holds_up
from waypost.workflows.diagram.picture import Block, Box, Frame, Item, Line, Mark, Picture, Words
from waypost.workflows.diagram.routes import EXIT_HEIGHT, LETTER, exits_of, routes

BOX_WIDTH = 250.0
GAP = 26.0
MARGIN = 20.0
LINE_HEIGHT = 16.0
_NAME_LETTERS = 32
_NOTE_LETTERS = 38
_WORDS_LETTERS = 40
_MOST_LINES = 3
_FRAME_HEAD = 26.0
_FRAME_SIDE = 18.0
_ASIDE = 34.0


def lay_out(workflow: Workflow) -> Picture:
    """The picture of a workflow, between its start and its end."""
    whole = _sequence(workflow, workflow.members_by_key.get("", ()))
    top, bottom = MARGIN + 24, MARGIN + 24 + GAP + whole.height
    items = [
        Mark(0, MARGIN + 12, "start"),
        *whole.moved(0, top + GAP),
        *_way(MARGIN + 24, top + GAP, has_arrow=whole.begins_with_shape),
        *_way(bottom, bottom + GAP, has_arrow=True),
        Mark(0, bottom + GAP + 12, "end"),
    ]
    further, right = routes(workflow, items, whole.right)
    left = whole.left + MARGIN
    placed = tuple(item.moved(left, 0) for item in (*items, *further))
    return Picture(placed, left + right + MARGIN, bottom + GAP + 24 + MARGIN)


def wrapped(text: str, letters: int, most: int) -> tuple[str, ...]:
    """The text in lines of so many letters; what does not fit ends in an ellipsis."""
    return tuple(textwrap.wrap(text, letters, max_lines=most, placeholder=" …")) or ("",)


def _way(above: float, below: float, *, has_arrow: bool) -> tuple[Line, ...]:
    return (Line(((0, above), (0, below)), has_arrow=has_arrow),) if below > above else ()


def _sequence(workflow: Workflow, steps: tuple[AnyStep, ...]) -> Block:
    """Steps one below the other."""
    if not steps:
        return Block((), BOX_WIDTH / 2, BOX_WIDTH / 2, 0, begins_with_shape=False)
    blocks = [_step(workflow, step) for step in steps]
    tops = [0.0]
    for block in blocks[:-1]:
        tops.append(tops[-1] + block.height + GAP)
    items = [item for top, block in zip(tops, blocks, strict=True) for item in block.moved(0, top)]
    for (top, block), (next_top, below) in pairwise(zip(tops, blocks, strict=True)):
        items += _way(top + block.height, next_top, has_arrow=below.begins_with_shape)
    return Block(
        tuple(items),
        max(block.left for block in blocks),
        max(block.right for block in blocks),
        tops[-1] + blocks[-1].height,
        blocks[0].begins_with_shape,
    )


def _step(workflow: Workflow, step: AnyStep) -> Block:
    is_waited_for = holds_up(workflow, step)
    inner = _container(workflow, step) if step.holds else _box(workflow, step, is_waited_for)
    words = _condition_words(workflow, step)
    if not is_waited_for:
        return _beside(inner, words)
    return _under_question(inner, words) if words else inner


def _box(workflow: Workflow, step: AnyStep, is_waited_for: bool) -> Block:
    lines = wrapped(f"{workflow.number_by_key[step.key]}. {step.name}", _NAME_LETTERS, 2)
    exits = len(exits_of(step))
    height = max(22 + LINE_HEIGHT * (len(lines) + 1), (exits + 1) * EXIT_HEIGHT if exits else 0)
    note = wrapped(_note(step), _NOTE_LETTERS, 1)[0]
    box = Box(-BOX_WIDTH / 2, 0, BOX_WIDTH, height, step, lines, note, is_waited_for)
    return Block((box,), BOX_WIDTH / 2, BOX_WIDTH / 2, height)


def _note(step: AnyStep) -> str:
    kind = type(step).label
    if isinstance(step, HttpRequest):
        host = step.url.partition("://")[2].partition("/")[0]
        return f"{step.method} {host}" if host else kind
    return f"{kind} · external user" if step.is_external else kind


def _condition_words(workflow: Workflow, step: AnyStep) -> Words | None:
    phrase = condition_phrase(step.condition, workflow)
    if not phrase:
        return None
    return Words(0, 0, wrapped(f"if {phrase}", _WORDS_LETTERS, _MOST_LINES), "condition", phrase)


def width_of(words: Words) -> float:
    """About how wide the words are."""
    return max(len(line) for line in words.lines) * LETTER


def _under_question(inner: Block, words: Words) -> Block:
    """A question on the way, the block below it, and a way around for those it is not for."""
    top = max(18.0, len(words.lines) * LINE_HEIGHT) + GAP * 0.8
    bottom = top + inner.height
    side = -inner.left - 16
    around = Line(((-9, 9), (side, 9), (side, bottom + 12), (0, bottom + 12)), "skip")
    items: tuple[Item, ...] = (
        around,
        Mark(0, 9, "question"),
        words.moved(16, 13),
        *_way(18, top, has_arrow=inner.begins_with_shape),
        *inner.moved(0, top),
        *_way(bottom, bottom + 12, has_arrow=False),
    )
    right = max(inner.right, 16 + width_of(words))
    return Block(items, inner.left + 18, right, bottom + 12)


def _beside(inner: Block, words: Words | None) -> Block:
    """A block that nobody waits for: the way goes on past it."""
    above = len(words.lines) * LINE_HEIGHT + 6 if words else 0.0
    height = above + inner.height
    middle = above + min(inner.height / 2, 40)
    start = _ASIDE + inner.left
    items: list[Item] = [
        *_way(0, height, has_arrow=False),
        Line(((0, middle), (_ASIDE, middle)), has_arrow=True),
        Mark(0, middle, "question" if words else "fork"),
        *inner.moved(start, above),
    ]
    if words is not None:
        items.append(words.moved(_ASIDE, 11))
    right = max(start + inner.right, _ASIDE + width_of(words) if words else 0)
    return Block(tuple(items), 12, right, height, begins_with_shape=False)


def _container(workflow: Workflow, step: AnyStep) -> Block:
    members = workflow.members_by_key.get(step.key, ())
    is_parallel = step.holds == "parallel" and len(members) > 1
    inner = _branches(workflow, members) if is_parallel else _sequence(workflow, members)
    title = f"{workflow.number_by_key[step.key]}. {step.name}"
    left = max(inner.left, (len(title) * LETTER) / 2) + _FRAME_SIDE
    right = max(inner.right, (len(title) * LETTER) / 2) + _FRAME_SIDE
    height = _FRAME_HEAD + 10 + inner.height + _FRAME_SIDE
    items: tuple[Item, ...] = (
        Frame(-left, 0, left + right, height, step, title),
        *_way(_FRAME_HEAD, _FRAME_HEAD + 10, has_arrow=False),
        *inner.moved(0, _FRAME_HEAD + 10),
        *_way(_FRAME_HEAD + 10 + inner.height, height, has_arrow=False),
    )
    return Block(items, left, right, height)


def _branches(workflow: Workflow, members: tuple[AnyStep, ...]) -> Block:
    """Steps side by side between two bars."""
    blocks = [_step(workflow, step) for step in members]
    width = sum(block.left + block.right for block in blocks) + GAP * (len(blocks) - 1)
    bottom = GAP * 0.7 + max(block.height for block in blocks) + GAP * 0.7
    items: list[Item] = []
    ways: list[float] = []
    reached = -width / 2
    for block in blocks:
        x = reached + block.left
        reached = x + block.right + GAP
        ways.append(x)
        down = GAP * 0.7
        items += [
            Line(((x, 0), (x, down)), has_arrow=block.begins_with_shape),
            *block.moved(x, down),
            Line(((x, down + block.height), (x, bottom))),
        ]
    bars = [Line(((ways[0], y), (ways[-1], y)), "bar") for y in (0.0, bottom)]
    return Block((*items, *bars), width / 2, width / 2, bottom)
