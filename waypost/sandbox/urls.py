"""`/v2` speaks Twilio Verify, `/v3` SendGrid; `/sandbox` shows and controls what they did."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from waypost.sandbox import control
from waypost.sandbox.twilio.switches import switches_view

urlpatterns: list[URLPattern | URLResolver] = [
    path("sandbox/clock", control.clock_view, name="sandbox-clock"),
    path("sandbox/messages", control.messages_view, name="sandbox-messages"),
    path("sandbox/services/<str:service_sid>", switches_view, name="sandbox-switches"),
]
for prefix, module in (
    ("v2/", "waypost.sandbox.twilio.urls"),
    ("v3/", "waypost.sandbox.sendgrid.urls"),
    ("sandbox/", "waypost.sandbox.inbox.urls"),
):
    if find_spec(module.rpartition(".")[0]) and find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
