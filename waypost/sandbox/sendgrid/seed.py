"""The template every account starts with: the one named by the verification workflows."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from waypost.sandbox.clock import now
from waypost.sandbox.models import Account
from waypost.sandbox.sendgrid.models import Template, Version

SEED_TEMPLATE_ID = "d-1aa0b4cd59214c18924a28c96ed78f7f"
NAME = "Subject and content as sent"
# The mails carry HTML with links, so the braces are triple: nothing is escaped.
SUBJECT = "{{{email-subject}}}"
HTML = "{{{email-content}}}"


def on_account_saved(instance: Account, created: bool, **_: object) -> None:
    """Signal receiver: a new account gets its template."""
    if created:
        add_seed_template(instance.sid)


def add_seed_template(account_sid: str) -> None:
    """Make the template with its version unless the account has it."""
    moment = now()
    template, is_new = Template.objects.get_or_create(
        account_sid=account_sid,
        template_id=SEED_TEMPLATE_ID,
        defaults={"name": NAME, "generation": "dynamic", "updated": moment},
    )
    if is_new:
        Version.objects.create(
            template=template,
            version_id=uuid5(NAMESPACE_URL, f"{account_sid}/{SEED_TEMPLATE_ID}"),
            name=NAME,
            subject=SUBJECT,
            html_content=HTML,
            plain_content="",
            is_active=True,
            updated=moment,
        )
