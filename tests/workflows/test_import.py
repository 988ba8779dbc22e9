"""Bringing workflows in, publishing them, and getting them out again."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.people.makers import a_colleague, an_admin
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.field_types.routing import Routing
from waypost.engine.step_types.http_request import HttpRequest
from waypost.integrations.credentials import list_credentials
from waypost.people.actor import Actor
from waypost.people.queries import list_teams
from waypost.workflows.actions import (
    Imported,
    Rejected,
    export_workflow,
    import_workflow,
    import_workflows,
)
from waypost.workflows.files import WorkflowFile, read_workflow
from waypost.workflows.models import Workflow as Row
from waypost.workflows.models import WorkflowVersion
from waypost.workflows.queries import (
    find_by_key,
    list_workflows,
    load_version,
    published,
    published_version,
)
from waypost.workflows.templates import read_templates
from waypost.workspace.models import AuditEntry

pytestmark = pytest.mark.django_db

ASK = """
key: ask
name: Ask
steps:
  - {key: first, name: First, type: form, fields: [{key: answer, name: Answer, type: short_text}]}
  - key: way
    name: Way
    type: form
    assignee: team:Verification
    fields:
      - key: way
        name: Way
        type: routing
        buttons: [{label: Back, action: return, target: first}, {label: On, action: complete}]
"""


def a_workflow(text: str = ASK) -> Workflow:
    read = read_workflow(text)
    assert isinstance(read, WorkflowFile), read
    return read.workflow


def imported(actor: Actor, text: str = ASK) -> Imported:
    outcome = import_workflow(actor, a_workflow(text))
    assert isinstance(outcome, Imported), outcome
    return outcome


def definition(actor: Actor, text: str = ASK) -> Workflow:
    version = imported(actor, text).version_id
    assert version is not None
    return load_version(version)


def call_of(workflow: Workflow, number: int = -1) -> HttpRequest:
    step = workflow.steps[number]
    assert isinstance(step, HttpRequest)
    return step


def test_publishing_gives_every_part_an_id() -> None:
    workflow = definition(an_admin())

    field = workflow.steps[1].fields[0]
    ids = [workflow.id, *(step.id for step in workflow.steps), field.id]
    assert all(ids)
    assert isinstance(field, Routing)
    assert [button.target_id for button in field.buttons] == [workflow.steps[0].id, 0]


def test_ids_belong_to_keys_for_ever() -> None:
    admin = an_admin()
    before = definition(admin)
    without = definition(admin, ASK.replace("key: first", "key: other").replace("first", "other"))

    again = definition(admin, ASK.replace("name: First", "name: Renamed"))

    assert again.steps[0].id == before.steps[0].id != without.steps[0].id
    assert again.steps[0].fields[0].id == before.steps[0].fields[0].id


def test_the_same_content_makes_no_new_version() -> None:
    admin = an_admin()
    first = imported(admin)

    second = imported(admin, ASK + "format: 1\ntags: []\n")

    assert (second.version_id, second.is_changed) == (first.version_id, False)
    assert imported(admin, ASK.replace("Ask", "Question")).version_number == 2


def test_a_published_version_cannot_be_changed() -> None:
    version = imported(an_admin()).version_id

    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        WorkflowVersion.objects.filter(pk=version or 0).update(number=9)


def test_export_then_import_then_export_gives_the_same_file() -> None:
    admin = an_admin()
    first = export_workflow(admin, imported(admin).workflow_id)
    assert isinstance(first, str)

    second = export_workflow(admin, imported(admin, first).workflow_id)

    assert second == first


def test_teams_that_a_file_names_are_created_empty() -> None:
    admin = an_admin()

    imported(admin)

    assert [team.name for team in list_teams(admin)] == ["Verification"]


def test_somebody_unknown_is_a_finding() -> None:
    outcome = import_workflow(
        an_admin(), a_workflow(ASK.replace("team:Verification", "user:nobody@acme.example"))
    )

    assert isinstance(outcome, Rejected)
    assert [finding.code for finding in outcome.findings["ask"]] == ["unknown_user"]
    assert not Row.objects.exists()


def test_a_lead_is_found_by_address() -> None:
    admin = an_admin()
    colleague = a_colleague(admin)

    outcome = imported(admin, ASK + "lead: user:Colleague@acme.example\n")

    assert Row.objects.get(pk=outcome.workflow_id).lead_id == colleague.principal_id


def test_whoever_brings_a_workflow_in_leads_it() -> None:
    colleague = a_colleague(an_admin())

    outcome = imported(colleague)

    assert Row.objects.get(pk=outcome.workflow_id).lead_id == colleague.principal_id


def test_only_its_leads_and_admins_change_a_workflow() -> None:
    admin = an_admin()
    imported(admin)

    outcome = import_workflow(a_colleague(admin), a_workflow())

    assert isinstance(outcome, Rejected)
    assert [finding.code for finding in outcome.findings["ask"]] == ["not_permitted"]


CALLS_OTHER = """
key: caller
name: Caller
steps:
  - key: call
    name: Call
    type: http_request
    url: "https://api.example.org/{{=id ask}}"
    body: '{"step": {{=id ask/first}}, "field": {{=id ask/first/answer}}}'
