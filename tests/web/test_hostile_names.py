"""Whatever builders call things, no page takes it for markup."""

from __future__ import annotations

import json

import msgspec
import pytest
from django.test import Client

from tests.instances.makers import a_place, an_actor
from tests.web.test_unusual_input import ROUTES
from tests.web.visitors import signed_in
from waypost.engine.definition import Workflow
from waypost.workflows.actions import Imported, import_workflow
from waypost.workflows.drafts import Draft, open_draft
from waypost.workflows.folders import create_folder, move_workflow
from waypost.workflows.notes import add_note

pytestmark = pytest.mark.django_db

EVIL = "\"'><img src=x onerror=alert(1)></title></script><svg onload=alert(1)>"
DEFINITION = {
    **{"key": "evil", "name": EVIL, "description": EVIL, "tags": [EVIL], "name_template": EVIL},
    "steps": [
        {
            **{"key": "ask", "name": EVIL, "type": "form", "notes": EVIL},
            "fields": [
                {"key": "a", "name": EVIL, "info": EVIL, "type": "short_text"},
                {"key": "b", "name": EVIL, "type": "radio", "items": [EVIL, "x"]},
            ],
        },
        {
            **{"key": "end", "name": EVIL, "type": "instruction"},
            "text": f"{EVIL} [x](javascript:alert(1)) {{{{=ask.a}}}}",
        },
        {
            **{"key": "call", "name": EVIL, "type": "http_request", "method": "POST"},
            **{"url": "https://example.org/{{=ask.a}}", "body": json.dumps(EVIL)},
            "headers": [{"name": "X-Evil", "value": EVIL}],
            "variables": [{"name": "v", "path": "$.v", "default": EVIL}],
            "condition": {"rules": [{"source": "ask.b", "operator": "is", "value": EVIL}]},
        },
    ],
}
ASKED = dict.fromkeys(("with", "rows", "r0.source", "r0.value", "name", "after", "tag"), EVIL)


def hostile_pages() -> tuple[Client, list[str]]:
    """The addresses of a workflow in which everything that can be named has a hostile name."""
    admin = an_actor(a_place().workspace, EVIL, admin=True)
    imported = import_workflow(admin, msgspec.convert(DEFINITION, Workflow))
    assert isinstance(imported, Imported), imported
    draft = open_draft(admin, imported.workflow_id)
    assert isinstance(draft, Draft)
    folder, note = create_folder(admin, EVIL), add_note(admin, draft.workflow_id, EVIL)
    assert isinstance(folder, int)
    move_workflow(admin, draft.workflow_id, folder)
    client = signed_in(admin)
    client.post(f"/workflows/{draft.workflow_id}/edit/dry-run/start/")
    named: dict[str, object] = {
        "workflow_id": draft.workflow_id,
        "folder_id": folder,
        "note_id": note,
        "version": 1,
    }
    named |= {"run_id": 1, "verb": "skip", "key": "sendgrid_email", "name": "sendgrid_email"}
    paths = {
        f"/{route % (named | {'step_id': s.id})}" for route in ROUTES for s in draft.workflow.steps
    }
    return client, sorted(paths)


@pytest.mark.parametrize("headers", [{}, {"X-Part": "1"}])
def test_no_page_takes_a_name_for_markup(headers: dict[str, str]) -> None:
    client, paths = hostile_pages()
    seen = 0

    for path in paths:
        for asked in ({}, ASKED):
            answer = client.get(path, asked, headers=headers)
            if answer.status_code == 200 and answer["Content-Type"].startswith(("text", "image")):
                page = answer.content.decode()
                seen += "&lt;img src=x" in page
                assert "<img src=x" not in page, path
                assert "<svg onload" not in page, path
                assert 'href="javascript' not in page, path
                assert answer["Content-Security-Policy"].startswith("default-src 'self';"), path

    assert seen > 20
