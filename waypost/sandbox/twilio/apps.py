"""Twilio Verify v2's stand-in as a Django app."""

from django.apps import AppConfig


class TwilioConfig(AppConfig):
    """Verification services, their verifications and the texts they sent."""

    name = "waypost.sandbox.twilio"
    label = "sandbox_twilio"
    verbose_name = "Sandbox: Twilio Verify"

    def ready(self) -> None:
        """Let `/sandbox/messages` read the texts."""
        from waypost.sandbox.messages import register_source
        from waypost.sandbox.twilio.texts import texts_to

        register_source(texts_to)
