"""The ways in which credentials travel."""

from __future__ import annotations

from django.db.models import TextChoices


class Kind(TextChoices):
    """How a credential travels in a request."""

    BASIC = "basic", "Basic: user and password"
    BEARER = "bearer", "Bearer: token"
    API_KEY = "api_key", "API key: prefix and token"
    HEADER = "header", "Header: name and value"