"""


def test_two_workflows_that_name_each_other_come_in_together() -> None:
    admin = an_admin()

    outcome = import_workflows(admin, [a_workflow(CALLS_OTHER), a_workflow()])

    assert not isinstance(outcome, Rejected), outcome
    caller, asked = (load_version(one.version_id or 0) for one in outcome)
    assert call_of(caller).url == f"https://api.example.org/{asked.id}"
    assert call_of(caller).body == (
        f'{{"step": {asked.steps[0].id}, "field": {asked.steps[0].fields[0].id}}}'
    )


def test_a_workflow_that_is_not_there_is_a_finding() -> None:
    outcome = import_workflow(an_admin(), a_workflow(CALLS_OTHER))

    assert isinstance(outcome, Rejected)
    assert {finding.code for finding in outcome.findings["caller"]} == {"unknown_id"}


PASTED = r"""
key: pasted
name: Pasted
steps:
  - key: details
    name: Provide details
    type: form
    fields: [{key: email, name: Customer email, type: email}]
  - key: call
    name: Call
    type: http_request
    url: https://api.example.org/{InstanceID}
    headers: [{name: Authorization, value: Bearer very-secret-token}]
    body: '{"to": "{2. Provide details - Customer email - Input (plain)}"}'
    variables: [{name: 'step\_id', path: '\$.steps\[0].step\_id'}]
