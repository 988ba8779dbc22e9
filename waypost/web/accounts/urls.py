"""Where people sign in and out."""

from __future__ import annotations

from django.urls import path

from waypost.web.accounts import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("welcome/", views.welcome, name="welcome"),
    path("welcome/<str:token>/", views.welcome_link, name="welcome-link"),
]
