"""What was understood of a pasted request; a part that was not there is empty."""

from __future__ import annotations

import re
from dataclasses import dataclass

from waypost.engine.checks.requests import is_secret_header
from waypost.engine.references import parse
from waypost.engine.step import Variable
from waypost.engine.step_types.http_request import METHODS, Header, Method

_PLACEHOLDER = re.compile(r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Za-z0-9_])")
_HEADER = re.compile(r"`?(?P<name>[A-Za-z][A-Za-z0-9-]*)\s*:(?!//)(?P<value>.*)")


@dataclass(frozen=True, slots=True)
class PastedRequest:
    """A request as pasted. `unread` are the lines that say nothing about it."""

    method: Method | None = None
    url: str = ""
    headers: tuple[Header, ...] = ()
    body: str = ""
    variables: tuple[Variable, ...] = ()
    skips_on_failure: bool = False
    is_non_blocking: bool = False
    unread: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was understood."""
        parts = (self.method, self.url, self.headers, self.body, self.variables)
        return not any((*parts, self.skips_on_failure, self.is_non_blocking))

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Names in capitals that stand for something of the reader's own, each once."""
        texts = (self.url, *(one.value for one in self.headers), self.body)
        return tuple(dict.fromkeys(name for text in texts for name in placeholders_in(text)))


def placeholders_in(text: str) -> list[str]:
    """Names such as TWILIO_VERIFY_SERVICE_SID outside references."""
    plain = (part for part in parse(text) if isinstance(part, str))
    return [found for part in plain for found in _PLACEHOLDER.findall(part)]


def is_placeholder_secret(header: Header) -> bool:
    """Whether the header only says where a secret goes: there is nothing in it to store."""
    return is_secret_header(header.name, header.value) and bool(placeholders_in(header.value))


def method_named(word: str) -> Method | None:
    """The method of this name."""
    return next((one for one in METHODS if one == word.strip().upper()), None)


def header_in(line: str) -> Header | None:
    """The header that a line `Name: value` says, backticks of Markdown around either left out."""
    found = _HEADER.fullmatch(line.strip())
    if found is None:
        return None
    return Header(name=found["name"], value=found["value"].strip().strip("`").strip())
