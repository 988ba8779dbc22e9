"""The demo, where the sandbox is on."""

from __future__ import annotations

from django.urls import path

from waypost.web.demo import views

urlpatterns = [
    path("demo/", views.demo, name="demo"),
    path("demo/start/", views.start, name="demo-start"),
    path("demo/again/", views.again, name="demo-again"),
    path("demo/live", views.live, name="demo-live"),
    path("demo/waiting", views.waiting, name="demo-waiting"),
    path(
        "demo/instances/<int:instance_id>/steps/<int:step_id>/complete/",
        views.complete,
        name="demo-complete",
    ),
]
