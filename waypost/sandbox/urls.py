"""`/v2` speaks Twilio Verify, `/v3` SendGrid; `/sandbox` shows and controls what they did."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from waypost.sandbox import control
from waypost.sandbox.twilio.switches import switches_view

urlpatterns: list[URLPattern | URLResolver] = [
    path("v2/", include("waypost.sandbox.twilio.urls")),
    path("v3/", include("waypost.sandbox.sendgrid.urls")),
    path("sandbox/clock", control.clock_view, name="sandbox-clock"),
    path("sandbox/messages", control.messages_view, name="sandbox-messages"),
    path("sandbox/services/<str:service_sid>", switches_view, name="sandbox-switches"),
    path("sandbox/", include("waypost.sandbox.inbox.urls")),
]
