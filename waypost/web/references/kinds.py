"""The kinds of text boxes, and the formats that make a difference in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from waypost.engine.references import Format


@dataclass(frozen=True, slots=True)
class FormatChoice:
    """A format as it is offered, and what it does."""

    value: Format
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class BoxKind:
    """What a kind of box offers; `usual` is what a reference without a format means there."""

    formats: tuple[Format, ...]
    usual: Format
    note: str = ""


FORMAT_CHOICES: Final = (
    FormatChoice("plain", "Plain", "As people read it: line breaks stay, lists get commas."),
    FormatChoice(
        "json", "JSON", "As in a JSON text: quotes and line breaks escaped, lists as lists."
    ),
    FormatChoice("url", "URL", "Percent-encoded, to be part of a link."),
    FormatChoice("html", "HTML", "Escaped for HTML, as in the content of a mail."),
)
#: By the kinds of settings that hold references (`engine.setting`).
BOX_KINDS: Final = {
    "body": BoxKind(("json", "plain", "url", "html"), "json"),
    "url": BoxKind(("plain", "json"), "json", "In a URL every value is percent-encoded by itself."),
    "reference_line": BoxKind(("plain", "json"), "plain"),
    "markdown": BoxKind(("plain", "json"), "plain"),
}
