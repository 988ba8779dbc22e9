"""Lists: filters, order, both pagings, one field across instances."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.callers import Caller, a_caller, a_process
from tests.instances.makers import a_form
from waypost.engine.definition import Workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def caller() -> Caller:
    return a_caller()


@pytest.fixture
def process(caller: Caller) -> Workflow:
    return a_process(caller, a_form("ask"))


@pytest.fixture
def ids(caller: Caller, process: Workflow) -> list[int]:
    """Three runs: the second is completed and says Bo, the third is stopped."""
    made = [
        caller.start(process, name=name, tags=tags, priority=priority)["id"]
        for name, tags, priority in [
            ("Ann", ["a"], "V"),
            ("Bob", ["b"], ""),
            ("Cy", ["a", "b"], "H"),
        ]
    ]
    step = process.steps[0]
    actions = [{"action_id": step.fields[0].id, "input_object": {"inputValue": "Bo"}}]
    caller.send(
        "POST", f"/instances/{made[1]}/complete_step/", {"step_id": step.id, "actions": actions}
    )
    caller.send("POST", "/instances/bulk/abort", {"ids": [made[2]]})
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [2, 1, 0]),
        ("?ordering=name", [0, 1, 2]),
        ("?ordering=-name,started_time", [2, 1, 0]),
        ("?name=b", [1]),
        ("?query=AN", [0]),
        ("?status=running", [0]),
        ("?status=completed", [1]),
        ("?status=aborted", [2]),
        ("?tags=a", [2, 0]),
        ("?tags=a,b", [2, 1, 0]),
        ("?priority=V", [0]),
        ("?progress_min=100&status=completed", [1]),
        ("?started_time_after=2020-01-01T00:00:00Z", [2, 1, 0]),
        ("?started_time_before=2020-01-01T00:00:00Z", []),
        ("?completed_time_after=2020-01-01", [1]),
        ("?ended_time_after=2020-01-01T00:00:00", [2, 1]),
        ("?total_runtime_max=01 09:30", [2, 1, 0]),
        ("?total_runtime_min=PT50M", []),
    ],
)
def test_filters_and_order(
    caller: Caller, process: Workflow, ids: list[int], query: str, expected: list[int]
) -> None:
    path = f"/processes/{process.id}/instances/{query}".replace(" ", "%20")

    told = caller.send("GET", path)

    assert told.status == 200, told.json
    found = [one["id"] for one in told.json["results"]]
    chosen = [ids[place] for place in expected]
    assert found == chosen if "ordering" in query or not query else set(found) == set(chosen)
    assert told.json["count"] == len(expected)


def test_active_step_and_instance_ids_narrow(
    caller: Caller, process: Workflow, ids: list[int]
) -> None:
    active = caller.send("GET", f"/instances/?active_step_id={process.steps[0].id}").json
    named = caller.send("GET", f"/instances/?instance_ids={ids[0]},{ids[2]}").json

    assert [one["id"] for one in active["results"]] == [ids[0]]
    assert {one["id"] for one in named["results"]} == {ids[0], ids[2]}


def test_numbered_pages_link_to_each_other(
    caller: Caller, process: Workflow, ids: list[int]
) -> None:
    first = caller.send("GET", f"/processes/{process.id}/instances/?limit=2").json
    second = caller.send("GET", first["next"].split("/api", 1)[1]).json

    assert [one["id"] for one in first["results"]] == [ids[2], ids[1]]
    assert [one["id"] for one in second["results"]] == [ids[0]]
    assert (first["previous"], second["next"]) == (None, None)
    assert "page=1" in second["previous"]


def test_cursor_pages_show_each_instance_once(
    caller: Caller, process: Workflow, ids: list[int]
) -> None:
    path, found = f"/v2/processes/{process.id}/instances/?page_size=1", []
    while path:
        page = caller.send("GET", path).json
        found += [one["id"] for one in page["results"]]
        path = page["next"].split("/api", 1)[1] if page["next"] else ""

    assert found == ids[::-1]
    assert set(page["results"][0]) == {"id", "name", "status", "public_url"}


def test_one_field_across_instances(caller: Caller, process: Workflow, ids: list[int]) -> None:
    step = process.steps[0]

    told = caller.send(
        "GET", f"/processes/{process.id}/steps/{step.id}/actions/{step.fields[0].id}/"
    ).json

    values = {one["instance_id"]: one["value"] for one in told["results"]}
    assert values == {ids[0]: None, ids[1]: {"inputValue": "Bo"}, ids[2]: None}


def test_a_list_needs_as_many_queries_for_many_as_for_few(
    caller: Caller, process: Workflow, ids: list[int]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            caller.send("GET", f"/processes/{process.id}/instances/")
        return len(captured)

    queries()
    few = queries()
    for number in range(10):
        caller.start(process, name=f"More {number}")

    assert queries() == few


def test_processes_are_listed_and_read(caller: Caller, process: Workflow) -> None:
    listed = caller.send("GET", "/processes/").json["results"]
    read = caller.send("GET", f"/processes/{process.id}/").json

    assert [one["id"] for one in listed] == [process.id]
    assert read["steps"][0]["actions"][0]["type"] == "short_text"
