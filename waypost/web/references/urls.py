"""Where the editor asks for references and takes pasted requests."""

from __future__ import annotations

from django.urls import path

from waypost.web.references import pasting, views

urlpatterns = [
    path(
        "workflows/<int:workflow_id>/edit/references/<int:step_id>/",
        views.known,
        name="references",
    ),
    path(
        "workflows/<int:workflow_id>/edit/references/<int:step_id>/paste/",
        views.paste,
        name="references-paste",
    ),
    path(
        "workflows/<int:workflow_id>/edit/steps/<int:step_id>/paste/",
        pasting.paste_request,
        name="paste-request",
    ),
]
