"""The page at the root of the API."""

from __future__ import annotations

from django.urls import path

from waypost.web.api_guide import views

urlpatterns = [path("api/", views.guide, name="api-guide")]
