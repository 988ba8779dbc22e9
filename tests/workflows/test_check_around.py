"""What only a workspace shows: credentials, people, other workflows."""

from __future__ import annotations

import pytest

from tests.engine.checks.makers import ASK, a_call, a_workflow
from waypost.workflows.check import Surroundings, findings_of

CALL = a_call(credential="key")
HERE = frozenset({"https://api.example.org"})


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        (Surroundings(), ["missing_credential"]),
        (Surroundings(revoked=frozenset({"key"})), ["revoked_credential"]),
        (
            Surroundings(frozenset({"key"}), origins={"key": frozenset({"https://other.example"})}),
            ["credential_elsewhere"],
        ),
        (Surroundings(frozenset({"key"}), origins={"key": HERE}), []),
        (Surroundings(frozenset({"key"})), []),
    ],
)
def test_a_credential_that_a_call_cannot_use_is_found(
    around: Surroundings, expected: list[str]
) -> None:
    findings = findings_of(a_workflow(CALL), around)

    assert [one.code for one in findings] == expected
    assert all(one.severity == "warning" for one in findings)


def test_without_a_workspace_nothing_is_said_of_it() -> None:
    silent = a_workflow(CALL, acknowledged=["missing_credential:call"])

    assert findings_of(a_workflow(CALL)) == ()
    assert findings_of(silent) == ()
    stored = Surroundings(frozenset({"key"}))
    assert [one.code for one in findings_of(silent, stored)] == ["idle_acknowledgement"]


def test_people_and_workflows_that_are_not_here_are_found() -> None:
    workflow = a_workflow(
        ASK | {"assignee": "user:ann@acme.example"},
        a_call(url="https://api.example.org/{{=id other/step}}"),
    )
    other = a_workflow({"key": "step"}, key="other")

    nobody = findings_of(workflow, Surroundings())
    everybody = Surroundings(emails=frozenset({"ann@acme.example"}), workflows={"other": other})

    assert [one.code for one in nobody] == ["unknown_user", "unknown_id"]
    assert findings_of(workflow, everybody) == ()


def test_a_call_with_our_ids_to_another_server_is_found() -> None:
    body = '{"step_id": {{=id flow/ask}}}'
    url = "https://other.example/api/instances/{{=instance.id}}/complete_step/"
    workflow = a_workflow(a_call(url=url, body=body, is_blocking=False), ASK)
    here = Surroundings(own_origins=frozenset({"https://way.example"}))
    there = Surroundings(own_origins=frozenset({"https://other.example"}))

    assert [one.code for one in findings_of(workflow, here)] == ["other_server"]
    assert findings_of(workflow, there) == ()
    assert findings_of(workflow, Surroundings()) == ()
