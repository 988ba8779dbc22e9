"""Where workflows are edited."""

from __future__ import annotations

from django.urls import path

from waypost.web.editor import dialogs, presence, publishing, views

_EDIT = "workflows/<int:workflow_id>/edit/"
_STEP = f"{_EDIT}steps/<int:step_id>/"

urlpatterns = [
    path("workflows/new/", views.new, name="workflow-new"),
    path(_EDIT, views.overview, name="editor"),
    path(_STEP, views.step, name="editor-step"),
    path(f"{_EDIT}change/", views.change, name="editor-change"),
    path(f"{_EDIT}add/", dialogs.add, name="editor-add"),
    path(f"{_EDIT}publish/", publishing.publish, name="editor-publish"),
    path(f"{_EDIT}presence/", presence.presence, name="editor-presence"),
    path(f"{_STEP}conditions/", dialogs.conditions, name="editor-conditions"),
    path(f"{_STEP}schedule/", dialogs.moment, {"which": "schedule"}, name="editor-schedule"),
    path(f"{_STEP}deadline/", dialogs.moment, {"which": "deadline"}, name="editor-deadline"),
    path(f"{_STEP}place/", dialogs.place, name="editor-place"),
    path(f"{_STEP}credential/", dialogs.credential, name="editor-credential"),
]
