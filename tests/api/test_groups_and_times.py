"""Groups, scheduled steps and deadlines over the REST API."""

from __future__ import annotations

import pytest

from tests.api.callers import Caller, a_caller, a_process
from tests.instances.makers import a_form, a_group

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def caller() -> Caller:
    return a_caller()


def test_a_group_is_a_step_without_fields_that_nobody_completes(caller: Caller) -> None:
    process = a_process(caller, a_group("papers"), a_form("sign", within="papers"))
    instance = caller.start(process)

    told = caller.complete(process, instance["id"], "papers", {})

    group, sign = instance["process_snapshot"]["steps"]
    assert (group["type"], group["name"], group["actions"]) == ("group", "Papers", [])
    assert instance["active_step_ids"] == [sign["id"]]
    assert (told.status, told.json["code"]) == (400, "step_is_automatic")
    assert caller.complete(process, instance["id"], "sign", {}).json["completed_time"]


def test_a_scheduled_step_is_not_active_and_says_when_it_starts(caller: Caller) -> None:
    process = a_process(caller, a_form("later", schedule={"amount": 1}), a_form("next"))
    instance = caller.start(process)

    told = caller.complete(process, instance["id"], "later", {})

    assert instance["active_step_ids"] == []
    assert (told.status, told.json["code"]) == (400, "step_not_active")
    assert "starts at" in told.json["detail"]


def test_deadlines_of_open_steps_are_told_and_found(caller: Caller) -> None:
    process = a_process(caller, a_form("ask", deadline={"amount": 2}), a_form("next"))
    instance = caller.start(process)
    [due] = instance["step_deadlines"]
    other = caller.start(a_process(caller, a_form("free")))

    before = caller.send("GET", f"/instances/?step_deadline_before={due['deadline']}")
    after = caller.send("GET", "/instances/?step_deadline_after=2999-01-01")

    assert due["step_id"] == process.steps[0].id
    assert due["deadline"].endswith("Z")
    assert [one["id"] for one in before.json["results"]] == [instance["id"]]
    assert before.json["results"][0]["step_deadlines"] == [due]
    assert after.json["results"] == []
    assert other["step_deadlines"] == []
    assert caller.complete(process, instance["id"], "ask", {}).json["step_deadlines"] == []
