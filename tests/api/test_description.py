"""The OpenAPI document: complete, and its examples are requests that work."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings

from tests.api.callers import Caller, a_caller, a_process
from tests.instances.makers import a_form
from waypost.api.codes import FAULTS
from waypost.api.router import api

DOCUMENT: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    said: dict[str, Any]

    @property
    def request(self) -> object:
        """The example of its body."""
        return (
            self.said.get("requestBody", {})
            .get("content", {})
            .get("application/json", {})
            .get("example")
        )

    @property
    def success(self) -> tuple[int, object]:
        """The status when all is well, and the example of the answer."""
        status = next(one for one in self.said["responses"] if int(one) < 400)
        return int(status), self.said["responses"][status]["content"]["application/json"]["example"]

    @property
    def example_path(self) -> str:
        """The path with the examples of its parameters."""
        examples = {
            one["name"]: one["example"] for one in self.said["parameters"] if "example" in one
        }
        return self.path.format(**examples)


def operations() -> Iterator[Operation]:
    for path, methods in DOCUMENT["paths"].items():
        for method, said in methods.items():
            yield Operation(method.upper(), path, said)


EVERY = pytest.mark.parametrize(
    "operation", list(operations()), ids=lambda one: one.said["operationId"]
)


@EVERY
def test_an_operation_says_what_it_does_takes_and_answers(operation: Operation) -> None:
    said = operation.said

    assert said["summary"] and said["description"] and said["tags"]
    assert all(parameter["description"] for parameter in said["parameters"])
    assert all(response["description"] for response in said["responses"].values())
    assert operation.success[1] is not None
    assert ("requestBody" in said) == (operation.request is not None)


@EVERY
def test_what_may_be_repeated_or_refused_for_now_is_told(operation: Operation) -> None:
    responses = operation.said["responses"]
    names = {parameter["name"] for parameter in operation.said["parameters"]}

    assert "Retry-After" in responses["429"]["headers"]
    assert ("422" in responses) == ("Idempotency-Key" in names)


def test_the_server_is_the_public_address_and_the_key_is_explained() -> None:
    scheme = DOCUMENT["components"]["securitySchemes"]["ApiKey"]

    assert DOCUMENT["servers"] == [{"url": settings.PUBLIC_URL}]
    assert (scheme["in"], scheme["name"]) == ("header", "Authorization")
    assert DOCUMENT["security"] == [{"ApiKey": []}]


def test_every_code_is_listed_with_its_status_and_meaning() -> None:
    listed = {one["code"]: one["status"] for one in DOCUMENT["x-errors"]}

    assert listed == {fault.code: fault.status for fault in FAULTS}
    assert all(one["meaning"].endswith((".", "`.")) for one in DOCUMENT["x-errors"])


@EVERY
@pytest.mark.django_db(transaction=True)
def test_the_example_runs_and_answers_as_shown(operation: Operation) -> None:
    caller = a_caller()
    real = a_stage(caller)
    status, shown = operation.success

    told = caller.send(
        operation.method,
        real.swapped(operation.example_path).removeprefix("/api"),
        None
        if operation.request is None
        else json.loads(real.swapped(json.dumps(operation.request))),
    )

    assert told.status == status, told.json
    assert shape_of(told.json) == shape_of(shown)


@dataclass(frozen=True)
class Stage:
    """Real ids for the ids of the examples."""

    real_by_example: dict[str, int]

    def swapped(self, text: str) -> str:
        """The text with real ids."""
        examples = "|".join(self.real_by_example)
        return re.sub(rf"\b({examples})\b", lambda one: str(self.real_by_example[one[1]]), text)


def a_stage(caller: Caller) -> Stage:
    """A process like the one of the examples, with two runs."""
    field = {"type": "short_text", "key": "name", "name": "Customer name"}
    steps = a_form("provide", fields=[field]), a_form("confirm", fields=[])
    process = a_process(caller, *steps, key="ask-a-customer")
    first, second = (caller.start(process, name="Ann")["id"] for _ in range(2))
    caller.complete(process, second, "provide", {"name": "Ann"})
    real = {
        "instance_id": first,
        "other_instance_id": second,
        "process_id": process.id,
        "workflow_id": process.id,
        "step_id": process.steps[0].id,
        "next_step_id": process.steps[1].id,
        "action_id": process.steps[0].fields[0].id,
    }
    assert set(real) == set(DOCUMENT["x-example-ids"])
    return Stage({str(DOCUMENT["x-example-ids"][name]): number for name, number in real.items()})


def shape_of(answer: object) -> object:
    """Its names, however deep; of a list its first element, and nothing where there is none."""
    if isinstance(answer, dict):
        return {name: shape_of(value) for name, value in answer.items()}
    if isinstance(answer, list):
        return [shape_of(one) for one in answer[:1]]
    return None
