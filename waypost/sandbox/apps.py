"""The sandbox's foundation as a Django app: accounts, clock and idempotency records."""

from django.apps import AppConfig


class SandboxConfig(AppConfig):
    """Accounts, clock and idempotency records of the sandbox."""

    name = "waypost.sandbox"
    label = "sandbox"
    verbose_name = "Sandbox"
