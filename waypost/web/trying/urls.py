"""Where integrations are tested."""

from __future__ import annotations

from django.urls import path

from waypost.web.trying import views

_STEP = "workflows/<int:workflow_id>/edit/steps/<int:step_id>/test/"

urlpatterns = [
    path(_STEP, views.trial_page, name="step-test"),
    path(f"{_STEP}variables/", views.add_variable, name="step-test-variable"),
]
