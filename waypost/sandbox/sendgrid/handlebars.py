"""Handlebars as SendGrid's dynamic templates speak it; templates are data and never become code.

Checked against SendGrid's "Using Handlebars" page; the work is bounded in depth, steps and length,
so that no template can hold a process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from waypost.sandbox.sendgrid.handlebars_dates import format_date
from waypost.sandbox.sendgrid.handlebars_tree import (
    Block,
    Call,
    Expression,
    HandlebarsError,
    Literal,
    Node,
    Output,
    Path,
    Text,
    parse,
)

__all__ = ["HandlebarsError", "check", "render"]

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]

MAX_STEPS = 50_000
MAX_OUTPUT_LETTERS = 4_194_304
# Handlebars.js 4 escapes the equals sign and the backtick too.
_ESCAPES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "'": "&#x27;",
        "`": "&#x60;",
        "=": "&#x3D;",
    }
)


def check(source: str) -> None:
    """Raise HandlebarsError when the template cannot be read or names an unknown helper."""
    _check_calls(parse(source))


def render(source: str, values: Mapping[str, Json]) -> str:
    """The template with its values; missing values are empty."""
    nodes = parse(source)
    rendering = _Rendering()
    try:
        rendering.write(nodes, _Scope(values, None, {"root": values}))
    except RecursionError as error:
        raise HandlebarsError("The values are nested too deep. Send flatter ones.") from error
    return "".join(rendering.parts)


@dataclass(frozen=True, slots=True)
class _Scope:
    """`this`, the scope around it, and the loop's `@` values."""

    this: Json
    outer: _Scope | None
    at: Mapping[str, Json]


@dataclass(slots=True)
class _Rendering:
    parts: list[str] = field(default_factory=list)
    steps: int = 0
    letters: int = 0

    def write(self, nodes: Sequence[Node], scope: _Scope) -> None:
        """Append what the nodes print."""
        for node in nodes:
            self._step()
            match node:
                case Text(text):
                    self._append(text)
                case Output(expression, is_raw):
                    text = as_text(_evaluate(expression, scope))
                    self._append(text if is_raw else text.translate(_ESCAPES))
                case Block():
                    self._write_block(node, scope)
                case _:
                    assert_never(node)

    def _write_block(self, block: Block, scope: _Scope) -> None:
        values = [_evaluate(argument, scope) for argument in block.arguments]
        if block.name == "each":
            self._write_each(block, values[0], scope)
        else:
            holds = _CONDITIONS[block.name](*values)
            self.write(block.body if holds else block.otherwise, scope)

    def _write_each(self, block: Block, items: Json, scope: _Scope) -> None:
        pairs = _pairs(items)
        for index, (key, item) in enumerate(pairs):
            self._step()
            is_last = index == len(pairs) - 1
            loop = {"index": index, "key": key, "first": index == 0, "last": is_last}
            self.write(block.body, _Scope(item, scope, {**scope.at, **loop}))
        if not pairs:
            self.write(block.otherwise, scope)

    def _step(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise HandlebarsError(f"The template takes over {MAX_STEPS} steps. Loop over less.")

    def _append(self, text: str) -> None:
        self.letters += len(text)
        if self.letters > MAX_OUTPUT_LETTERS:
            raise HandlebarsError("The rendered mail is over 4 MB. Send less.")
        self.parts.append(text)


def _pairs(items: Json) -> list[tuple[Json, Json]]:
    if isinstance(items, Mapping):
        return list(items.items())
    if isinstance(items, Sequence) and not isinstance(items, str):
        return list(enumerate(items))
    return []


def _evaluate(expression: Expression, scope: _Scope) -> Json:
    match expression:
        case Literal(value):
            return value
        case Path():
            return _look_up(expression, scope)
        case Call(name, arguments):
            return _call(name, [_evaluate(argument, scope) for argument in arguments])
        case _:
            assert_never(expression)


def _look_up(path: Path, scope: _Scope) -> Json:
    for _ in range(path.ups):
        if scope.outer is None:
            return None
        scope = scope.outer
    value: Json = scope.at if path.is_at else scope.this
    for part in path.parts:
        value = _child(value, part)
    return value


def _child(value: Json, part: str) -> Json:
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, Sequence):
        if part == "length":
            return len(value)
        index = int(part) if part.isascii() and part.isdigit() and len(part) < 10 else len(value)
        return value[index] if index < len(value) else None
    return None


