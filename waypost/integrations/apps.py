"""The room of calls to other systems, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Credentials are its only table."""

    name = "waypost.integrations"
    label = "integrations"
    verbose_name = "Integrations"
