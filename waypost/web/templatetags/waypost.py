"""Icons, moments and Markdown for templates."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from waypost.web.markdown import as_html

register = template.Library()
register.filter("markdown", as_html)

SPRITE = "vendor/icons/sprite.svg"


@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """A decorative icon; the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        extra_class,
        static(SPRITE),
        name,
    )


@register.simple_tag
def moment(when: datetime | None) -> SafeString | str:
    """A moment, short; the exact time on hover. In the browser it becomes the reader's own zone."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    return format_html(
        '<local-time><time datetime="{}" title="{}">{}</time></local-time>',
        when.isoformat(timespec="seconds"),
        local.strftime("%A, %-d %B %Y, %H:%M:%S %Z"),
        local.strftime("%-d %b, %H:%M"),
    )
