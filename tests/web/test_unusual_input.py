"""Whatever a browser sends, the answer says what is wrong: nothing is a server error."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from tests.instances.makers import a_call, a_form, a_place, an_actor
from tests.web.visitors import signed_in
from waypost.engine.definition import Workflow
from waypost.engine.step_types import AnyStep
from waypost.people.actor import Actor
from waypost.web.editor.changes import ACTIONS
from waypost.workflows.actions import Imported, import_workflow
from waypost.workflows.drafts import Draft, open_draft
from waypost.workflows.folders import create_folder
from waypost.workflows.notes import add_note

pytestmark = pytest.mark.django_db

#: Random forms for each address; a search for faults takes many.
FORMS = int(os.environ.get("WAYPOST_TEST_EXAMPLES", "3"))
AREAS = ("editor", "references", "trying", "library", "workflows", "help")
VERBS = ("complete", "answer", "skip", "restart", "open", "accept", "delete", "back", "stops", "x")
#: Every name that a form of these areas uses, and some that none does.
NAMES = (
    *("act", "action", "actions", "address", "after", "amount", "anchor", "answer", "assignee"),
    *("before", "body", "buttons.label", "buttons.action", "buttons.target", "by", "clears"),
    *("container", "credential", "date", "description", "direction", "do", "done", "drawn", "drop"),
    *("field", "file", "folder", "g1.match", "given-x", "goes_live_on", "group", "headers.name"),
    *("headers.value", "info", "is_private", "kind", "label", "lead", "match", "method", "more"),
    *("name", "name_template", "notes", "options", "origins", "parameter.X", "part", "path"),
    *("person", "place", "r0.group", "r0.operator", "r0.source", "r0.value", "r1.group"),
    *("r1.operator", "r1.source", "r1.value", "retry.delay_seconds", "retry.statuses", "rows"),
    *("retry.times", "revision", "secret", "shown", "status", "step", "tag", "tags", "tech_lead"),
    *("text", "time_of_day", "timeout_seconds", "unit", "url", "url_parameters", "use", "weekday"),
    *("acknowledge", "at", "variables.name", "variables.path", "variables.default", "with"),
    *("within", "workspace", "archived", "value-SENDER_EMAIL", "credential-sendgrid", "X"),
)
ODD = (
    *(
        "",
        " ",
        "0",
        "1",
        "-1",
        "2",
        "²",
        "٣",
        "9" * 18,
        "9" * 5000,
        "1e400",
        "1e300",
        "NaN",
        "-inf",
    ),
    *("\0", "a\0b", "\ue000secret:x\ue001", "\U0001f600", "'\"><script>", "{{=ask.text}}", "{{=x"),
    *("{0}{step}%s", "ask", "call", "ask.text", "is", "contains", "more_than", "date", "new:group"),
    *("2027-01-31", "9999-99-99", "25:99", "step_end", "weeks", "user:x@y.z", "team:\0", "../../x"),
    *("https://[::1", "https://user@host:99999/", "//evil.example", "$.a..b[?@.x", "$['\0']"),
    *("key: x\nname: y\nsteps: []", "&a [*a]", "[" * 3000, "{" * 3000, '{"a":' * 3000, "\r\n" * 50),
    *("curl -X POST 'https://x' -d '", "a" * 20_000, "draft", "publish", "planning", "leads"),
    *("editors", "visibility", "set_up", "test", "store", "make_key", "own", "known-0"),
    *("known-" + "9" * 5000, "lost", "sendgrid", "basic", "header", "on", "any", "json", "status"),
)


@dataclass(frozen=True)
class Target:
    """A workflow with everything that addresses name."""

    admin: Actor
    client: Client
    ids: dict[str, object]


def a_target() -> Target:
    place = a_place()
    admin = an_actor(place.workspace, "Builder", admin=True)
    draft = a_draft(admin, a_form("ask"), a_call("call", "http://127.0.0.1:9/"), a_form("end"))
    folder, note = create_folder(admin, "Folder"), add_note(admin, draft.workflow_id, "Look")
    ids: dict[str, object] = {
        "workflow_id": draft.workflow_id,
        "step_id": draft.workflow.step_by_key["call"].id,
        "folder_id": folder,
        "note_id": note,
        "version": 1,
        "run_id": 1,
        "verb": "complete",
        "key": "sendgrid_email",
        "name": "sendgrid_email",
    }
    return Target(admin, signed_in(admin), ids)


def a_draft(admin: Actor, *steps: AnyStep) -> Draft:
    imported = import_workflow(admin, Workflow(key="odd", name="Odd", steps=steps))
    assert isinstance(imported, Imported), imported
    draft = open_draft(admin, imported.workflow_id)
    assert isinstance(draft, Draft)
    return draft


def routes(area: str) -> list[str]:
    """The addresses of an area, with `%(name)s` for what varies."""
    resolver = get_resolver(f"waypost.web.{area}.urls")
    return [
        written
        for group in resolver.reverse_dict.lists()
        for possibilities, *_ in group[1]
        for written, _ in possibilities
    ]


ROUTES = sorted({route for area in AREAS for route in routes(area)})


def forms(rolls: random.Random) -> list[dict[str, object]]:
    """Nothing at all, then many random forms, some of them with what the page really asks for."""
    found: list[dict[str, object]] = [{}]
    for _ in range(FORMS):
        names = rolls.sample(NAMES, rolls.randint(1, 30))
        form: dict[str, object] = {name: rolls.choice(ODD) for name in names}
        if rolls.random() < 0.7:
            words = [rolls.choice(("ask", "call", "end", "text", "-", "\0", "²", "group"))] * 3
            form["act"] = " ".join([rolls.choice([*ACTIONS, "undo", "redo"]), *words])
            form["drawn"] = " ".join(name.partition(".")[0] for name in NAMES)
        if rolls.random() < 0.8:
            form["revision"] = rolls.choice(["1", "2", "3"])
        found.append(form)
    return found


@pytest.mark.parametrize("route", ROUTES)
def test_no_form_breaks_a_page(route: str) -> None:
    rolls, target = random.Random(route), a_target()  # noqa: S311
    target.client.post(f"/workflows/{target.ids['workflow_id']}/edit/dry-run/start/")

    for form in forms(rolls):
        ids = target.ids | {"verb": rolls.choice(VERBS)}
        path = f"/{route % ids}"
        if rolls.random() < 0.2:
            form["file"] = SimpleUploadedFile("x.yaml", rolls.choice(ODD).encode() * 3)
        headers = {"X-Part": "1"} if rolls.random() < 0.5 else {}
        asked = {name: str(one) for name, one in form.items() if name != "file"}

        seen = target.client.get(path, asked, headers=headers)
        done = target.client.post(path, form, headers=headers)

        assert seen.status_code < 500
        assert done.status_code < 500
