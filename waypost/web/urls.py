"""Every page, area by area."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

AREAS = (
    "accounts",
    "editor",
    "help",
    "home",
    "instances",
    "library",
    "references",
    "steps",
    "trying",
    "workflows",
)

urlpatterns = [path("", include(f"waypost.web.{area}.urls")) for area in AREAS]
if settings.SANDBOX:
    urlpatterns.append(path("", include("waypost.web.demo.urls")))
