"""The home page."""

from __future__ import annotations

from django.urls import path

from waypost.web.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("home/live", views.home_live, name="home-live"),
]
