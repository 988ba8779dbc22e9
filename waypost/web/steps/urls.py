"""Public links. Their tokens are secrets."""

from __future__ import annotations

from django.urls import path

from waypost.web.steps import views

urlpatterns = [
    path("s/<str:token>", views.step_page, name="public-step"),
    path("s/<str:token>/live", views.step_live, name="public-step-live"),
]
