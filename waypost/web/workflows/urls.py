"""Where workflows are listed, shown and started."""

from __future__ import annotations

from django.urls import path

from waypost.web.workflows import views

urlpatterns = [
    path("workflows/", views.workflow_list, name="workflow-list"),
    path("workflows/<int:workflow_id>/", views.workflow_page, name="workflow"),
    path("workflows/<int:workflow_id>/start/", views.start, name="workflow-start"),
]
