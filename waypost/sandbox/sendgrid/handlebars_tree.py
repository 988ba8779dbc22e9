"""The parsed form of a Handlebars template and its parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

MAX_SOURCE_LETTERS = 1_048_576  # SendGrid's own limit of a version's html_content.
MAX_DEPTH = 40
# Taking a name apart costs the square of its length.
MAX_NAME = 1000
BLOCKS = frozenset(
    {"if", "unless", "each", "equals", "notEquals", "greaterThan", "lessThan", "and", "or"}
)


class HandlebarsError(ValueError):
    """A template that cannot be read or rendered; the text says where and what to change."""


@dataclass(frozen=True, slots=True)
class Text:
    """Letters that are sent as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Path:
    """A value by name: `ups` counts `../`, `is_at` marks `@index` and its like."""

    parts: tuple[str, ...]
    ups: int = 0
    is_at: bool = False


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, true, false or null written in the template."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Call:
    """A helper and its arguments."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """A value to print, escaped unless raw."""

    value: Expression
    is_raw: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A condition or loop; `otherwise` holds what follows `{{else}}`."""

    name: str
    arguments: tuple[Expression, ...]
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...]


Expression = Path | Literal | Call
Node = Text | Output | Block

_TAG = re.compile(
    r"\\\{\{(?P<kept>[^{}]*)\}\}"
    r"|\{\{~?!--.*?--~?\}\}"
    r"|\{\{~?![^}]*\}\}"
    r"|\{\{\{(?P<raw>[^{}]*)\}\}\}"
    r"|\{\{(?P<trim_left>~)?(?P<mark>[#/&^>]?)(?P<inner>(?:\"[^\"]*\"|'[^']*'|[^{}\"'])*?)"
    r"(?P<trim_right>~)?\}\}",
    re.DOTALL,
)
_WORD = re.compile(
    r"\s*(?:(?P<text>\"[^\"]*\"|'[^']*')|(?P<open>\()|(?P<close>\))"
    r"|(?P<word>(?:\[[^\]]*\]|[^\s()\"'\[\]])+))"
)
_LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "undefined": None}


@lru_cache(maxsize=128)
def parse(source: str) -> tuple[Node, ...]:
    """Read a template; raises HandlebarsError for anything SendGrid's Handlebars does not know."""
    if len(source) > MAX_SOURCE_LETTERS:
        raise HandlebarsError("The template is longer than 1048576 letters. Make it shorter.")
    parser = _Parser(_tokens(source))
    nodes = parser.nodes(closing=None, depth=0)
    return tuple(nodes)


@dataclass(frozen=True, slots=True)
class _Tag:
    mark: str  # "text", "raw", "" for a value, "#", "/", "^" or "&"
    inner: str
    line: int


def _tokens(source: str) -> Iterator[_Tag]:
    """Texts and tags in turn; a block tag alone on its line takes the whole line with it."""
    at = line = 0
    trims_next = False
    for match in _matches(source):
        start, end = _with_its_line(source, match, at)
        text = source[at:start]
        yield _Tag("text", _trimmed(text, trims_next, bool(match["trim_left"])), line)
        line += source.count("\n", at, match.start())
        tag = _tag(match, line + 1)
        if tag:
            yield tag
        line += source.count("\n", match.start(), end)
        at, trims_next = end, bool(match["trim_right"])
    yield _Tag("text", _trimmed(source[at:], trims_next, False), line)


def _matches(source: str) -> Iterator[re.Match[str]]:
    """Every tag; the first broken one ends the reading, which keeps hostile templates linear."""
    at = 0
    while (at := source.find("{{", at)) >= 0:
        is_kept = source[max(at - 1, 0) : at] == "\\"
        match = _TAG.match(source, at - 1 if is_kept else at)
        if not match:
            _refuse(source.count("\n", 0, at) + 1, "a {{ is never closed; write }}")
        yield match
        at = match.end()


def _trimmed(text: str, left: bool, right: bool) -> str:
    text = text.lstrip() if left else text
    return text.rstrip() if right else text


