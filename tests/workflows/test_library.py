"""Templates: set up as workflows that can run, or put into one that is there."""

from __future__ import annotations

import pytest

from tests.people.makers import a_colleague, an_admin
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.finding import Finding
from waypost.engine.references import ids_in, references_in
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.texts import texts_in
from waypost.integrations.credentials import list_credentials
from waypost.people.actor import Actor
from waypost.people.keys import list_api_keys
from waypost.workflows.actions import Imported
from waypost.workflows.creating import new_workflow
from waypost.workflows.drafts import Draft, open_draft
from waypost.workflows.editing import Edited
from waypost.workflows.library import (
    Choices,
    Place,
    asked_parameters,
    insert_template,
    make_own_key,
    needed_credentials,
    set_up_template,
    store_template_credential,
    suggested_values,
)
from waypost.workflows.queries import list_workflows, published
from waypost.workflows.templates import ALL, BY_KEY, Template, template_preview
from waypost.workspace.models import AuditEntry

pytestmark = pytest.mark.django_db

OTP = BY_KEY["otp_sms_verification"]
VALUES = {
    "TWILIO_SERVICE_SID": f"VA{'0' * 32}",
    "SENDER_EMAIL": "us@example.org",
    "SENDER_NAME": "Us",
    "LIMIT": "100",
}
CHOICES = Choices(VALUES)


def set_up(actor: Actor, template: Template, choices: Choices = CHOICES) -> tuple[Imported, ...]:
    outcome = set_up_template(actor, template, choices)
    assert isinstance(outcome, tuple), outcome
    return outcome


def definition(actor: Actor, imported: Imported) -> Workflow:
    found = published(actor, imported.workflow_id)
    assert isinstance(found, Workflow)
    return found


def a_draft(actor: Actor, name: str = "Mine") -> Draft:
    made = new_workflow(actor, name)
    assert not isinstance(made, Refusal)
    return the_draft(actor, made.workflow_id)


def the_draft(actor: Actor, workflow_id: int) -> Draft:
    draft = open_draft(actor, workflow_id)
    assert isinstance(draft, Draft)
    return draft


def insert(actor: Actor, draft: Draft, template: Template, after: str = "") -> Edited:
    place = Place(after, choices=CHOICES)
    outcome = insert_template(actor, draft.workflow_id, draft.revision, template, place)
    assert isinstance(outcome, Edited), outcome
    return outcome


def errors_of(draft: Draft) -> list[Finding]:
    return [one for one in draft.findings if one.severity == "error"]


@pytest.mark.parametrize("template", ALL, ids=lambda one: one.key)
def test_every_template_can_be_set_up_from_nothing(template: Template) -> None:
    admin = an_admin()

    outcome = set_up(admin, template)

    assert [one.version_number for one in outcome] == [1] * len(template.names)
    assert set(asked_parameters(template)) <= set(VALUES)


@pytest.mark.parametrize("template", ALL, ids=lambda one: one.key)
def test_every_template_can_be_put_into_a_workflow(template: Template) -> None:
    admin = an_admin()
    draft = a_draft(admin)

    edited = insert(admin, draft, template)

    assert [step.name for step in edited.workflow.steps] == [
        step.name for step in template_preview(template.main).steps
    ]
    assert errors_of(the_draft(admin, draft.workflow_id)) == []


@pytest.mark.parametrize("template", ALL, ids=lambda one: one.key)
def test_a_template_lists_the_credentials_its_steps_name(template: Template) -> None:
    steps = [step for name in template.names for step in template_preview(name).steps]

    named = {step.credential for step in steps if isinstance(step, HttpRequest)} - {""}

    assert named == set(template.credentials)


def test_a_second_set_up_shares_the_verification_and_gets_a_key_of_its_own() -> None:
    admin = an_admin()
    sub, first = set_up(admin, OTP)

    (second,) = set_up(admin, OTP)

    assert second.key == "otp_main_2"
    assert second.name == "Customer verification 2"
    assert len(list_workflows(admin)) == 3
    texts = [placed.text for placed in texts_in(definition(admin, second))]
    assert str(sub.workflow_id) in "".join(texts)
    outcome_step = definition(admin, second).step_by_key["verification_outcome"]
    assert str(outcome_step.id) in "".join(texts)
    assert outcome_step.id != definition(admin, first).step_by_key["verification_outcome"].id