def as_text(value: Json) -> str:
    """A value as JavaScript would print it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    if isinstance(value, Mapping):
        return "[object Object]"
    if isinstance(value, str | int | float):
        return str(value)
    return ",".join(as_text(item) for item in value)


def _is_true(value: Json) -> bool:
    """An empty object counts as true, an empty list does not: so does Handlebars.js."""
    return True if isinstance(value, Mapping) else bool(value)


def _as_number(value: Json) -> float | None:
    try:
        return float(value) if isinstance(value, str | int | float) else None
    except (ValueError, OverflowError):
        return None


def _is_equal(left: Json, right: Json) -> bool:
    a, b = _as_number(left), _as_number(right)
    return as_text(left) == as_text(right) or (a is not None and a == b)


def _is_greater(left: Json, right: Json) -> bool:
    a, b = _as_number(left), _as_number(right)
    if a is not None and b is not None:
        return a > b
    return isinstance(left, str) and isinstance(right, str) and left > right


_CONDITIONS: dict[str, Callable[..., bool]] = {
    "if": _is_true,
    "unless": lambda value: not _is_true(value),
    "equals": _is_equal,
    "notEquals": lambda left, right: not _is_equal(left, right),
    "greaterThan": _is_greater,
    "lessThan": lambda left, right: _is_greater(right, left),
    "and": lambda *values: all(map(_is_true, values)),
    "or": lambda *values: any(map(_is_true, values)),
}


def _insert(value: Json, default: Json = "") -> Json:
    """`{{insert name "default=Customer"}}`, or the text without `default=`."""
    return value if _is_true(value) else as_text(default).removeprefix("default=")


def _length(value: Json) -> Json:
    return len(value) if isinstance(value, Sequence | Mapping) else 0


def _format_date(value: Json, pattern: Json, offset: Json = None) -> Json:
    moment = value if isinstance(value, str | int | float) else None
    return format_date(moment, as_text(pattern), as_text(offset))


_CALLS: dict[str, tuple[Callable[..., Json], range]] = {
    "insert": (_insert, range(1, 3)),
    "formatDate": (_format_date, range(2, 4)),
    "length": (_length, range(1, 2)),
    **{name: (_CONDITIONS[name], range(2, 3)) for name in ("equals", "notEquals")},
    **{name: (_CONDITIONS[name], range(2, 3)) for name in ("greaterThan", "lessThan")},
    **{name: (_CONDITIONS[name], range(2, 20)) for name in ("and", "or")},
}


def _call(name: str, values: list[Json]) -> Json:
    function, counts = _CALLS.get(name, (None, range(0)))
    if function is None:
        raise HandlebarsError(
            f"The helper {name!r} is not known to SendGrid; known are {', '.join(sorted(_CALLS))}."
        )
    if len(values) not in counts:
        raise HandlebarsError(
            f"The helper {name!r} takes {counts.start} to {counts.stop - 1} value(s), "
            f"not {len(values)}."
        )
    return function(*values)


def _check_calls(nodes: Sequence[Node]) -> None:
    for node in nodes:
        if isinstance(node, Output):
            _check_expression(node.value)
        elif isinstance(node, Block):
            for argument in node.arguments:
                _check_expression(argument)
            _check_calls(node.body)
            _check_calls(node.otherwise)


def _check_expression(expression: Expression) -> None:
    if isinstance(expression, Call):
        for argument in expression.arguments:
            _check_expression(argument)
        _call(expression.name, [None] * len(expression.arguments))
