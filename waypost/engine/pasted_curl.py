"""A curl command, as documentation prints it and browsers copy it."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from waypost.engine.pasted_request import PastedRequest, header_in, method_named
from waypost.engine.step_types.http_request import Header

_FORM = Header(name="Content-Type", value="application/x-www-form-urlencoded")
_JSON = Header(name="Content-Type", value="application/json")
#: Options with a value, by their short name.
_LONG = {
    "X": "request",
    "H": "header",
    "d": "data",
    "u": "user",
    "A": "user-agent",
    "e": "referer",
    "b": "cookie",
    "F": "form",
    "o": "output",
    "m": "max-time",
}
_DATA = frozenset({"data", "data-raw", "data-binary", "data-ascii", "data-urlencode", "json"})
_HEADER_OF = {"user-agent": "User-Agent", "referer": "Referer", "cookie": "Cookie"}
_PASSED = frozenset({"output", "max-time", "connect-timeout", "retry", "write-out"})
_VALUED = _DATA | _PASSED | _HEADER_OF.keys() | {"request", "url", "header", "user", "form"}


@dataclass(slots=True)
class _Command:
    """What the options have said so far."""

    method: str = ""
    url: str = ""
    headers: list[Header] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    is_json: bool = False
    is_query: bool = False
    unread: list[str] = field(default_factory=list)


def read_curl(text: str) -> PastedRequest | None:
    """The request that the command sends; None when the text is no such command."""
    words = _words(text)
    if not words or words[0] not in ("curl", "curl.exe"):
        return None
    command = _Command()
    for name, value in _options(iter(words[1:])):
        _take(command, name, value)
    return _request(command)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text.strip().removeprefix("$ ").replace("\\\n", " "))
    except ValueError:
        return []


def _options(words: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Each option by its long name with its value; the address as `url`, flags without a value."""
    for word in words:
        if word.startswith("--"):
            name, is_joined, value = word[2:].partition("=")
            needs_value = name in _VALUED and not is_joined
            yield name, next(words, "") if needs_value else value
        elif word.startswith("-") and len(word) > 1:
            yield from _short(word[1:], words)
        else:
            yield "url", word


def _short(letters: str, words: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Flags may be joined (`-sS`), and a value may stand right behind (`-XPOST`)."""
    for place, letter in enumerate(letters):
        if letter in _LONG:
            yield _LONG[letter], letters[place + 1 :] or next(words, "")
            return
        yield {"G": "get", "I": "head"}.get(letter, ""), ""


def _take(command: _Command, name: str, value: str) -> None:
    if name == "request":
        command.method = value
    elif name == "url":
        command.url = value
    elif name == "header":
        header = header_in(value)
        command.headers += [header] if header else []
    elif name == "user":
        secret = base64.b64encode(value.encode()).decode()
        command.headers.append(Header(name="Authorization", value=f"Basic {secret}"))
    elif name in _HEADER_OF:
        command.headers.append(Header(name=_HEADER_OF[name], value=value))
    elif name in _DATA and not value.startswith("@"):
        command.data.append(value)
        command.is_json = command.is_json or name == "json"
    else:
        _take_rest(command, name, value)


def _take_rest(command: _Command, name: str, value: str) -> None:
    command.is_query = command.is_query or name == "get"
    if name == "head":
        command.method = "HEAD"
    elif name == "form" or name in _DATA:
        command.unread.append(f"--{name} {value}")


def _request(command: _Command) -> PastedRequest:
    body = "&".join(command.data)
    if command.is_query and body:
        joint = "&" if "?" in command.url else "?"
        return replace(_bare(command, "GET"), url=f"{command.url}{joint}{body}")
    if not body:
        return _bare(command, "GET")
    has_type = any(one.name.lower() == "content-type" for one in command.headers)
    added = () if has_type else ((_JSON,) if command.is_json else (_FORM,))
    bare = _bare(command, "POST")
    return replace(bare, headers=(*bare.headers, *added), body=body)


def _bare(command: _Command, method: str) -> PastedRequest:
    return PastedRequest(
        method=method_named(command.method or method),
        url=command.url,
        headers=tuple(command.headers),
        unread=tuple(command.unread),
    )