def test_the_values_go_in_and_are_offered_again() -> None:
    admin = an_admin()

    sub, _ = set_up(admin, OTP)

    send_text = definition(admin, sub).step_by_key["send_text"]
    assert isinstance(send_text, HttpRequest)
    assert VALUES["TWILIO_SERVICE_SID"] in send_text.url
    assert suggested_values(admin, BY_KEY["twilio_check"]) == {
        "TWILIO_SERVICE_SID": VALUES["TWILIO_SERVICE_SID"]
    }


def test_the_chosen_credential_takes_the_place_of_the_templates() -> None:
    admin = an_admin()

    (mail,) = set_up(admin, BY_KEY["sendgrid_email"], Choices(VALUES, {"sendgrid": "our-mail"}))

    step = definition(admin, mail).step_by_key["send_email"]
    assert isinstance(step, HttpRequest)
    assert step.credential == "our-mail"


def test_a_stored_secret_fits_its_provider_and_is_audited() -> None:
    admin = an_admin()
    template = BY_KEY["twilio_check"]

    refusal = store_template_credential(admin, template, "twilio", "AC1", "a-long-token")

    assert refusal is None
    (needed,) = needed_credentials(admin, template)
    assert [one.name for one in needed.stored] == ["twilio"]
    assert needed.chosen == "twilio"
    assert AuditEntry.objects.filter(act="credential_stored").count() == 1


def test_storing_again_replaces_the_secret() -> None:
    admin = an_admin()
    template = BY_KEY["sendgrid_email"]
    store_template_credential(admin, template, "sendgrid", "", "SG.first")

    refusal = store_template_credential(admin, template, "sendgrid", "", "SG.second")

    assert refusal is None
    assert len(list_credentials(admin.workspace_id)) == 1


def test_a_colleague_stores_no_credentials() -> None:
    admin = an_admin()
    colleague = a_colleague(admin)

    stored = store_template_credential(colleague, OTP, "twilio", "AC1", "a-long-token")
    made = make_own_key(colleague, OTP, "waypost-api")

    assert isinstance(stored, Refusal)
    assert isinstance(made, Refusal)
    assert list_credentials(admin.workspace_id) == []


def test_the_key_for_this_server_is_made_and_stored_at_once() -> None:
    admin = an_admin()

    refusal = make_own_key(admin, OTP, "waypost-api")

    assert refusal is None
    keys = list_api_keys(admin)
    assert not isinstance(keys, Refusal)
    assert [one.name for one in keys] == [OTP.title]
    assert [one.shown for one in list_credentials(admin.workspace_id)] == ["Api-Key"]


def test_inserted_steps_point_at_each_other_and_at_their_new_workflow() -> None:
    admin = an_admin()
    draft = a_draft(admin)
    insert(admin, draft, OTP)
    again = the_draft(admin, draft.workflow_id)

    edited = insert(admin, again, OTP, after="share_data")

    own = edited.workflow.steps[len(again.workflow.steps) :]
    texts = [placed for placed in texts_in(edited.workflow) if placed.step.endswith("_2")]
    named = {one.step for placed in texts for one in references_in(placed.text)} - {"instance"}
    assert [step.key for step in own] == [f"{step.key}_2" for step in again.workflow.steps]
    assert named <= {step.key for step in own}
    paths = {path for placed in texts for path in ids_in(placed.text)}
    assert paths == {
        "otp_sms_verification",
        "mine/verification_outcome_2",
        "mine/verification_outcome_2/outcome",
    }
    assert list_workflows(admin)[-1].key == "otp_sms_verification"


def test_what_a_template_acknowledges_is_acknowledged_in_its_new_place() -> None:
    admin = an_admin()
    draft = a_draft(admin)

    edited = insert(admin, draft, BY_KEY["contract_sign_off"])

    assert "decline_ends_here:changes" in edited.workflow.acknowledged


def test_a_stranger_puts_nothing_in() -> None:
    admin = an_admin()
    draft = a_draft(admin)
    place = Place("", choices=CHOICES)

    outcome = insert_template(a_colleague(admin), draft.workflow_id, 1, OTP, place)

    assert isinstance(outcome, Refusal)
    assert list_workflows(admin) == list_workflows(admin)[:1]
