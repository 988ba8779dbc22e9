"""Definitions over the API: created, read, changed, checked, published, restored."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.callers import Caller, Told, a_caller
from tests.instances.makers import an_actor
from waypost.engine.errors import Refusal
from waypost.people.actor import Actor
from waypost.people.keys import create_api_key
from waypost.workflows.actions import Rejected, export_workflow, import_workflows
from waypost.workflows.models import DraftChange
from waypost.workflows.templates import read_templates

pytestmark = pytest.mark.django_db(transaction=True)

DEFINITION: dict[str, Any] = {
    "key": "ask",
    "name": "Ask",
    "steps": [
        {"key": "ask", "name": "Ask", "type": "form"},
        {"key": "send", "name": "Send", "type": "http_request", "url": "https://api.example/"},
    ],
}


@pytest.fixture
def caller() -> Caller:
    return a_caller()


def made(caller: Caller, **changed: object) -> dict[str, Any]:
    """A workflow made over the API, as it was answered."""
    told = caller.send("POST", "/workflows/", {"definition": DEFINITION | changed})
    assert told.status == 201, told.json
    found: dict[str, Any] = told.json
    return found


def put(caller: Caller, workflow: dict[str, Any], **changed: object) -> Told:
    """Send a workflow back with another definition."""
    body = workflow | {"definition": workflow["definition"] | changed}
    return caller.send("PUT", f"/workflows/{workflow['id']}/", body)


def sent_as_yaml(caller: Caller, method: str, path: str, text: str) -> Told:
    reply = Client().generic(
        method,
        f"/api{path}",
        text.encode(),
        "application/yaml",
        HTTP_AUTHORIZATION=f"Api-Key {caller.key}",
    )
    return Told(reply.status_code, json.loads(reply.content), dict(reply.headers))


def with_key_of(caller: Caller, actor: Actor) -> Caller:
    """Somebody else in the caller's workspace."""
    assert actor.principal_id is not None
    key = create_api_key(caller.actor, "other", actor.principal_id)
    assert not isinstance(key, Refusal)
    return Caller(caller.place, actor, key[1])


def names(workflow: dict[str, Any]) -> list[str]:
    return [step["name"] for step in workflow["definition"]["steps"]]


def test_what_was_created_is_read_and_listed(caller: Caller) -> None:
    workflow = made(caller)

    read = caller.send("GET", f"/workflows/{workflow['id']}/").json
    listed = caller.send("GET", "/workflows/").json

    assert read == workflow
    assert read["definition"] == DEFINITION | {"format": 1}
    assert [one["key"] for one in listed["results"]] == ["ask"]
    assert "id" not in read["definition"]["steps"][0]


def test_a_draft_that_would_not_run_is_kept_and_says_so(caller: Caller) -> None:
    workflow = made(caller, steps=[])

    assert [one["code"] for one in workflow["findings"]] == ["no_steps"]


def test_a_key_is_taken_once(caller: Caller) -> None:
    made(caller)

    told = caller.send("POST", "/workflows/", {"definition": DEFINITION})

    assert (told.status, told.json["code"]) == (409, "key_taken")


def test_creating_twice_under_one_idempotency_key_makes_one(caller: Caller) -> None:
    first, second = (
        caller.send(
            "POST", "/workflows/", {"definition": DEFINITION}, HTTP_IDEMPOTENCY_KEY="deploy-1"
        )
        for _ in range(2)
    )

    assert (second.status, second.json) == (201, first.json)
    assert second.headers["Idempotency-Replayed"] == "true"


def test_two_who_change_different_places_lose_nothing(caller: Caller) -> None:
    seen = made(caller)
    put(caller, seen, name="Theirs")
    ask, send = seen["definition"]["steps"]

    told = put(caller, seen, steps=[ask, send | {"name": "Ours"}])

    assert told.status == 200
    assert (told.json["name"], names(told.json)) == ("Theirs", ["Ask", "Ours"])


def test_two_who_change_the_same_place_collide_with_both_values(caller: Caller) -> None:
    seen = made(caller)
    put(caller, seen, name="Theirs")

    told = put(caller, seen, name="Ours")

    assert (told.status, told.json["code"]) == (409, "draft_conflict")
    assert "“Theirs”" in told.json["detail"]
    assert "“Ours”" in told.json["detail"]


