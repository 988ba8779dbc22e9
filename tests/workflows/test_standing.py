"""Leads, editors, visibility and planning: who may say so, and what follows."""

from __future__ import annotations

from datetime import date

import pytest

from tests.people.makers import a_colleague, an_admin
from tests.workflows.makers import ASK, a_definition, a_workflow, seen_afresh
from waypost.engine.errors import Refusal
from waypost.people.actions import add_to_team, ensure_team
from waypost.workflows.actions import (
    Imported,
    Rejected,
    export_workflow,
    import_workflow,
    publish_workflow,
)
from waypost.workflows.archiving import archive_workflow, unarchive_workflow
from waypost.workflows.models import Workflow
from waypost.workflows.queries import find_workflow, list_workflows
from waypost.workflows.standing import (
    Planning,
    Visibility,
    appoint_leads,
    choose_editors,
    editor_ids,
    plan_workflow,
    set_visibility,
    tag_workflow,
)

pytestmark = pytest.mark.django_db


def code_of(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def test_editors_may_edit_but_not_decide_who_else_does() -> None:
    admin = an_admin()
    editor = a_colleague(admin)
    workflow = a_workflow(admin)
    before = plan_workflow(editor, workflow, Planning("live"))

    assert choose_editors(admin, workflow, [editor.principal_id or 0]) is None

    summary = find_workflow(editor, workflow)
    assert summary is not None
    assert (summary.may_change, summary.may_lead) == (True, False)
    assert code_of(before) == "not_permitted"
    assert plan_workflow(editor, workflow, Planning("live")) is None
    assert code_of(choose_editors(editor, workflow, [])) == "not_permitted"
    assert code_of(set_visibility(editor, workflow, Visibility(True))) == "not_permitted"
    assert code_of(archive_workflow(editor, workflow)) == "not_permitted"


def test_an_editor_brings_in_a_new_draft_under_the_key() -> None:
    admin = an_admin()
    editor = a_colleague(admin)
    workflow = a_workflow(admin)
    choose_editors(admin, workflow, [editor.principal_id or 0])

    outcome = import_workflow(editor, a_definition(ASK.format(key="ask", name="Ask twice")))

    assert isinstance(outcome, Imported)
    assert Workflow.objects.get(pk=workflow).name == "Ask twice"


def test_a_team_edits_as_one_and_sees_a_private_workflow() -> None:
    admin = an_admin()
    colleague = a_colleague(admin)
    team = ensure_team(admin, "Builders")
    add_to_team(admin, team.pk, colleague.principal_id or 0)
    in_team = seen_afresh(colleague)
    workflow = a_workflow(admin)
    set_visibility(admin, workflow, Visibility(is_private=True))
    hidden = list_workflows(in_team)

    choose_editors(admin, workflow, [team.pk])

    assert hidden == []
    assert [one.may_change for one in list_workflows(in_team)] == [True]
    assert editor_ids(admin, workflow) == {team.pk}


def test_editors_are_people_of_the_workspace() -> None:
    admin, other = an_admin(), an_admin("other")
    workflow = a_workflow(admin)

    refused = choose_editors(admin, workflow, [other.principal_id or 0])

    assert code_of(refused) == "unknown_member"
    assert editor_ids(admin, workflow) == frozenset()


def test_only_an_admin_changes_the_leads() -> None:
    admin = an_admin()
    lead = a_colleague(admin)
    workflow = a_workflow(lead)

    refused = appoint_leads(lead, workflow, admin.principal_id, None)

    assert code_of(refused) == "not_permitted"
    assert appoint_leads(admin, workflow, admin.principal_id, lead.principal_id) is None
    row = Workflow.objects.get(pk=workflow)
    assert (row.lead_id, row.tech_lead_id) == (admin.principal_id, lead.principal_id)


def test_a_file_does_not_change_the_leads_either_unless_an_admin_brings_it() -> None:
    admin = an_admin()
    lead = a_colleague(admin)
    workflow = a_workflow(lead)
    text = ASK.format(key="ask", name="Ask") + "lead: user:owner@acme.example\n"
    file = a_definition(text)

    refused = import_workflow(lead, file, publish=False)

    assert isinstance(refused, Rejected)
    assert [one.code for one in refused.findings["ask"]] == ["not_permitted"]
    assert Workflow.objects.get(pk=workflow).lead_id == lead.principal_id
    assert isinstance(import_workflow(admin, file, publish=False), Imported)
    assert Workflow.objects.get(pk=workflow).lead_id == admin.principal_id


def test_a_file_that_names_the_lead_names_the_new_one_after_a_change() -> None:
    admin = an_admin()
    lead = a_colleague(admin)
    workflow = a_workflow(admin, more="lead: user:owner@acme.example\n")

    appoint_leads(admin, workflow, lead.principal_id, None)

    assert isinstance(publish_workflow(lead, workflow), Imported)
    assert Workflow.objects.get(pk=workflow).lead_id == lead.principal_id
    written = export_workflow(lead, workflow)
    assert isinstance(written, str)
    assert 'lead: "user:colleague@acme.example"' in written


def test_tags_are_part_of_the_file() -> None:
    admin = an_admin()
    workflow = a_workflow(admin, more="tags: [old]\n")
    before = find_workflow(admin, workflow)

    assert tag_workflow(admin, workflow, [" new ", "new", "", "old"]) is None

    after = find_workflow(admin, workflow)
    assert before is not None and after is not None
    assert (before.tags, after.tags) == (("old",), ("new", "old"))
    assert "tags:" in str(export_workflow(admin, workflow))


def test_a_status_and_a_day_are_planned() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)

    assert plan_workflow(admin, workflow, Planning("testing", date(2027, 1, 4))) is None

    summary = find_workflow(admin, workflow)
    assert summary is not None
    assert (summary.status, summary.goes_live_on) == ("testing", date(2027, 1, 4))
    assert code_of(plan_workflow(admin, workflow, Planning("soon"))) == "invalid_value"


def test_the_archive_hides_a_workflow_until_it_is_asked_for() -> None:
    admin = an_admin()
    workflow = a_workflow(admin)

    assert archive_workflow(admin, workflow) is None
    hidden, found = list_workflows(admin), list_workflows(admin, with_archived=True)
    assert unarchive_workflow(admin, workflow) is None

    assert hidden == []
    assert [(one.is_archived, one.may_start) for one in found] == [(True, False)]
    assert [one.may_start for one in list_workflows(admin)] == [True]