"""


def test_printed_references_and_paths_are_stored_as_ours() -> None:
    call = call_of(definition(an_admin(), PASTED))

    assert call.url == "https://api.example.org/{{=instance.id}}"
    assert call.body == '{"to": "{{=details.email|plain}}"}'
    assert (call.variables[0].name, call.variables[0].path) == ("step_id", "$.steps[0].step_id")


def test_tokens_of_ids_are_stored_as_references() -> None:
    admin = an_admin()
    details = definition(admin, PASTED).steps[0]
    ids = f'"process_step": {details.id}, "process_step_action": {details.fields[0].id}'
    token = "{{" + ids + ', "output_data_variable": "inputValue", "formatting": "plain"}}'
    label = "{2. Provide details - Customer email - Input (plain)}"

    call = call_of(definition(admin, PASTED.replace(label, token)))

    assert call.body == '{"to": "{{=details.email|plain}}"}'


def test_two_files_may_not_have_the_same_key() -> None:
    outcome = import_workflows(an_admin(), [a_workflow(), a_workflow()])

    assert isinstance(outcome, Rejected)
    assert outcome.findings["ask"][0].code == "duplicate_workflow"


def test_a_visitor_by_link_brings_nothing_in() -> None:
    visitor = Actor(an_admin().workspace_id, None, False, "link")

    outcome = import_workflow(visitor, a_workflow())

    assert isinstance(outcome, Rejected)
    assert outcome.findings["ask"][0].code == "not_permitted"


def test_a_secret_written_out_becomes_a_credential_and_never_comes_out() -> None:
    admin = an_admin()
    outcome = imported(admin, PASTED)

    exported = export_workflow(admin, outcome.workflow_id)

    assert isinstance(exported, str)
    assert "very-secret-token" not in exported
    assert "credential: pasted-call" in exported
    stored = list_credentials(admin.workspace_id)
    assert [(one.name, one.kind, one.origins) for one in stored] == [
        ("pasted-call", "bearer", ("https://api.example.org",))
    ]
    assert "very-secret-token" not in str(Row.objects.values_list("draft", flat=True))
    assert isinstance(import_workflow(admin, a_workflow(PASTED)), Imported)


def test_only_an_admin_brings_secrets_in() -> None:
    outcome = import_workflow(a_colleague(an_admin()), a_workflow(PASTED))

    assert isinstance(outcome, Rejected)
    assert [finding.code for finding in outcome.findings["pasted"]] == ["not_permitted"]


def test_a_missing_credential_is_a_warning() -> None:
    text = PASTED.replace(
        "headers: [{name: Authorization, value: Bearer very-secret-token}]", "credential: nowhere"
    )

    outcome = imported(an_admin(), text)

    assert [finding.code for finding in outcome.warnings] == ["missing_credential"]


def test_another_workspace_sees_nothing() -> None:
    workflow_id = imported(an_admin("one")).workflow_id
    stranger = an_admin("two")

    assert list_workflows(stranger) == []
    assert find_by_key(stranger, "ask") is None
    for outcome in (published(stranger, workflow_id), export_workflow(stranger, workflow_id)):
        assert isinstance(outcome, Refusal)
        assert outcome.code == "unknown_process"


def test_a_private_workflow_is_seen_by_its_leads_and_admins() -> None:
    admin = an_admin()
    workflow_id = imported(admin).workflow_id
    Row.objects.update(is_private=True)

    assert isinstance(published(a_colleague(admin), workflow_id), Refusal)
    assert isinstance(published(admin, workflow_id), Workflow)


def test_lists_and_look_ups_take_one_query() -> None:
    admin = an_admin()
    workflow_id = imported(admin).workflow_id
    imported(admin, ASK.replace("key: ask", "key: second"))
    published_version(admin, workflow_id)

    with CaptureQueriesContext(connection) as listing:
        assert [one.is_published for one in list_workflows(admin)] == [True, True]
    with CaptureQueriesContext(connection) as reading:
        published_version(admin, workflow_id)

    assert [len(listing), len(reading)] == [1, 1]


def test_publishing_is_audited() -> None:
    imported(an_admin())

    assert list(AuditEntry.objects.order_by("seq").values_list("act", flat=True)) == [
        "team_created",
        "workflow_published",
    ]


def test_both_templates_come_in_and_stay_as_they_are() -> None:
    admin = an_admin()
    given = {"BASE": "http://127.0.0.1:8000", "TWILIO_SERVICE_SID": "VA" + "0" * 32}

    first = import_workflows(admin, read_templates(given))
    second = import_workflows(admin, read_templates(given))

    assert not isinstance(first, Rejected), first
    assert not isinstance(second, Rejected)
    assert [one.is_changed for one in (*first, *second)] == [True, True, False, False]
    sub, main = (load_version(one.version_id or 0) for one in first)
    assert [len(sub.steps), len(main.steps)] == [15, 6]
    assert f"/api/processes/{sub.id}/" in call_of(main, 1).body
    assert str(main.steps[3].id) in call_of(main, 2).body
    assert "{{=id" not in str(main) + str(sub)
