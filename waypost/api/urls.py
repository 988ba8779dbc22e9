"""Hangs the API under /api/."""

from __future__ import annotations

from django.urls import path

from waypost.api.router import api

urlpatterns = [path("api/", api.urls)]
