"""Every address of the rooms where workflows are built, tried by everybody who may not."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.instances.makers import a_place, an_actor
from tests.web.test_unusual_input import ROUTES, Target, a_target
from tests.web.visitors import signed_in
from waypost.workflows.models import DraftChange, Workflow, WorkflowNote, WorkflowVersion

pytestmark = pytest.mark.django_db

#: Addresses of one workflow, and of one folder.
OF_ONE = tuple(route for route in ROUTES if "(workflow_id)" in route or "(folder_id)" in route)
FORM = {
    **{"act": "save_workflow", "name": "Hacked", "revision": "1", "text": "Hacked", "use": "1"},
    **{"part": "planning", "status": "live", "do": "set_up", "value-SENDER_EMAIL": "a@b.example"},
    **{"value-SENDER_NAME": "Us", "acknowledge": "x", "step": "call"},
}


def row_of(target: Target) -> Workflow:
    return Workflow.objects.get(pk=str(target.ids["workflow_id"]))


def state_of(target: Target) -> list[object]:
    """What nobody of these may change."""
    return [
        *Workflow.objects.filter(pk=row_of(target).pk).values_list(),
        *DraftChange.objects.values_list(),
        *WorkflowNote.objects.values_list(),
        *WorkflowVersion.objects.values_list("pk"),
    ]


def codes(client: Client, path: str) -> set[int]:
    """What looking and sending a form give; the other way of asking does not count."""
    return {client.get(path).status_code, client.post(path, FORM).status_code} - {405}


@pytest.mark.parametrize("route", ROUTES)
def test_strangers_sign_in_first(route: str) -> None:
    target = a_target()
    before = state_of(target)

    found = codes(Client(), f"/{route % target.ids}")

    assert found == {302}
    assert state_of(target) == before


@pytest.mark.parametrize("route", OF_ONE)
def test_for_another_workspace_there_is_nothing(route: str) -> None:
    target = a_target()
    before = state_of(target)
    elsewhere = signed_in(an_actor(a_place().workspace, admin=True))

    found = codes(elsewhere, f"/{route % target.ids}")

    assert found == {404}
    assert state_of(target) == before


@pytest.mark.parametrize("route", OF_ONE)
def test_for_light_users_there_is_nothing(route: str) -> None:
    target = a_target()
    before = state_of(target)
    light = signed_in(an_actor(row_of(target).workspace, light=True))

    found = codes(light, f"/{route % target.ids}")

    assert found == {404}
    assert state_of(target) == before


@pytest.mark.parametrize("route", [one for one in OF_ONE if "(workflow_id)" in one])
def test_for_a_colleague_a_private_workflow_is_not_there(route: str) -> None:
    target = a_target()
    row = row_of(target)
    Workflow.objects.filter(pk=row.pk).update(is_private=True)
    before = state_of(target)

    found = codes(signed_in(an_actor(row.workspace)), f"/{route % target.ids}")

    assert found == {404}
    assert state_of(target) == before


@pytest.mark.parametrize("route", OF_ONE)
def test_a_colleague_looks_and_changes_nothing(route: str) -> None:
    target = a_target()
    before = state_of(target)

    codes(signed_in(an_actor(row_of(target).workspace)), f"/{route % target.ids}")

    assert state_of(target) == before
