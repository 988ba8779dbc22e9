"""Where the API is described."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from waypost.web.access import MemberRequest, member_page


@require_safe
@member_page
def reference(request: MemberRequest) -> HttpResponse:
    """How to sign calls, and every call there is."""
    return render(request, "reference/page.html", {"public_url": settings.PUBLIC_URL})


urlpatterns = [path("reference/", reference, name="reference")]
