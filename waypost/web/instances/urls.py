"""Where runs are listed, shown and acted upon."""

from __future__ import annotations

from django.urls import path

from waypost.web.instances import acts, views

urlpatterns = [
    path("instances/", views.instance_list, name="instance-list"),
    path("instances/<int:instance_id>/", views.instance_page, name="instance"),
    path("instances/<int:instance_id>/live", views.instance_live, name="instance-live"),
    path("instances/<int:instance_id>/stop/", acts.stop, name="instance-stop"),
    path(
        "instances/<int:instance_id>/steps/<int:step_id>/complete/",
        acts.complete,
        name="step-complete",
    ),
    path("instances/<int:instance_id>/steps/<int:step_id>/skip/", acts.skip, name="step-skip"),
    path(
        "instances/<int:instance_id>/steps/<int:step_id>/restart/",
        acts.restart,
        name="step-restart",
    ),
]
