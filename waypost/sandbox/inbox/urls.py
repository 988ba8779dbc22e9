"""`/sandbox/inbox/`: the page, the panes for `/demo`, the live parts; and delivery of events."""

from __future__ import annotations

from django.urls import path

from waypost.sandbox.inbox import views
from waypost.sandbox.sendgrid.webhooks import deliver_view

urlpatterns = [
    path("inbox/", views.page, name="sandbox-inbox"),
    path("inbox/phone", views.phone_pane, name="sandbox-inbox-phone"),
    path("inbox/mail", views.mail_pane, name="sandbox-inbox-mail"),
    path("inbox/mail/<str:key>", views.preview),
    path("inbox/live/phone", views.live_phone),
    path("inbox/live/list", views.live_list),
    path("inbox/live/letter", views.live_letter),
    path("inbox/live/trouble", views.live_trouble),
    path("inbox/clock", views.move_clock),
    path("events/deliver", deliver_view),
]
