"""Icons, moments, Markdown and diagrams for templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from waypost.engine.definition import Workflow
from waypost.engine.instance import Status
from waypost.web.markdown import as_html
from waypost.workflows.diagram import diagram_svg

register = template.Library()
register.filter("markdown", as_html)

SPRITE = "vendor/icons/sprite.svg"


# A page of the editor draws hundreds of them.
@register.simple_tag
@lru_cache(maxsize=512)
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


@register.simple_tag
def diagram(
    workflow: Workflow, steps_url: str = "", states: Mapping[str, Status] | None = None
) -> SafeString:
    """The workflow as a picture; its steps lead to `<steps_url><step id>/`."""
    link_of = (lambda step: f"{steps_url}{step.id}/") if steps_url else None
    # Every text in it was escaped when it was written.
    return mark_safe(diagram_svg(workflow, link_of, states))  # noqa: S308
