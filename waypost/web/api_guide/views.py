"""The page, for members and for everybody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waypost.web.api_guide.document import read_guide


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """What every endpoint takes and answers."""
    is_member = request.user.is_authenticated
    context = {
        "guide": read_guide(),
        "frame": "base.html" if is_member else "api_guide/open.html",
    }
    return render(request, "api_guide/page.html", context)
