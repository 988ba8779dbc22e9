"""The example workspace of `make run`: two people, both verification workflows, the sandbox.

Loaded at every start; when it is there and current, that takes one query. What people changed in it
is kept: only what is missing is made, and the workflows are published anew when the address of this
server or the templates have changed.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TypeVar

from django.conf import settings
from django.db import transaction

from waypost.engine.errors import Refusal
from waypost.integrations.credentials import NewCredential, create_credential, credentials_by_name
from waypost.integrations.kinds import Kind
from waypost.people.actions import (
    add_member,
    add_to_team,
    create_account,
    ensure_team,
    first_member,
)
from waypost.people.actor import Actor
from waypost.people.keys import create_api_key, list_api_keys, revoke_api_key
from waypost.people.models import Account
from waypost.people.queries import owner_actor
from waypost.sandbox.seed import seed_sandbox
from waypost.workflows.actions import Rejected, import_workflows
from waypost.workflows.templates import NAMES, read_templates, template_text
from waypost.workspace.models import Workspace

SLUG = "example"
OWNER = "owner@example.org"
COLLEAGUE = "colleague@example.org"
TEAM = "Verification"
SENDER = "service@example.org"

TWILIO, SENDGRID = "https://verify.twilio.com", "https://api.sendgrid.com"
_KEY_NAME = "Example workflows"
#: Raised when the loader itself does something new, so that existing examples get it too.
_EDITION = "2"

Wanted = TypeVar("Wanted")


class ExampleBroken(Exception):
    """The example could not be made: a fault of the release, or of rows changed by hand."""


def load_example() -> None:
    """Make the example workspace, or bring it up to date; does nothing without the sandbox."""
    if not settings.SANDBOX:
        return
    current = _fingerprint()
    workspace = Workspace.objects.filter(slug=SLUG).first()
    if workspace is None or workspace.settings.get("example") != current:
        with transaction.atomic():
            _load(workspace or _new_workspace(), current)


def _fingerprint() -> str:
    """Changes with everything that the example is made of."""
    parts = [_EDITION, settings.PUBLIC_URL, *(template_text(name) for name in NAMES)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _load(workspace: Workspace, current: str) -> None:
    kept = workspace.settings
    account_sid = kept.setdefault("sandbox_account", f"AC{secrets.token_hex(16)}")
    service_sid = kept.setdefault("sandbox_service", f"VA{secrets.token_hex(16)}")
    owner = _owner(workspace)
    _fill_team(owner)
    _store_sandbox_secrets(owner, account_sid, service_sid)
    _store_own_key(owner, is_moved=kept.get("example_url") != settings.PUBLIC_URL)
    _publish(owner, service_sid)
    known = {"TWILIO_SERVICE_SID": service_sid, "SENDER_EMAIL": SENDER}
    kept["template_values"] = known | kept.get("template_values", {})
    workspace.settings = kept | {"example": current, "example_url": settings.PUBLIC_URL}
    workspace.save(update_fields=["settings"])


def _new_workspace() -> Workspace:
    return Workspace.objects.create(slug=SLUG, name="Example")


def _owner(workspace: Workspace) -> Actor:
    """The first admin, made without a password: a welcome link lets them in."""
    owner = owner_actor("cli", workspace.pk)
    if owner is None:
        first_member(workspace.pk, _account(OWNER), "Olivia Owner")
        owner = owner_actor("cli", workspace.pk)
    if owner is None:
        raise ExampleBroken(
            "The example workspace has no active admin. Activate one in the table `member`."
        )
    return owner


def _account(email: str) -> Account:
    made = create_account(email)
    return Account.objects.get(email__iexact=email) if isinstance(made, Refusal) else made


def _fill_team(owner: Actor) -> None:
    team = ensure_team(owner, TEAM)
    member = add_member(owner, _account(COLLEAGUE), "Carl Colleague")
    if isinstance(member, Refusal):
        return  # Made by an earlier start; who is in the team is their own affair since.
    add_to_team(owner, team.pk, owner.principal_id or 0, is_lead=True)
    add_to_team(owner, team.pk, member.pk)


def _store_sandbox_secrets(owner: Actor, account_sid: str, service_sid: str) -> None:
    """Both sandbox credentials with new secrets, unless the workspace has its own so named."""
    stored = credentials_by_name(owner.workspace_id, ["twilio", "sendgrid"])
    if stored:
        return
    auth_token, sendgrid_key = secrets.token_hex(16), f"SG.{secrets.token_urlsafe(32)}"
    seed_sandbox(account_sid, auth_token, service_sid, sendgrid_key)
    _store(owner, NewCredential("twilio", Kind.BASIC, auth_token, account_sid, (TWILIO,)))
    _store(owner, NewCredential("sendgrid", Kind.BEARER, sendgrid_key, "", (SENDGRID,)))


def _store_own_key(owner: Actor, is_moved: bool) -> None:
    """The key by which workflows call this server; a new one when the address has changed, because
    a credential goes to its own address only.
    """
    stored = credentials_by_name(owner.workspace_id, ["waypost-api"]).get("waypost-api")
    if stored is not None and not is_moved:
        return
    if stored is not None:
        stored.delete()
    for key in _must(list_api_keys(owner)):
        if key.name == _KEY_NAME and key.revoked_at is None:
            revoke_api_key(owner, key.pk)
    _, text = _must(create_api_key(owner, _KEY_NAME, owner.principal_id or 0))
    origin = settings.PUBLIC_URL
    _store(owner, NewCredential("waypost-api", Kind.API_KEY, text, "Api-Key", (origin,)))


def _store(owner: Actor, new: NewCredential) -> None:
    _must(create_credential(owner.workspace_id, new))


def _publish(owner: Actor, service_sid: str) -> None:
    given = {
        "BASE": settings.PUBLIC_URL,
        "TWILIO_SERVICE_SID": service_sid,
        "SENDER_EMAIL": SENDER,
    }
    outcome = import_workflows(owner, read_templates(given))
    if isinstance(outcome, Rejected):
        raise ExampleBroken(f"The templates were not taken: {outcome.findings}")


def _must(outcome: Wanted | Refusal) -> Wanted:
    if isinstance(outcome, Refusal):
        raise ExampleBroken(outcome.message)
    return outcome
