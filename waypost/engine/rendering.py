"""The request of an integration step with the values of its instance in, ready to be stored.

Secrets of stored credentials and tokens of public links are not in it yet; `perform.py` puts them
in when it sends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from waypost.engine.errors import Refusal
from waypost.engine.formatting import format_value, percent_encoded, read, unescaped_value
from waypost.engine.jsonbody import normalise
from waypost.engine.references import Lookup, Reference, parse, placed_references
from waypost.engine.step_types.http_request import HttpRequest

FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"

_ORIGIN = re.compile(r"https?://[^/?#\\\s]+", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class RenderedRequest:
    """What is sent, the same bytes at every attempt; no body is the empty text."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str


def render_request(step: HttpRequest, lookup: Lookup) -> RenderedRequest | Refusal:
    """The step's request with the values of now, or why it cannot be sent."""
    url = render_url(step.url, lookup)
    if isinstance(url, Refusal):
        return url
    headers = _headers(step, lookup)
    if isinstance(headers, Refusal):
        return headers
    body = _body(step.body, content_type(step), lookup)
    if isinstance(body, Refusal):
        return body
    if body and not _has_content_type(step):
        headers = (*headers, ("Content-Type", JSON_TYPE))
    return RenderedRequest(step.method, url, headers, body)


def request_fault(step: HttpRequest) -> Refusal | None:
    """What is wrong with the request whatever values come; for the check and for saving."""
    fault = _url_fault(step.url.strip()) or _header_fault(step)
    if fault is None and step.body.strip() and is_json(content_type(step)):
        body = normalise(step.body)
        return body if isinstance(body, Refusal) else None
    return fault


def content_type(step: HttpRequest) -> str:
    """The media type of the body, lower case and without parameters; JSON when no header says."""
    written = (one.value for one in step.headers if _is_content_type(one.name))
    return next(written, JSON_TYPE).partition(";")[0].strip().lower()


def render_url(template: str, lookup: Lookup) -> str | Refusal:
    """The URL with each value percent-encoded once; scheme, host and port take none.

    A value may fill a part of the path but not make it vanish, nor climb with `..`: either would
    call something else than the builder meant.
    """
    text = _CONTROL.sub("", template).strip()
    fault = _url_fault(text)
    if fault is not None:
        return fault
    address, mark, rest = _split_query(text)
    segments: list[str] = []
    for segment in address.split("/"):
        rendered = _encoded(segment, lookup)
        if placed_references(segment) and rendered in ("", ".", ".."):
            return Refusal("invalid_url", _EMPTY_SEGMENT.format(segment=segment))
        segments.append(rendered)
    return ("/".join(segments) + mark + _encoded(rest, lookup)).replace(" ", "%20")


_EMPTY_SEGMENT = (
    "{segment} in the path of the URL is empty or dots, so the request would go somewhere else. "
    "See that the step it comes from has filled it, then restart this step."
)


def _split_query(url: str) -> tuple[str, str, str]:
    """The URL before its query or fragment, the mark between, and the rest."""
    found = re.search(r"[?#]", url)
    if found is None:
        return url, "", ""
    return url[: found.start()], found[0], url[found.end() :]


def _url_fault(url: str) -> Refusal | None:
    origin = _ORIGIN.match(url)
    first = next((one.start for one in placed_references(url)), len(url))
    if origin is not None and (origin.end() < first or first == len(url)):
        return None
    if first < len(url):
        return Refusal(
            "invalid_url",
            "References may not stand in the scheme, host or port of a URL. "
            "Write https://host/ out and put references behind it.",
        )
    return Refusal("invalid_url", f"{url!r} is no URL. Write one that starts with https://host/.")


def _encoded(text: str, lookup: Lookup) -> str:
    return "".join(
        part if isinstance(part, str) else _encoded_value(part, lookup) for part in parse(text)
    )


def _encoded_value(reference: Reference, lookup: Lookup) -> str:
    return percent_encoded(unescaped_value(read(reference, lookup), reference.format))


def _headers(step: HttpRequest, lookup: Lookup) -> tuple[tuple[str, str], ...] | Refusal:
    fault = _header_fault(step)
    if fault is not None:
        return fault
    return tuple((one.name.strip(), _header_value(one.value, lookup)) for one in step.headers)


def _header_fault(step: HttpRequest) -> Refusal | None:
    for header in step.headers:
        if not _HEADER_NAME.fullmatch(header.name.strip()):
            return Refusal(
                "invalid_header",
                f"{header.name!r} is no name of a header. Write only the name, such as "
                "Content-Type, and its value in the other box.",
            )
    return None


def _header_value(template: str, lookup: Lookup) -> str:
    parts = (
        part if isinstance(part, str) else unescaped_value(read(part, lookup), part.format)
        for part in parse(template)
    )
    # A line break would start a header of the value's own.
    return _CONTROL.sub("", "".join(parts)).strip()


def _has_content_type(step: HttpRequest) -> bool:
    return any(_is_content_type(one.name) for one in step.headers)


def _is_content_type(name: str) -> bool:
    return name.strip().lower() == "content-type"


def is_json(media_type: str) -> bool:
    """Whether a body of this media type is JSON."""
    return media_type == JSON_TYPE or media_type.endswith("+json")


def _body(template: str, media_type: str, lookup: Lookup) -> str | Refusal:
    if not template.strip():
        return ""
    if is_json(media_type):
        body = normalise(template)
        return body if isinstance(body, Refusal) else body.render(lookup)
    if media_type == FORM_TYPE:
        # Line breaks around a pasted body are the clipboard's, not the form's.
        return _encoded(template.strip("\r\n"), lookup)
    return "".join(
        part if isinstance(part, str) else format_value(read(part, lookup), part.format)
        for part in parse(template)
    )