def _tag(match: re.Match[str], line: int) -> _Tag | None:
    if match["kept"] is not None:
        return _Tag("text", "{{" + match["kept"] + "}}", line)
    if match["raw"] is not None:
        return _Tag("raw", match["raw"].strip(), line)
    if match["inner"] is None:
        return None  # a comment
    if match["mark"] == ">":
        _refuse(line, "partials are not supported by SendGrid; write the text here")
    return _Tag(match["mark"], match["inner"].strip(), line)


def _with_its_line(source: str, match: re.Match[str], at: int) -> tuple[int, int]:
    start, end = match.span()
    inner = (match["inner"] or "").strip()
    is_value = match["raw"] is not None or match["kept"] is not None
    if is_value or (match["inner"] is not None and not match["mark"] and inner[:4] != "else"):
        return start, end
    line_start = source.rfind("\n", 0, start) + 1
    line_end = source.find("\n", end)
    line_end = len(source) if line_end < 0 else line_end + 1
    is_alone = not source[line_start:start].strip() and not source[end:line_end].strip()
    return (line_start, line_end) if is_alone and line_start >= at else (start, end)


def _refuse(line: int, reason: str) -> NoReturn:
    raise HandlebarsError(f"Handlebars, line {line}: {reason}.")


class _Parser:
    def __init__(self, tags: Iterator[_Tag]) -> None:
        self._tags = tags
        self._end: _Tag | None = None

    def nodes(self, closing: _Tag | None, depth: int) -> list[Node]:
        """Nodes up to `{{else}}` or `{{/…}}`, which is left in `_end`."""
        if depth > MAX_DEPTH:
            _refuse(closing.line if closing else 1, f"blocks are nested deeper than {MAX_DEPTH}")
        found: list[Node] = []
        for tag in self._tags:
            if tag.mark == "text":
                found += [Text(tag.inner)] if tag.inner else []
            elif _ends_branch(tag):
                self._end = tag
                return self._ended(found, closing, tag)
            elif tag.mark == "#":
                found.append(self._block(tag, depth))
            else:
                found.append(Output(_value(tag), tag.mark in ("raw", "&")))
        if closing:
            _refuse(closing.line, f"{{{{#{_name(closing)}}}}} is never closed")
        self._end = None
        return found

    def _ended(self, found: list[Node], closing: _Tag | None, tag: _Tag) -> list[Node]:
        if closing is None:
            _refuse(tag.line, f"{{{{{tag.mark}{tag.inner}}}}} closes nothing; remove it")
        return found

    def _block(self, tag: _Tag, depth: int) -> Block:
        """A block with its branches; `{{else if x}}` is a block inside the other branch."""
        name, arguments = _block_head(tag)
        body = self.nodes(tag, depth + 1)
        otherwise: list[Node] = []
        end = self._end
        if end and end.mark != "/":
            otherwise = self._otherwise(tag, end, depth)
        elif end and end.inner != name and _name(tag) != "else":
            _refuse(end.line, f"{{{{/{end.inner}}}}} closes {{{{#{name}}}}}; write {{{{/{name}}}}}")
        return Block(name, arguments, tuple(body), tuple(otherwise))

    def _otherwise(self, tag: _Tag, end: _Tag, depth: int) -> list[Node]:
        chained = end.inner.removeprefix("else").strip()
        if chained:
            return [self._block(_Tag("else", chained, end.line), depth + 1)]
        found = self.nodes(tag, depth + 1)
        if self._end and self._end.mark != "/":
            _refuse(self._end.line, "a second {{else}} in one block; remove one")
        return found


def _ends_branch(tag: _Tag) -> bool:
    words = tag.inner.split(None, 1)
    return tag.mark in ("/", "^") or (tag.mark == "" and words[:1] == ["else"])


def _name(tag: _Tag) -> str:
    return "else" if tag.mark == "else" else (tag.inner.split() or [""])[0]


