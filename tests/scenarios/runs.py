"""Workflows and their runs as seen from outside: the REST API, and the database where the API says
less. Steps are named by their number, as people see it: the start item is 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.stack import Answer, Stack

Object = dict[str, Any]
FIRST_NUMBER = 2
_STATE = """
SELECT v.definition, s.state, i.status FROM instance i
JOIN instance_state s ON s.instance_id = i.id JOIN workflow_version v ON v.id = i.version_id
WHERE i.id = %s
"""
_EXCHANGES = """
SELECT attempt, status, request, response, idempotency_key, url FROM exchange
WHERE instance_id = %s AND step_id = %s ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP exchange of a call, as logged."""

    attempt: int
    status: int | None
    request: Object
    response: Object | None
    key: str
    url: str


@dataclass(frozen=True)
class Process:
    """A workflow with the ids of its steps and fields."""

    shown: Object

    @property
    def id(self) -> int:
        """Its id."""
        return int(self.shown["id"])

    def step_id(self, number: int) -> int:
        """The id of the step with this number."""
        return int(self.shown["steps"][number - FIRST_NUMBER]["id"])

    def field_id(self, number: int, place: int = 0) -> int:
        """The id of one of its fields."""
        return int(self.shown["steps"][number - FIRST_NUMBER]["actions"][place]["id"])


def process_named(stack: Stack, name: str) -> Process:
    """The published workflow of this name."""
    listed: list[Object] = stack.call("GET", "/api/processes/").json["results"]
    found = next(one for one in listed if one["name"] == name)
    return Process(stack.call("GET", f"/api/processes/{found['id']}/").json)


@dataclass(frozen=True)
class Run:
    """One instance."""

    stack: Stack
    process: Process
    id: int

    @property
    def shown(self) -> Object:
        """As the API shows it, with values."""
        shown: Object = self.stack.call("GET", f"/api/instances/{self.id}/?inject_values=true").json
        return shown

    @property
    def steps(self) -> dict[int, Object]:
        """What the database keeps of each step, by number."""
        definition, state, _ = self._rows()
        runs: Object = state.get("runs", {})
        return {
            number: {"status": "not_started", "visit": 0} | runs.get(step["key"], {})
            for number, step in enumerate(definition["steps"], FIRST_NUMBER)
        }

    @property
    def statuses(self) -> dict[int, str]:
        """Where each step stands, by number."""
        return {number: str(step["status"]) for number, step in self.steps.items()}

    @property
    def status(self) -> str:
        """running, completed or aborted."""
        return str(self._rows()[2])

    @property
    def active(self) -> set[int]:
        """The numbers of the steps that the API calls active."""
        ids = self.stack.call("GET", f"/api/instances/{self.id}/").json["active_step_ids"]
        numbers = range(FIRST_NUMBER, FIRST_NUMBER + len(self.process.shown["steps"]))
        return {number for number in numbers if self.process.step_id(number) in ids}

    def value(self, number: int, place: int = 0) -> Any:  # noqa: ANN401 - any JSON
        """What the API says was entered in a field."""
        return self.shown["process_snapshot"]["steps"][number - FIRST_NUMBER]["actions"][place].get(
            "value"
        )

    def exchanges(self, number: int) -> list[Exchange]:
        """The logged exchanges of a call, in order."""
        rows = self.stack.sql(_EXCHANGES, self.id, self.process.step_id(number))
        return [Exchange(*row) for row in rows]

    def events(self, kind: str, number: int) -> int:
        """How often something happened to a step."""
        query = "SELECT count(*) FROM event WHERE instance_id = %s AND kind = %s AND step_id = %s"
        return int(self.stack.sql(query, self.id, kind, self.process.step_id(number))[0][0])

    def failed_for_the_tech_lead(self) -> int:
        """How many steps stand in the tech lead's inbox."""
        query = "SELECT count(*) FROM open_step WHERE instance_id = %s AND is_failed"
        return int(self.stack.sql(query, self.id)[0][0])

    def complete(self, number: int, *values: object) -> Answer:
        """Complete a step through the API, its fields in order."""
        actions = [
            {"action_id": self.process.field_id(number, place), "input_object": value}
            for place, value in enumerate(values)
        ]
        body = {"step_id": self.process.step_id(number), "actions": actions}
        return self.stack.call("POST", f"/api/instances/{self.id}/complete_step/", body)

    def completed(self, number: int, *values: object) -> Object:
        """Complete a step that can be; what the API answered."""
        answer = self.complete(number, *values)
        assert answer.status == 200, answer.body.decode()
        shown: Object = answer.json
        return shown

    def wait_for(self, number: int, *statuses: str) -> None:
        """Until the step stands so."""
        wanted = statuses or ("active",)
        try:
            self.stack.wait_until(lambda: self.statuses[number] in wanted, 45)
        except AssertionError as error:
            raise AssertionError(f"step {number} is not {wanted}: {self.statuses}") from error

    def wait_until(self, status: str) -> None:
        """Until the instance stands so."""
        try:
            self.stack.wait_until(lambda: self.status == status, 45)
        except AssertionError as error:
            raise AssertionError(f"not {status}: {self.statuses}") from error

    def _rows(self) -> tuple[Object, Object, str]:
        definition, state, status = self.stack.sql(_STATE, self.id)[0]
        return definition, state, status


def start(stack: Stack, process: Process, name: str) -> Run:
    """Start a workflow through the API."""
    uri = f"{stack.url}/api/processes/{process.id}/"
    answer = stack.call("POST", "/api/instances/", {"process": uri, "name": name})
    assert answer.status == 201, answer.body.decode()
    return Run(stack, process, int(answer.json["id"]))


def children(run: Run, process: Process) -> list[Run]:
    """The instances that a run has started, the oldest first."""
    rows = run.stack.sql("SELECT id FROM instance WHERE parent_id = %s ORDER BY id", run.id)
    return [Run(run.stack, process, int(row[0])) for row in rows]


def text(value: str) -> Mapping[str, str]:
    """The input object of a text."""
    return {"inputValue": value}


def chosen(item: str) -> Mapping[str, str]:
    """The input object of a radio."""
    return {"radioItemSelected": item}


def routed(action: str, to: int) -> Mapping[str, str | int]:
    """The input object of a routing; `to` is a step id, -1 to go on, -2 to stop."""
    return {"action": action, "comment": "", "label": "", "returnToStep": to}


GO_ON = routed("complete", -1)
STOP = routed("decline", -2)
