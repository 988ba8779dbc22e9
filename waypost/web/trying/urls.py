"""Where integrations are tested, and whole workflows played through."""

from __future__ import annotations

from django.urls import path

from waypost.web.trying import dry_run_views, views

_STEP = "workflows/<int:workflow_id>/edit/steps/<int:step_id>/test/"
_RUN = "workflows/<int:workflow_id>/edit/dry-run/"

urlpatterns = [
    path(_STEP, views.trial_page, name="step-test"),
    path(f"{_STEP}variables/", views.add_variable, name="step-test-variable"),
    path(_RUN, dry_run_views.dry_run_page, name="dry-run"),
    path(f"{_RUN}start/", dry_run_views.start, name="dry-run-start"),
    path(f"{_RUN}advance/", dry_run_views.advance, name="dry-run-advance"),
    path(f"{_RUN}save/", dry_run_views.save, name="dry-run-save"),
    path(f"{_RUN}saved/<slug:verb>/", dry_run_views.of_saved, name="dry-run-of-saved"),
    path(
        f"{_RUN}runs/<int:run_id>/steps/<int:step_id>/<slug:verb>/",
        dry_run_views.act,
        name="dry-run-act",
    ),
    path(f"{_RUN}<slug:verb>/", dry_run_views.change, name="dry-run-change"),
]
