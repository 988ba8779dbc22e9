"""SendGrid v3's stand-in as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class SendGridConfig(AppConfig):
    """Mails, the templates they are made from and the webhooks that hear of them."""

    name = "waypost.sandbox.sendgrid"
    label = "sandbox_sendgrid"
    verbose_name = "Sandbox: SendGrid"

    def ready(self) -> None:
        """Let `/sandbox/messages` read the mails, and give every new account its template."""
        from waypost.sandbox.messages import register_source
        from waypost.sandbox.models import Account
        from waypost.sandbox.sendgrid.mailbox import mails_as_messages
        from waypost.sandbox.sendgrid.seed import on_account_saved

        register_source(mails_as_messages)
        post_save.connect(on_account_saved, sender=Account, dispatch_uid="sandbox_sendgrid")
