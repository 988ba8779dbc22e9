"""Markdown of builders as HTML that is safe to show to anybody."""

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table"])
_TAGS = {
    *("a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre"),
    *("strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}


def as_html(text: str) -> SafeString:
    """The text with its paragraphs, emphasis, lists and links; HTML in it is shown as typed."""
    cleaned = nh3.clean(
        _MARKDOWN.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
    )
    # Safe: nh3 has left nothing but the tags above and links of harmless schemes.
    return mark_safe(cleaned)  # noqa: S308
