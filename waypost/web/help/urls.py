"""Where explanations are found."""

from __future__ import annotations

from django.urls import path

from waypost.web.help import views

urlpatterns = [path("help/findings/", views.findings, name="help-findings")]
