"""Test integration: what is sent, what is shown, and what is picked from the answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from msgspec import structs
from pytest_django import Settings

from tests.instances.makers import Place, a_call, a_form, a_place, an_actor
from tests.web.visitors import signed_in
from tests.worker.site import Answer, Site, a_site
from waypost.engine.definition import Workflow
from waypost.engine.edits import replace_step
from waypost.engine.errors import Refusal
from waypost.engine.step_types import AnyStep
from waypost.integrations.credentials import NewCredential, create_credential
from waypost.integrations.kinds import Kind
from waypost.integrations.models import Credential
from waypost.people.actor import Actor
from waypost.workflows.actions import Imported, import_workflow
from waypost.workflows.drafts import Draft, open_draft
from waypost.workflows.editing import edit_draft
from waypost.workspace.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    """Another system that calls may reach."""
    with a_site() as running:
        settings.OUTBOUND_ALLOW_PRIVATE = [running.url]
        yield running


def a_builder() -> tuple[Place, Actor]:
    """A place and an admin of it."""
    place = a_place()
    return place, an_actor(place.workspace, "Builder", admin=True)


def draft_of(actor: Actor, *steps: AnyStep) -> Draft:
    """A workflow of these steps, open for building."""
    imported = import_workflow(actor, Workflow(key="tried", name="Tried", steps=steps))
    assert isinstance(imported, Imported), imported
    return reread(actor, imported.workflow_id)


def reread(actor: Actor, workflow_id: int) -> Draft:
    """The draft as it is now."""
    draft = open_draft(actor, workflow_id)
    assert isinstance(draft, Draft)
    return draft


def trial_url(draft: Draft, key: str = "call") -> str:
    step = draft.workflow.step_by_key[key]
    return f"/workflows/{draft.workflow_id}/edit/steps/{step.id}/test/"


def text_of(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_the_request_goes_out_with_ones_own_values_and_the_answer_is_shown(site: Site) -> None:
    _, builder = a_builder()
    site.answer = lambda _: Answer(body='{"status": "pending", "to": [{"id": 7}]}')
    call = a_call(url=f"{site.url}/start", body='{"a": "{{=ask.text}}", "b": "{{=instance.name}}"}')
    draft = draft_of(builder, a_form(), call)
    client = signed_in(builder)

    answer = client.post(trial_url(draft), {"given-ask.text": "my own"}, follow=True)

    page = answer.content.decode()
    (received,) = site.received
    assert received.body == '{"a": "my own", "b": "Sample run"}'
    assert received.headers["Idempotency-Key"]
    assert "200 OK" in page
    assert f"from <code>{site.url}</code>" in page
    assert 'value="$.to[0].id"' in page
    assert 'value="my own"' in text_of(client, trial_url(draft))


def test_ids_of_steps_and_fields_are_sent_as_numbers(site: Site) -> None:
    _, builder = a_builder()
    call = a_call(url=site.url, body='{"step": {{=id tried/ask}}, "flow": "{{=id tried}}"}')
    draft = draft_of(builder, a_form(), call)

    signed_in(builder).post(trial_url(draft))

    step = draft.workflow.step_by_key["ask"]
    assert site.received[0].body == f'{{"step": {step.id}, "flow": "{draft.workflow_id}"}}'


def test_an_id_of_something_that_is_not_there_is_not_sent(site: Site) -> None:
    _, builder = a_builder()
    draft = draft_of(builder, a_form(), a_call(url=site.url))
    _changed_body(builder, draft, '{"step": {{=id nowhere/ask}}}')

    answer = signed_in(builder).post(trial_url(draft))

    assert "{{=id nowhere/ask}} names nothing" in answer.content.decode()
    assert site.received == []


def _changed_body(builder: Actor, draft: Draft, body: str) -> None:
    def change(workflow: Workflow) -> Workflow | Refusal:
        step = structs.replace(workflow.step_by_key["call"], body=body)
        return replace_step(workflow, "call", step)

    edit_draft(builder, draft.workflow_id, draft.revision, "Changed", change)


def test_two_tests_go_out_under_two_keys(site: Site) -> None:
    _, builder = a_builder()
    draft = draft_of(builder, a_call(url=site.url))
    client = signed_in(builder)

    client.post(trial_url(draft))
    client.post(trial_url(draft))

    first, second = site.received
    assert first.headers["Idempotency-Key"] != second.headers["Idempotency-Key"]


def test_secrets_and_links_are_sent_but_never_shown(site: Site) -> None:
    place, builder = a_builder()
    new = NewCredential("key", Kind.BEARER, "very-secret", origins=(site.url,))
    assert isinstance(create_credential(place.workspace.pk, new), Credential)
    site.answer = lambda one: Answer(body='{"echo": "' + one.headers["Authorization"] + '"}')
    ask = a_form(assignee="external")
    call = a_call(url=site.url, body='{"link": "{{=ask.public_url}}"}', credential="key")
    draft = draft_of(builder, ask, call)

    page = signed_in(builder).post(trial_url(draft), follow=True).content.decode()

    assert site.received[0].headers["Authorization"] == "Bearer very-secret"
    assert "very-secret" not in page
    assert "Bearer •••" in page
    assert "/s/•••" in page


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(401, '{"message": "Authenticate"}'), "The credential was not accepted"),
        (Answer(404, "{}"), "check the URL and the values in it"),
        (Answer(500, "no json"), "there is nothing to pick from it"),
    ],
)
def test_an_answer_that_is_no_good_one_says_what_to_do(
    site: Site, answer: Answer, told: str
) -> None:
    _, builder = a_builder()
    site.answer = lambda _: answer
    draft = draft_of(builder, a_call(url=site.url))

    page = signed_in(builder).post(trial_url(draft), follow=True).content.decode()

    assert told in page


def test_private_addresses_stay_closed() -> None:
    _, builder = a_builder()
    draft = draft_of(builder, a_call(url="http://10.0.0.1/"))

    page = signed_in(builder).post(trial_url(draft), follow=True).content.decode()

    assert "leads to a private address" in page
    assert "No answer" in page


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://verify.twilio.com/v2/Services/VA1/Verifications", "goes to the sandbox"),
        ("https://core.nextmatter.com/welcome/", "goes to this server itself"),
        ("https://api.example.org/{{=ask.text}}", "goes to the real api.example.org"),
    ],
)
def test_the_page_says_beforehand_who_will_answer(url: str, told: str) -> None:
    _, builder = a_builder()
    draft = draft_of(builder, a_form(), a_call(url=url))

    assert told in text_of(signed_in(builder), trial_url(draft))


def test_without_the_sandbox_it_is_the_real_provider(settings: Settings) -> None:
    settings.SANDBOX = False
    _, builder = a_builder()
    draft = draft_of(builder, a_call(url="https://verify.twilio.com/v2/Services/VA1/Verifications"))

    page = text_of(signed_in(builder), trial_url(draft))

    assert "goes to the real Twilio Verify" in page


def test_a_clicked_value_becomes_a_variable_with_a_name_of_its_own(site: Site) -> None:
    _, builder = a_builder()
    site.answer = lambda _: Answer(body='{"id": 7, "sub": {"id": 8}}')
    draft = draft_of(builder, a_call(url=site.url))
    client = signed_in(builder)
    client.post(trial_url(draft))

    for path in ("$.id", "$.sub.id"):
        revision = str(reread(builder, draft.workflow_id).revision)
        client.post(f"{trial_url(draft)}variables/", {"path": path, "revision": revision})

    variables = reread(builder, draft.workflow_id).workflow.step_by_key["call"].variables
    page = text_of(client, trial_url(draft))
    assert [(one.name, one.path) for one in variables] == [("id", "$.id"), ("sub_id", "$.sub.id")]
    assert '<th scope="row">sub_id</th><td><code>$.sub.id</code></td><td><strong>8</strong>' in page


@pytest.mark.parametrize("path", ["", "$..id", "no path", "$.a]"])
def test_only_a_path_of_the_tree_can_be_picked(path: str) -> None:
    _, builder = a_builder()
    draft = draft_of(builder, a_call())

    answer = signed_in(builder).post(
        f"{trial_url(draft)}variables/", {"path": path, "revision": str(draft.revision)}
    )

    assert answer.status_code == 303
    assert reread(builder, draft.workflow_id).workflow.step_by_key["call"].variables == ()


def test_only_who_may_change_the_workflow_may_test_it(site: Site) -> None:
    place, builder = a_builder()
    draft = draft_of(builder, a_call(url=site.url))
    colleague = signed_in(an_actor(place.workspace))

    answer = colleague.post(trial_url(draft))

    assert answer.status_code == 422
    assert site.received == []
    assert "may change this workflow may test it" in answer.content.decode()
    assert "btn-primary" not in answer.content.decode()


def test_another_workspace_finds_nothing() -> None:
    _, builder = a_builder()
    draft = draft_of(builder, a_call())
    _, stranger = a_builder()

    assert signed_in(stranger).get(trial_url(draft)).status_code == 404


def test_a_test_with_a_stored_secret_is_on_record(site: Site) -> None:
    place, builder = a_builder()
    new = NewCredential("key", Kind.BEARER, "very-secret", origins=(site.url,))
    assert isinstance(create_credential(place.workspace.pk, new), Credential)
    draft = draft_of(builder, a_call(url=site.url, credential="key"))

    signed_in(builder).post(trial_url(draft))

    (entry,) = AuditEntry.objects.filter(act="credential_tested")
    assert entry.actor_id == builder.principal_id
    assert entry.payload == {"workflow": "tried", "step": "call", "name": "key"}


def test_values_of_nothing_are_not_remembered(site: Site) -> None:
    _, builder = a_builder()
    draft = draft_of(builder, a_form(), a_call(url=site.url, body='{"a": "{{=ask.text}}"}'))
    client = signed_in(builder)

    client.post(trial_url(draft), {"given-ask.text": "mine", "given-other": "x" * 9000})

    kept = client.session["tried-values"][str(draft.workflow_id)]
    assert list(kept.values()) == ["mine"]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/{{=ask.text}}",
        "https://api.sendgrid.com.evil.example/",
        "https://api.sendgrid.com@evil.example/",
        "https://api.sendgrid.com\\@evil.example/",
        "https://evil.example#@api.sendgrid.com/",
        "https://api.sendgrid.com:444/",
        "http://api.sendgrid.com/",
        "https://api.sendgrid.com{{=ask.text}}/",
        "https://{{=ask.text}}/",
    ],
)
def test_nobody_leads_a_stored_secret_to_another_place(url: str) -> None:
    place = a_place()
    new = NewCredential("key", Kind.BEARER, "very-secret", origins=("https://api.sendgrid.com",))
    assert isinstance(create_credential(place.workspace.pk, new), Credential)
    colleague = an_actor(place.workspace)
    draft = draft_of(colleague, a_form(), a_call())

    def change(workflow: Workflow) -> Workflow | Refusal:
        step = structs.replace(workflow.step_by_key["call"], url=url, credential="key")
        return replace_step(workflow, "call", step)

    edit_draft(colleague, draft.workflow_id, draft.revision, "Changed", change)
    entered = {"given-ask.text": ".evil.example", "given-ask.text|plain": ".evil.example"}
    answer = signed_in(colleague).post(trial_url(draft), entered)

    assert answer.status_code == 422
    assert "Nothing was sent" in answer.content.decode()
