"""Starting, reading, changing and completing over the REST API."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.api.callers import Caller, a_caller, a_process
from tests.instances.makers import a_form
from waypost.engine.definition import Workflow
from waypost.instances.detail import InstanceDetail
from waypost.instances.queries import load_instance
from waypost.workflows.archiving import archive_workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def caller() -> Caller:
    return a_caller()


@pytest.fixture
def process(caller: Caller) -> Workflow:
    return a_process(caller, a_form("ask"), a_form("again"))


def test_start_answers_with_the_ids_of_steps_and_fields(caller: Caller, process: Workflow) -> None:
    told = caller.send(
        "POST", "/instances/", {"process": f"/api/processes/{process.id}/", "name": "A"}
    )

    assert told.status == 201
    first = told.json["process_snapshot"]["steps"][0]
    assert first["id"] == process.steps[0].id
    assert first["actions"][0]["id"] == process.steps[0].fields[0].id
    assert told.json["active_step_ids"] == [first["id"]]
    assert told.json["url"].endswith(f"/api/instances/{told.json['id']}/")


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_trailing_slash_does_not_matter(caller: Caller, process: Workflow, slash: str) -> None:
    started = caller.start(process)

    assert caller.send("GET", f"/instances/{started['id']}{slash}").status == 200


@pytest.mark.parametrize(
    "header", ["Api-Key {}", "API Key {}", "API-Key {}", "api_key {}", "Bearer {}", "{}"]
)
def test_every_spelling_of_the_key_is_taken(caller: Caller, header: str) -> None:
    told = caller.send("GET", "/processes/", HTTP_AUTHORIZATION=header.format(caller.key))

    assert told.status == 200


def test_a_wrong_key_is_401_and_says_what_to_do(caller: Caller) -> None:
    told = caller.send("GET", "/processes/", HTTP_AUTHORIZATION="Api-Key nobody.nothing")

    assert (told.status, told.json["code"]) == (401, "invalid_key")
    assert "API keys" in told.json["detail"]


@pytest.mark.parametrize("as_text", [False, True])
def test_ids_are_integers_or_numeric_strings(
    caller: Caller, process: Workflow, as_text: bool
) -> None:
    instance = caller.start(process)["id"]
    step, field = process.steps[0].id, process.steps[0].fields[0].id
    spell = str if as_text else int

    told = caller.send(
        "POST",
        f"/instances/{instance}/complete_step/",
        {
            "step_id": spell(step),
            "actions": [{"action_id": spell(field), "input_object": {"inputValue": "x"}}],
        },
    )

    assert told.status == 200
    assert told.json["active_step_ids"] == [process.steps[1].id]


def test_completing_twice_is_400_with_a_stable_code(caller: Caller, process: Workflow) -> None:
    instance = caller.start(process)["id"]
    path, body = f"/instances/{instance}/complete_step/", {"step_id": process.steps[0].id}
    caller.send("POST", path, body)

    told = caller.send("POST", path, body)

    assert (told.status, told.json["code"]) == (400, "step_already_completed")


def test_a_step_that_is_not_reached_is_told_apart(caller: Caller, process: Workflow) -> None:
    instance = caller.start(process)["id"]

    told = caller.send(
        "POST", f"/instances/{instance}/complete_step/", {"step_id": process.steps[1].id}
    )

    assert (told.status, told.json["code"]) == (400, "step_not_active")


def test_an_unknown_field_is_named(caller: Caller, process: Workflow) -> None:
    instance = caller.start(process)["id"]
    body = {
        "step_id": process.steps[0].id,
        "actions": [{"action_id": 987654321, "input_object": {}}],
    }

    told = caller.send("POST", f"/instances/{instance}/complete_step/", body)

    assert (told.status, told.json["code"]) == (400, "unknown_action")
    assert "987654321" in told.json["detail"]


def test_values_and_times_are_shown_on_demand(caller: Caller, process: Workflow) -> None:
    instance = caller.start(process)["id"]
    step = process.steps[0]
    actions = [{"action_id": step.fields[0].id, "input_object": {"inputValue": "Ann"}}]
    caller.send(
        "POST", f"/instances/{instance}/complete_step/", {"step_id": step.id, "actions": actions}
    )

    plain = caller.send("GET", f"/instances/{instance}/").json
    full = caller.send(
        "GET", f"/instances/{instance}/?inject_values=true&steps_time_frame=true"
    ).json

    first = full["process_snapshot"]["steps"][0]
    assert first["actions"][0]["value"] == {"inputValue": "Ann"}
    assert first["completed_time"] is not None
    assert "value" not in plain["process_snapshot"]["steps"][0]["actions"][0]


def test_the_first_answer_is_replayed_under_its_key(caller: Caller, process: Workflow) -> None:
    body = {"process": process.id, "name": "Once"}

    first = caller.send("POST", "/instances/", body, HTTP_IDEMPOTENCY_KEY="k1")
    second = caller.send("POST", "/instances/", body, HTTP_IDEMPOTENCY_KEY="k1")
    other = caller.send("POST", "/instances/", body | {"name": "Other"}, HTTP_IDEMPOTENCY_KEY="k1")

    assert first.status == second.status == 201
    assert first.json == second.json
    assert second.headers["Idempotency-Replayed"] == "true"
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")
    assert caller.send("GET", "/instances/").json["count"] == 1


def test_not_active_is_not_kept_for_a_key(caller: Caller, process: Workflow) -> None:
    instance = caller.start(process)["id"]
    path = f"/instances/{instance}/complete_step/"
    early = caller.send("POST", path, {"step_id": process.steps[1].id}, HTTP_IDEMPOTENCY_KEY="k2")
    caller.send("POST", path, {"step_id": process.steps[0].id})

    later = caller.send("POST", path, {"step_id": process.steps[1].id}, HTTP_IDEMPOTENCY_KEY="k2")

    assert (early.status, later.status) == (400, 200)


def test_put_and_patch_change_what_is_said(caller: Caller, process: Workflow) -> None:
    instance = caller.start(process, priority="H", tags=["a"])["id"]
    path = f"/instances/{instance}/"

    patched = caller.send("PATCH", path, {"name": "New", "deadline": "2027-01-01T10:00:00Z"})
    put = caller.send("PUT", path, {"name": "Newer", "tags": ["b", "c"]})

    assert (patched.json["name"], patched.json["priority"], patched.json["tags"]) == (
        "New",
        "H",
        ["a"],
    )
    assert patched.json["deadline"] == "2027-01-01T10:00:00Z"
    assert (put.json["name"], put.json["deadline"], put.json["priority"]) == ("Newer", None, None)
    assert put.json["tags"] == ["b", "c"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2027-01-01T10:00:00+02:00", "2027-01-01T08:00:00Z"),
        ("2027-01-01T10:00:00-20:57", "2027-01-02T06:57:00Z"),
        ("2027-01-01", "2027-01-01T00:00:00Z"),
    ],
)
def test_a_deadline_of_any_zone_is_kept_in_utc(
    caller: Caller, process: Workflow, sent: str, kept: str
) -> None:
    instance = caller.start(process)["id"]

    told = caller.send("PATCH", f"/instances/{instance}/", {"deadline": sent})

    assert (told.status, told.json["deadline"]) == (200, kept)


@pytest.mark.parametrize("sent", [b'""', b"[]", b"null", b"7"])
def test_a_body_that_is_no_object_is_refused(
    caller: Caller, process: Workflow, sent: bytes
) -> None:
    instance = caller.start(process)["id"]

    told = caller.send("PATCH", f"/instances/{instance}/", sent)

    assert (told.status, told.json["code"]) == (400, "invalid_json")


def test_half_a_letter_of_another_system_is_dropped(caller: Caller, process: Workflow) -> None:
    body = f'{{"process": {process.id}, "name": "Ann\\ud83d"}}'.encode()

    told = caller.send("POST", "/instances/", body)

    assert (told.status, told.json["name"]) == (201, "Ann")


def test_a_body_that_is_too_large_is_413(caller: Caller, process: Workflow) -> None:
    told = caller.send("POST", "/instances/", {"process": process.id, "name": "x" * 2_700_000})

    assert (told.status, told.json["code"]) == (413, "too_large")


def test_whole_numbers_are_ids_however_json_writes_them(caller: Caller, process: Workflow) -> None:
    told = caller.send(
        "POST", "/instances/", f'{{"process": {process.id}.0, "name": "A"}}'.encode()
    )

    assert told.status == 201


def test_a_process_that_is_not_there_is_404(caller: Caller) -> None:
    told = caller.send("GET", "/processes/987654321/")

    assert (told.status, told.json["code"]) == (404, "not_found")


def test_bulk_abort_and_delete(caller: Caller, process: Workflow) -> None:
    ids = [caller.start(process)["id"] for _ in range(3)]

    aborted = caller.send("POST", "/instances/bulk/abort", {"ids": ids[:2]})
    deleted = caller.send("DELETE", "/instances/bulk", {"ids": ids[2:]})

    assert (aborted.status, aborted.json) == (201, {"ids": ids[:2]})
    assert (deleted.status, deleted.json) == (201, {"ids": ids[2:]})
    assert caller.send("GET", f"/instances/{ids[0]}/").json["aborted_time"] is not None
    assert caller.send("GET", f"/instances/{ids[2]}/").status == 404


def test_another_workspace_sees_nothing(caller: Caller, process: Workflow) -> None:
    instance = caller.start(process)["id"]
    stranger = a_caller()

    seen = stranger.send("GET", f"/instances/{instance}/")
    done = stranger.send(
        "POST", f"/instances/{instance}/complete_step/", {"step_id": process.steps[0].id}
    )
    started = stranger.send("POST", "/instances/", {"process": process.id, "name": "x"})

    assert (seen.status, done.status) == (404, 404)
    assert (started.status, started.json["code"]) == (400, "workflow_not_found")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/instances/", b"{not json", 400, "invalid_json"),
        ("POST", "/instances/", {"name": "x"}, 400, "invalid_request"),
        ("POST", "/instances/", {"process": "x"}, 400, "invalid_request"),
        ("POST", "/instances/", {"process": True}, 400, "invalid_request"),
        ("GET", "/nowhere/", None, 404, "not_found"),
        ("DELETE", "/instances/", None, 405, "method_not_allowed"),
        ("GET", "/instances/999999999999999999999/", None, 400, "invalid_request"),
        ("GET", "/instances/?ordering=shoe_size", None, 400, "invalid_request"),
        ("GET", "/instances/?status=lost", None, 400, "invalid_request"),
        ("GET", "/instances/?deadline_after=0.5", None, 400, "invalid_request"),
        ("GET", "/instances/?total_runtime_min=0.5", None, 400, "invalid_request"),
        ("GET", "/instances/?instance_ids=1,x", None, 400, "invalid_request"),
    ],
)
def test_faults_are_json_with_a_code(
    caller: Caller, method: str, path: str, body: object, status: int, code: str
) -> None:
    told = caller.send(method, path, body)

    assert (told.status, told.json["code"]) == (status, code)
    assert told.json["detail"]


def test_too_many_requests_are_429_with_retry_after(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "API_REQUESTS_PER_MINUTE", 3)

    told = [caller.send("GET", "/processes/") for _ in range(5)]

    assert [one.status for one in told[:3]] == [200, 200, 200]
    assert (told[4].status, told[4].json["code"]) == (429, "rate_limited")
    assert int(told[4].headers["Retry-After"]) >= 1


def test_an_archived_process_starts_no_more(caller: Caller, process: Workflow) -> None:
    archive_workflow(caller.place.lead, process.id)

    told = caller.send("POST", "/instances/", {"process": process.id, "name": "Late"})

    assert (told.status, told.json["code"]) == (400, "workflow_archived")


def test_a_start_keeps_the_declared_url_parameters(caller: Caller) -> None:
    process = a_process(caller, a_form("ask"), url_parameters=("country",))

    told = caller.start(process, url_parameters={"country": "Spa\x00in", "utm": "mail"})

    found = load_instance(caller.actor, told["id"])
    assert isinstance(found, InstanceDetail)
    assert found.state.url_parameters == {"country": "Spain"}
    assert "url_parameters" not in told


def test_url_parameters_are_texts(caller: Caller, process: Workflow) -> None:
    body = {"process": process.id, "name": "A", "url_parameters": {"country": 7}}

    told = caller.send("POST", "/instances/", body)

    assert told.status == 400
    assert "country" in str(told.json["fields"])
