"""The example workspace: there after the first start, left alone after the second."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from waypost.config.example import OWNER, load_example
from waypost.engine.errors import Refusal
from waypost.integrations.credentials import header_for, list_credentials
from waypost.integrations.models import Credential
from waypost.people.actor import Actor
from waypost.people.keys import verify_api_key
from waypost.people.models import Account, ApiKey, TeamMember
from waypost.people.queries import member_actor
from waypost.people.welcome import redeem_welcome, welcome_link
from waypost.sandbox.twilio.models import Service
from waypost.workflows.models import WorkflowVersion
from waypost.workflows.queries import list_workflows, load_version
from waypost.workspace.audit import first_broken_entry
from waypost.workspace.models import Workspace

pytestmark = pytest.mark.django_db


def owner() -> Actor:
    actor = member_actor(Account.objects.get(email=OWNER), "page")
    assert actor is not None
    return actor


def own_key() -> str:
    """The example's API key, as only the sender can open it."""
    credential = Credential.objects.get(name="waypost-api")
    return header_for(credential, credential.origins)[1]


def test_both_workflows_are_published_without_warnings() -> None:
    load_example()

    workflows = list_workflows(owner())

    assert [one.key for one in workflows] == ["otp_main", "otp_sms_verification"]
    assert all(one.version_number == 1 for one in workflows)


def test_the_team_has_both_people() -> None:
    load_example()

    assert TeamMember.objects.filter(team__name="Verification").count() == 2


def test_the_stored_key_speaks_for_the_owner() -> None:
    load_example()

    actor = verify_api_key(own_key())

    assert isinstance(actor, Actor)
    assert (actor.principal_id, actor.is_admin) == (owner().principal_id, True)


def test_the_sandbox_knows_the_service_that_the_workflow_names() -> None:
    load_example()

    sub = next(one for one in list_workflows(owner()) if one.key == "otp_sms_verification")

    assert Service.objects.get().sid in str(load_version(sub.version_id or 0))
    assert {one.name for one in list_credentials(owner().workspace_id)} == {
        "sendgrid",
        "twilio",
        "waypost-api",
    }


def test_the_owner_gets_in_by_the_welcome_link() -> None:
    load_example()

    account = redeem_welcome(welcome_link().rstrip("/").rpartition("/")[2])

    assert isinstance(account, Account)
    assert account.email == OWNER
    assert not account.has_usable_password()


def test_a_second_start_changes_nothing_with_one_query() -> None:
    load_example()
    before = own_key()

    with CaptureQueriesContext(connection) as queries:
        load_example()

    assert len(queries) == 1
    assert own_key() == before
    assert (ApiKey.objects.count(), WorkflowVersion.objects.count()) == (1, 2)


def test_a_new_address_is_followed(settings: Settings) -> None:
    load_example()
    before = own_key()

    settings.PUBLIC_URL = "https://waypost.example.com"
    load_example()

    assert isinstance(verify_api_key(before), Refusal)
    assert isinstance(verify_api_key(own_key()), Actor)
    assert Credential.objects.get(name="waypost-api").origins == ["https://waypost.example.com"]
    assert {one.version_number for one in list_workflows(owner())} == {2}
    assert Service.objects.count() == 1


def test_without_the_sandbox_there_is_no_example(settings: Settings) -> None:
    settings.SANDBOX = False

    load_example()

    assert not Workspace.objects.exists()


def test_what_was_done_is_audited() -> None:
    load_example()

    assert first_broken_entry(owner().workspace_id) is None
