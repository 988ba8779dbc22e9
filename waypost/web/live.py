"""Parts of pages that are asked for again and again: a fragment with an ETag, or 304."""

from __future__ import annotations

import hashlib
import re

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def live_part(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """The fragment, unless the browser has it already. The token in its forms does not count."""
    html = render_to_string(template, context, request)
    etag = etag_of(_CSRF.sub("", html))
    return not_modified(request, etag) or HttpResponse(html, headers={"ETag": etag})


def reload_unless(request: HttpRequest, shown: str) -> HttpResponse:
    """304 while the page shows this state; else the page reloads itself."""
    etag = etag_of(shown)
    return not_modified(request, etag) or HttpResponse(headers={"ETag": etag, "X-Reload": "1"})


def etag_of(shown: str) -> str:
    """The ETag of what is shown."""
    return f'"{hashlib.sha256(shown.encode()).hexdigest()[:32]}"'


def not_modified(request: HttpRequest, etag: str) -> HttpResponse | None:
    """A 304 when the browser named this ETag."""
    is_known = request.headers.get("If-None-Match") == etag
    return HttpResponse(status=304, headers={"ETag": etag}) if is_known else None