def test_a_workflow_keeps_its_key(caller: Caller) -> None:
    told = put(caller, made(caller), key="other")

    assert (told.status, told.json["code"]) == (400, "other_key")


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"steps": [{"key": "a", "name": "A", "type": "forn"}]}, "definition.steps.0.type"),
        ({"steps": [{"key": "a", "name": "A", "type": "form", "id": 7}]}, "definition.steps.0.id"),
        ({"colour": "red"}, "definition.colour"),
        ({"name": 7}, "definition.name"),
        ({"format": 99}, "definition.format"),
    ],
)
def test_a_fault_of_form_is_told_with_its_place(
    caller: Caller, changed: dict[str, object], place: str
) -> None:
    told = caller.send("POST", "/workflows/", {"definition": DEFINITION | changed})

    assert (told.status, told.json["code"]) == (400, "invalid_definition")
    assert place in told.json["fields"]


def test_keys_that_stand_twice_are_refused(caller: Caller) -> None:
    step = DEFINITION["steps"][0]

    told = caller.send("POST", "/workflows/", {"definition": DEFINITION | {"steps": [step, step]}})

    assert (told.status, told.json["code"]) == (400, "unusable_key")
    assert caller.send("GET", "/workflows/").json["count"] == 0


def test_page_file_and_api_round_trip_to_the_byte(caller: Caller) -> None:
    given = {"BASE": "http://127.0.0.1:8000", "TWILIO_SERVICE_SID": "VA" + "0" * 32}
    imported = import_workflows(caller.actor, read_templates(given), publish=False)
    assert not isinstance(imported, Rejected), imported
    ids = [one.workflow_id for one in imported]
    exported = [export_workflow(caller.actor, one) for one in ids]

    for one in ids:
        read = caller.send("GET", f"/workflows/{one}/").json
        renamed = put(caller, read, name="Other")
        back = put(caller, renamed.json, name=read["name"])
        assert back.status == 200, back.json

    assert [export_workflow(caller.actor, one) for one in ids] == exported


def test_a_file_is_sent_and_read_as_it_is(caller: Caller) -> None:
    text = "key: ask\nname: Ask\nsteps:\n  - {key: ask, name: Ask, type: form}\n"

    created = sent_as_yaml(caller, "POST", "/workflows/", text)
    path = f"/workflows/{created.json['id']}/"
    changed = sent_as_yaml(
        caller, "PUT", f"{path}?revision=2", text.replace("name: Ask,", "name: A,")
    )
    file = Client().get(
        f"/api{path}", HTTP_AUTHORIZATION=f"Api-Key {caller.key}", HTTP_ACCEPT="application/yaml"
    )

    assert (created.status, changed.status) == (201, 200)
    assert file.content.decode() == export_workflow(caller.actor, created.json["id"])
    assert names(changed.json) == ["A"]


def test_a_diagram_is_answered_to_those_who_want_a_picture(caller: Caller) -> None:
    made = caller.send("POST", "/workflows/", {"definition": DEFINITION})

    answer = Client().get(
        f"/api/workflows/{made.json['id']}/",
        HTTP_AUTHORIZATION=f"Api-Key {caller.key}",
        HTTP_ACCEPT="image/svg+xml",
    )

    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")


def test_a_file_that_is_no_yaml_is_refused_with_the_line(caller: Caller) -> None:
    told = sent_as_yaml(caller, "POST", "/workflows/", "key: ask\nname: [\n")

    assert (told.status, told.json["code"]) == (400, "invalid_yaml")
    assert told.json["detail"].startswith("Line ")


def test_a_secret_becomes_a_credential_and_never_comes_back(caller: Caller) -> None:
    seen = made(caller)
    ask, send = seen["definition"]["steps"]
    header = {"name": "Authorization", "value": "Bearer very-secret-token"}

    told = put(caller, seen, steps=[ask, send | {"headers": [header]}])

    assert told.json["definition"]["steps"][1]["credential"] == "ask-send"
    assert "very-secret" not in json.dumps(told.json)
    assert "very-secret" not in str(DraftChange.objects.values_list("changes", flat=True))


def test_checking_stores_nothing(caller: Caller) -> None:
    told = caller.send("POST", "/workflows/check/", {"definition": DEFINITION | {"steps": []}})

    assert told.json["is_publishable"] is False
    assert [one["code"] for one in told.json["findings"]] == ["no_steps"]
    assert caller.send("GET", "/workflows/").json["count"] == 0


def test_a_draft_is_checked_and_published(caller: Caller) -> None:
    path = f"/workflows/{made(caller)['id']}"

    checked = caller.send("POST", f"{path}/check/").json
    first = caller.send("POST", f"{path}/publish/", {"revision": 2}).json
    again = caller.send("POST", f"{path}/publish/", {}).json

    assert checked == {"is_publishable": True, "findings": []}
    assert (first["published_version"], first["is_changed"]) == (1, True)
    assert (again["published_version"], again["is_changed"]) == (1, False)


