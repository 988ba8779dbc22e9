"""Drafts that another release has written: one page says so, all others go on."""

from __future__ import annotations

import pytest

from tests.web.test_unusual_input import a_target
from waypost.workflows.models import Workflow

pytestmark = pytest.mark.django_db

DRAFTS: tuple[dict[str, object], ...] = (
    {},
    {"key": "odd", "name": "Odd", "steps": [], "tags": 5},
    {"key": "odd", "name": "Odd", "steps": [{"type": "teleport"}], "tags": "ab"},
    {"key": "odd", "name": "Odd", "steps": [], "format": 99},
)


@pytest.mark.parametrize("draft", DRAFTS)
def test_lists_go_on_and_the_workflow_says_what_is_wrong(draft: dict[str, object]) -> None:
    target = a_target()
    Workflow.objects.filter(pk=str(target.ids["workflow_id"])).update(draft=draft)
    one = f"/workflows/{target.ids['workflow_id']}/"

    for path in ("/", "/workflows/", "/instances/", "/library/", f"{one}settings/"):
        assert target.client.get(path).status_code == 200, path
    for path in (one, f"{one}edit/", f"{one}versions/1/", f"{one}export.yaml", f"{one}changelog/"):
        answer = target.client.get(path)
        assert answer.status_code in (200, 409), path
        assert answer.status_code == 200 or b"another release" in answer.content
