"""Where every page and endpoint hangs."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("waypost.web.api_guide.urls")),  # The one page below /api/, at its root.
    path("", include("waypost.api.urls")),
    path("", include("waypost.web.urls")),
]
if settings.SANDBOX:
    urlpatterns.append(path("", include("waypost.sandbox.urls")))