def test_errors_and_warnings_stop_publishing_and_name_their_place(caller: Caller) -> None:
    empty = made(caller, steps=[])
    ask, send = DEFINITION["steps"]
    warned = made(caller, key="warned", steps=[ask, send | {"credential": "nowhere"}])
    acknowledged = {"acknowledged": [one["acknowledgement"] for one in warned["findings"]]}

    stopped = caller.send("POST", f"/workflows/{empty['id']}/publish/", acknowledged)
    asked = caller.send("POST", f"/workflows/{warned['id']}/publish/", {})
    done = caller.send("POST", f"/workflows/{warned['id']}/publish/", acknowledged)

    assert (stopped.status, stopped.json["code"]) == (400, "has_errors")
    assert list(stopped.json["fields"]) == ["steps"]
    assert (asked.status, asked.json["code"]) == (400, "unacknowledged_warnings")
    assert list(asked.json["fields"]) == ["send.credential"]
    assert done.status == 200


def test_an_older_revision_is_not_published(caller: Caller) -> None:
    seen = made(caller)
    put(caller, seen, name="Theirs")

    told = caller.send("POST", f"/workflows/{seen['id']}/publish/", {"revision": seen["revision"]})

    assert (told.status, told.json["code"]) == (409, "draft_conflict")


def test_versions_tell_what_changed_and_can_be_restored(caller: Caller) -> None:
    workflow = made(caller)
    path = f"/workflows/{workflow['id']}"
    caller.send("POST", f"{path}/publish/", {})
    put(caller, workflow, name="Question")
    caller.send("POST", f"{path}/publish/", {})

    versions = caller.send("GET", f"{path}/versions/").json["results"]
    second = caller.send("GET", f"{path}/versions/2/").json
    restored = caller.send("POST", f"{path}/versions/1/restore/")

    assert [(one["number"], one["is_current"]) for one in versions] == [(2, True), (1, False)]
    assert second["changes"] == [{"step": "", "text": "Name", "old": "Ask", "new": "Question"}]
    assert (restored.status, restored.json["name"]) == (200, "Ask")
    assert restored.json["published_version"] == 2


def test_another_workspace_finds_nothing(caller: Caller) -> None:
    path = f"/workflows/{made(caller)['id']}"
    caller.send("POST", f"{path}/publish/", {})
    stranger = a_caller()
    body = {"revision": 2, "definition": DEFINITION}

    answers = [
        stranger.send("GET", f"{path}/"),
        stranger.send("PUT", f"{path}/", body),
        stranger.send("POST", f"{path}/check/"),
        stranger.send("POST", f"{path}/publish/", {}),
        stranger.send("GET", f"{path}/versions/"),
        stranger.send("GET", f"{path}/versions/1/"),
        stranger.send("POST", f"{path}/versions/1/restore/"),
    ]

    assert [(one.status, one.json["code"]) for one in answers] == [(404, "not_found")] * 7
    assert stranger.send("GET", "/workflows/").json["count"] == 0


def test_colleagues_look_and_only_leads_and_admins_change(caller: Caller) -> None:
    seen = made(caller)
    path = f"/workflows/{seen['id']}"
    colleague = with_key_of(caller, an_actor(caller.place.workspace))

    read = colleague.send("GET", f"{path}/")
    changed = put(colleague, seen, name="Mine")
    published = colleague.send("POST", f"{path}/publish/", {})

    assert read.status == 200
    assert (changed.status, changed.json["code"]) == (401, "not_permitted")
    assert (published.status, published.json["code"]) == (401, "not_permitted")


def test_light_users_create_and_check_nothing(caller: Caller) -> None:
    light = with_key_of(caller, an_actor(caller.place.workspace, light=True))

    told = light.send("POST", "/workflows/", {"definition": DEFINITION})
    # What the check says of credentials, people and other workflows is not for them either.
    checked = light.send("POST", "/workflows/check/", {"definition": DEFINITION})

    assert (told.status, told.json["code"]) == (401, "not_permitted")
    assert (checked.status, checked.json["code"]) == (401, "not_permitted")


def test_a_list_takes_as_many_queries_for_many_as_for_few(caller: Caller) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            caller.send("GET", "/workflows/")
        return len(captured)

    made(caller)
    queries()
    few = queries()
    for number in range(5):
        made(caller, key=f"more-{number}")

    assert queries() == few
