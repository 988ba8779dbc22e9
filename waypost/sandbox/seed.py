"""An account and a service with given secrets, for the example workspace; may run again."""

from __future__ import annotations

from django.db import transaction

from waypost.sandbox.clock import now
from waypost.sandbox.keys import sha256_hex
from waypost.sandbox.models import Account, ApiKey
from waypost.sandbox.twilio.models import Service

SERVICE_NAME = "Waypost"


@transaction.atomic
def seed_sandbox(
    account_sid: str, auth_token: str, service_sid: str, sendgrid_key: str, twilio_key: str = ""
) -> None:
    """Make the account (`AC…`), its Verify service (`VA…`) and its SendGrid key, or renew secrets.

    `twilio_key` is a further Twilio API key as `SK…:secret`.
    """
    account, _ = Account.objects.update_or_create(
        sid=account_sid, defaults={"auth_token_sha256": sha256_hex(auth_token)}
    )
    add_key(account, f"SG{sha256_hex(sendgrid_key)[:32]}", sendgrid_key)
    if twilio_key:
        add_key(account, *twilio_key.split(":", 1))
    moment = now()
    Service.objects.get_or_create(
        sid=service_sid,
        defaults={
            "account_sid": account_sid,
            "friendly_name": SERVICE_NAME,
            "date_created": moment,
            "date_updated": moment,
        },
    )


def add_key(account: Account, sid: str, secret: str) -> None:
    """Let `sid` with `secret` act for the account."""
    ApiKey.objects.update_or_create(
        sid=sid, defaults={"account": account, "secret_sha256": sha256_hex(secret)}
    )
