"""Where templates are found, and where one is put into a workflow."""

from __future__ import annotations

from django.urls import path

from waypost.web.library import views

_INTO = "workflows/<int:workflow_id>/edit/templates/"

urlpatterns = [
    path("library/", views.library, name="library"),
    path("library/<slug:key>/", views.template_page, name="template"),
    path("library/<slug:key>/<slug:name>.svg", views.preview, name="template-preview"),
    path(_INTO, views.library, name="insert-template-list"),
    path(f"{_INTO}<slug:key>/", views.template_page, name="insert-template"),
]