def _block_head(tag: _Tag) -> tuple[str, tuple[Expression, ...]]:
    name = (tag.inner.split() or [""])[0]
    if name not in BLOCKS:
        known = ", ".join(sorted(BLOCKS))
        _refuse(tag.line, f"{{{{#{name}}}}} is not known to SendGrid; known are {known}")
    arguments = tuple(_expressions(tag.inner[len(name) :], tag.line))
    arguments = _with_length_calls(name, arguments)
    wanted = 1 if name in ("if", "unless", "each") else 2
    too_many = len(arguments) > wanted and name not in ("and", "or")
    if len(arguments) < wanted or too_many:
        _refuse(tag.line, f"{{{{#{name}}}}} takes {wanted} value(s), not {len(arguments)}")
    return name, arguments


def _with_length_calls(name: str, arguments: tuple[Expression, ...]) -> tuple[Expression, ...]:
    """SendGrid's documentation writes `{{#greaterThan 0 length items}}`, without parentheses."""
    if name in ("if", "unless", "each", "and", "or") or len(arguments) <= 2:
        return arguments
    merged: list[Expression] = []
    for argument in arguments:
        if merged and merged[-1] == Path(("length",)):
            merged[-1] = Call("length", (argument,))
        else:
            merged.append(argument)
    return tuple(merged)


def _value(tag: _Tag) -> Expression:
    expressions = _expressions(tag.inner, tag.line)
    if not expressions:
        _refuse(tag.line, "empty braces; name a value")
    return _call_or_value(expressions, tag.line)


def _call_or_value(expressions: list[Expression], line: int) -> Expression:
    first, *rest = expressions
    if not rest:
        return first
    if not isinstance(first, Path) or first.ups or first.is_at or len(first.parts) != 1:
        _refuse(line, "only a helper takes values after its name")
    return Call(first.parts[0], tuple(rest))


def _expressions(source: str, line: int) -> list[Expression]:
    """The values of a tag; `(helper value)` nests."""
    stack: list[list[Expression]] = [[]]
    at = 0
    source = source.rstrip()
    while at < len(source):
        match = _WORD.match(source, at)
        if not match:
            _refuse(line, f"cannot read {source[at:].strip()[:40]!r}")
        at = match.end()
        _take_word(match, stack, line)
    if len(stack) > 1:
        _refuse(line, "a ( is never closed; write )")
    return stack[0]


def _take_word(match: re.Match[str], stack: list[list[Expression]], line: int) -> None:
    if match["open"]:
        stack.append([])
        if len(stack) > MAX_DEPTH:
            _refuse(line, f"parentheses are nested deeper than {MAX_DEPTH}")
    elif match["close"]:
        if len(stack) == 1 or not stack[-1]:
            _refuse(line, "a ) without a helper before it; remove it")
        inner = stack.pop()
        stack[-1].append(_call_or_value(inner, line))
    elif match["text"]:
        stack[-1].append(Literal(match["text"][1:-1]))
    else:
        stack[-1].append(_path_or_literal(match["word"], line))


def _path_or_literal(word: str, line: int) -> Expression:
    if word in _LITERALS:
        return Literal(_LITERALS[word])
    if re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", word):
        return Literal(float(word) if "." in word else int(word))
    return _path(word, line)


def _path(word: str, line: int) -> Path:
    if len(word) > MAX_NAME:
        _refuse(line, f"a name is longer than {MAX_NAME} letters")
    rest, ups = word, 0
    while rest == ".." or rest.startswith("../"):
        rest, ups = rest[3:], ups + 1
    is_at = rest.startswith("@")
    found = re.findall(r"\[([^\]]*)\]|([^./\[\]]+)", rest.removeprefix("@"))
    if re.search(r"[=|!%*+,;<>`\\^]", re.sub(r"\[[^\]]*\]", "", rest)):
        _refuse(line, f"{word!r} is not a name; put odd letters in [square brackets]")
    if any(plain.isdigit() for _, plain in found):
        _refuse(line, f"{word!r}: write a place in a list as [0], for example items.[0]")
    parts = tuple(bracketed or plain for bracketed, plain in found)
    return Path(parts[1:] if parts[:1] == ("this",) and not is_at else parts, ups, is_at)
