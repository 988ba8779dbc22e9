"""A request as guides print it: lines that begin with Method, URL, Headers and Body, code blocks,
tables of variables. With the marks of Markdown or copied from the page as shown.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field

from waypost.engine.labels import unescape_jsonpath
from waypost.engine.pasted_request import PastedRequest, header_in, method_named
from waypost.engine.step import Variable
from waypost.engine.step_types.http_request import METHODS, Header, Method

_MARK = re.compile(r"^(?:[-*+•]|\d+\.)\s+")
_METHOD = re.compile(r"method\s*:+\s*`?(?P<rest>[A-Za-z]+)`?", re.IGNORECASE)
_REQUEST_LINE = re.compile(
    rf"(?P<method>{'|'.join(METHODS)})\s+(?P<url>(?:https?:/)?/\S.*?)(?:\s+HTTP/[\d.]+)?"
)
_URL = re.compile(r"url\s*:+\s*(?P<rest>.*)", re.IGNORECASE)
_HEADERS = re.compile(r"headers?\s*:+\s*(?P<rest>.*)", re.IGNORECASE)
_BODY = re.compile(r"body\b(?:[^:{\[]*:+)?(?P<rest>.*)", re.IGNORECASE)
_SKIP = re.compile(r"skip this step on failure", re.IGNORECASE)
_NON_BLOCKING = re.compile(r"make (?:the step )?non-blocking", re.IGNORECASE)
_SENTENCE = re.compile(
    r"`?(?P<name>[A-Za-z_]\w*)`? variable with the value of `?(?P<path>\\?\$[^\s`,]*[^\s`,.])`?"
)
_ROW = re.compile(
    r"\|?\s*`?(?P<name>[A-Za-z_](?:\w|\\_)*)`?\s*[|\t=: ]\s*`?(?P<path>\\?\$\S*?)`?\s*\|?"
)
_TABLE_FRAME = re.compile(
    r"\|?[\s|:-]+\|?|\|?\s*(?:name|key|header)\s*[|\t ]\s*value\s*\|?", re.IGNORECASE
)
_CELLS = re.compile(r"\|\s*`?(?P<name>[\w-]+)`?\s*\|\s*`?(?P<value>[^|]+?)`?\s*\|")
_LANGUAGE = re.compile(r"json|copy|text|http", re.IGNORECASE)
#: Names without a hyphen that are headers all the same, not words before a colon.
_SHORT_HEADERS = frozenset(
    ("accept", "authorization", "connection", "cookie", "host", "origin", "pragma", "referer")
)


@dataclass(slots=True)
class _Read:
    """What the lines have said so far."""

    method: Method | None = None
    url: str = ""
    headers: list[Header] = field(default_factory=list)
    body: str = ""
    variables: list[Variable] = field(default_factory=list)
    skips_on_failure: bool = False
    is_non_blocking: bool = False
    unread: list[str] = field(default_factory=list)


def read_guide(text: str) -> PastedRequest:
    """The first request that the lines describe; another one behind it stays unread."""
    reader = _Reader(text.splitlines())
    while reader.lines:
        reader.take()
    read = reader.read
    return PastedRequest(
        method=read.method,
        url=_with_host(read),
        headers=tuple(read.headers),
        body=read.body,
        variables=tuple(read.variables),
        skips_on_failure=read.skips_on_failure,
        is_non_blocking=read.is_non_blocking,
        unread=tuple(read.unread),
    )


class _Reader:
    """Reads line after line; a body takes as many as belong to it."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.read = _Read()
        self.has_only_headers = all(header_in(one) for one in lines if one.strip())

    def take(self) -> None:
        """Read the next line, and those that belong to it."""
        line = self.lines.pop(0)
        plain = _MARK.sub("", line.strip()).replace("**", "").strip()
        if plain.startswith("```"):
            self.read.body = self.read.body or self.fenced(len(line) - len(line.lstrip()))
        elif plain and not (self.take_variables(plain) or self.take_part(plain)):
            self.take_unread(plain)

    def take_part(self, plain: str) -> bool:
        """Whether the line begins a part of the request."""
        if found := _METHOD.fullmatch(plain) or _REQUEST_LINE.fullmatch(plain):
            self.take_method(found)
        elif found := _URL.fullmatch(plain):
            self.read.url = self.read.url or _bare(found["rest"])
        elif _SKIP.search(plain):
            self.read.skips_on_failure = True
        elif _NON_BLOCKING.search(plain):
            self.read.is_non_blocking = True
        elif (found := _HEADERS.fullmatch(plain)) and self.take_header(found["rest"]):
            return True
        elif found := _BODY.fullmatch(plain):
            self.read.body = self.read.body or self.body(found["rest"].strip())
        else:
            cells = _CELLS.fullmatch(plain)
            header = f"{cells['name']}: {cells['value']}" if cells else plain
            return self.take_header(header, is_named=False)
        return True

    def take_method(self, found: re.Match[str]) -> None:
        """The method, with the URL where it stands beside; a second one begins a second request."""
        parts = found.groupdict()
        if self.read.method is not None:
            self.read.unread += [found[0], *(one for one in self.lines if one.strip())]
            self.lines.clear()
            return
        self.read.method = method_named(parts.get("rest") or parts["method"])
        self.read.url = self.read.url or _bare(parts.get("url") or "")

    def take_header(self, text: str, is_named: bool = True) -> bool:
        """Whether the text is a header, or, behind the word, nothing (they stand below)."""
        header = header_in(text)
        if header is None:
            return is_named and not text.strip()
        name = header.name.lower()
        is_one = is_named or self.has_only_headers or "-" in name or name in _SHORT_HEADERS
        if is_one:
            self.read.headers.append(header)
        return is_one

    def take_variables(self, plain: str) -> bool:
        """Whether the line says what variables there are, as a row or as a sentence."""
        row = _ROW.fullmatch(plain)
        found = [row] if row else list(_SENTENCE.finditer(plain))
        self.read.variables += [
            Variable(name=one["name"].replace("\\_", "_"), path=unescape_jsonpath(one["path"]))
            for one in found
        ]
        return bool(found) or _TABLE_FRAME.fullmatch(plain) is not None

    def take_unread(self, plain: str) -> None:
        """A line that says nothing about a request."""
        self.read.unread.append(plain)

    def fenced(self, indent: int) -> str:
        """The lines up to the end of the code block."""
        taken: list[str] = []
        while self.lines and not self.lines[0].strip().startswith("```"):
            taken.append(self.lines.pop(0))
        del self.lines[:1]
        kept = [one[min(indent, len(one) - len(one.lstrip())) :] for one in taken]
        return textwrap.dedent("\n".join(kept)).strip("\n")

    def body(self, rest: str) -> str:
        """The body behind its word: a code block, balanced brackets, or the lines below."""
        while not rest and self.lines and _is_frame(self.lines[0]):
            self.lines.pop(0)
        if not rest and self.lines and self.lines[0].strip().startswith("```"):
            first = self.lines.pop(0)
            return self.fenced(len(first) - len(first.lstrip()))
        taken = [rest] if rest and not _is_prose(rest) else []
        if not taken and self.lines:
            taken.append(self.lines.pop(0))
        still_open = _opened("\n".join(taken)) if _is_json("\n".join(taken)) else 0
        while self.lines and still_open > 0:
            taken.append(self.lines.pop(0))
            still_open += _opened(taken[-1])
        return textwrap.dedent("\n".join(taken)).strip("\n")


def _with_host(read: _Read) -> str:
    """The URL; a path alone, as it is sent, takes the host from its header."""
    host = next((one.value for one in read.headers if one.name.lower() == "host"), "")
    return f"https://{host}{read.url}" if host and read.url.startswith("/") else read.url


def _bare(text: str) -> str:
    return text.strip().strip("`").strip().replace("\\_", "_")


def _is_frame(line: str) -> bool:
    return not line.strip() or _LANGUAGE.fullmatch(line.strip()) is not None


def _is_prose(text: str) -> bool:
    """Whether words stand behind the colon and not the body itself."""
    return " " in text and text[0] not in "{[" and "=" not in text


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def _opened(text: str) -> int:
    """How many brackets the text opens more than it closes."""
    return sum(map(text.count, "{[")) - sum(map(text.count, "}]"))
