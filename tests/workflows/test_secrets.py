"""Secrets written out in a file become credentials, and none is kept where anybody can read it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.people.makers import a_colleague, an_admin
from tests.workflows.test_import import PASTED, a_workflow, imported
from waypost.integrations.credentials import list_credentials
from waypost.workflows.actions import Imported, Rejected, export_workflow, import_workflow
from waypost.workflows.models import Workflow as Row

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "kind"), [("PRIVATE-TOKEN", "header"), ("X-Hub-Secret", "header")]
)
def test_a_header_is_known_as_a_secret_by_the_words_in_its_name(name: str, kind: str) -> None:
    admin = an_admin()
    outcome = imported(admin, PASTED.replace("Authorization", name).replace("Bearer ", ""))

    exported = export_workflow(admin, outcome.workflow_id)

    assert "very-secret-token" not in str(exported)
    assert [(one.shown, one.kind) for one in list_credentials(admin.workspace_id)] == [(name, kind)]


@pytest.mark.parametrize(
    "headers",
    [
        "credential: kept\n    headers: [{name: X-Api-Key, value: very-secret-token}]",
        "headers: [{name: Authorization, value: Bearer abcdef},"
        " {name: X-Api-Key, value: very-secret-token}]",
    ],
)
def test_a_secret_that_cannot_become_a_credential_is_not_kept(headers: str) -> None:
    text = PASTED.replace(
        "headers: [{name: Authorization, value: Bearer very-secret-token}]", headers
    )
    admin = an_admin()

    outcome = import_workflow(admin, a_workflow(text))

    assert isinstance(outcome, Rejected)
    assert [finding.code for finding in outcome.findings["pasted"]] == ["literal_secret"]
    assert not Row.objects.exists()
    acknowledged = text.replace("name: Pasted", "name: Pasted\nacknowledged: [literal_secret]")
    assert isinstance(import_workflow(admin, a_workflow(acknowledged)), Imported)


def test_a_light_user_brings_nothing_in() -> None:
    colleague = a_colleague(an_admin())

    outcome = import_workflow(replace(colleague, is_light=True), a_workflow())

    assert isinstance(outcome, Rejected)
    assert outcome.findings["ask"][0].code == "not_permitted"


def test_a_placeholder_of_a_guide_is_no_secret_to_keep() -> None:
    admin = an_admin()
    text = PASTED.replace("very-secret-token", "SENDGRID_ENCODED_API_KEY")

    outcome = import_workflow(admin, a_workflow(text))

    assert isinstance(outcome, Rejected)
    assert "placeholder_left" in {one.code for one in outcome.findings["pasted"]}
    assert list_credentials(admin.workspace_id) == []
