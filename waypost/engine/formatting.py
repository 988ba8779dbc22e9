"""How a value is written where a reference stands (platform.md §3.3)."""

from __future__ import annotations

import html
import json
import re
from typing import Literal, TypeAlias
from urllib.parse import quote

from waypost.engine.json_value import JSON, clean_json, clean_text, text_of
from waypost.engine.references import (
    PUBLIC_URL,
    Format,
    Lookup,
    Reference,
    outside_placeholders,
    placed_references,
)

#: What kind of text a value goes into.
Style: TypeAlias = Literal["plain", "markdown", "html"]

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&=:@/^$\"'])")
_DELIMITERS = frozenset("(\"'=<")


def format_value(value: JSON, form: Format) -> str:
    """The value as text in one of the formats; json is the default and has no quotes around."""
    if form == "url":
        return percent_encoded(plain_text(value))
    if form == "html":
        return html.escape(plain_text(value))
    if form == "plain":
        return plain_text(value)
    return json.dumps(value, ensure_ascii=False)[1:-1] if isinstance(value, str) else text_of(value)


def unescaped_value(value: JSON, form: Format) -> str:
    """The value as text for a place that does the escaping itself, once, whatever the format: a
    list keeps its JSON or plain form, html is kept, json and url escaping of a text is left out.
    """
    if form == "html":
        return html.escape(plain_text(value))
    if form in ("plain", "url"):
        return plain_text(value)
    return text_of(value)


def plain_text(value: JSON) -> str:
    """The value for people: lists with commas, everything else as it is."""
    if isinstance(value, list):
        return ", ".join(text_of(one) for one in value)
    return text_of(value)


def percent_encoded(text: str) -> str:
    """The text percent-encoded for any part of a URL or form, link placeholders left whole."""
    return outside_placeholders(text, lambda part: quote(part, safe=""))


def read(reference: Reference, lookup: Lookup) -> JSON:
    """The value of the reference without anything that could pose as ours or break a store."""
    value = lookup.value(reference)
    # Our own links are the only values that bring placeholders.
    return value if is_link(reference, lookup) else clean_json(value)


def is_link(reference: Reference, lookup: Lookup) -> bool:
    """Whether the reference is a step's public link and not a field that took its name."""
    step = lookup.workflow.step_by_key.get(reference.step)
    return reference.name == PUBLIC_URL and step is not None and step.field(PUBLIC_URL) is None


def render_text(text: str, lookup: Lookup, style: Style = "plain") -> str:
    """A text for people (instruction, name, prefill) with its values in.

    A reference without a format is plain here. In Markdown and HTML a value is escaped, so that it
    can never bring markup; a public link in Markdown becomes one to click. Links still hold
    placeholders: `fill_links` must run before the Markdown does.
    """
    done: list[str] = []
    place = 0
    for placed in placed_references(text):
        done.append(text[place : placed.start])
        before = text[placed.start - 1 : placed.start]
        done.append(_for_people(placed.reference, lookup, style, before))
        place = placed.end
    return "".join(done) + text[place:]


def _for_people(reference: Reference, lookup: Lookup, style: Style, before: str) -> str:
    value = format_value(read(reference, lookup), reference.format or "plain")
    if style == "html":
        return value if reference.format == "html" else html.escape(value)
    if style == "plain":
        return value
    if is_link(reference, lookup):
        return value if before in _DELIMITERS else f"<{value}>"
    escaped = _MARKDOWN.sub(r"\\\1", clean_text(value))
    # A backslash at the end of a line is a line break in Markdown; it keeps the paragraph whole.
    return "\\\n".join(line.strip() for line in escaped.splitlines())
