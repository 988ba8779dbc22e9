"""Whole verifications: main and sub-workflow, all calls, against a stub that answers at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.stack import Stack

MAIN = "Customer verification"
AT_ONCE = 16


def measure_verifications(stack: Stack, count: int) -> float:
    """Finished verifications a second, with the customer's pages completed through the API."""
    processes = stack.call("GET", "/api/processes/").json["results"]
    main = next(one for one in processes if one["name"] == MAIN)
    process = stack.call("GET", f"/api/processes/{main['id']}/").json
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda number: _verify(stack, process, number), range(count)))
    return count / (time.perf_counter() - began)


def _verify(stack: Stack, process: dict[str, Any], number: int) -> None:
    """One customer: details, the page that sends the code, the code, and the answer to main."""
    body = {"process": process["id"], "name": f"Bench {number}"}
    main = stack.call("POST", "/api/instances/", body).json
    details = process["steps"][0]
    values = ["Ann", f"ann{number}@example.org", f"+1500555{2000 + number % 1000}"]
    _complete(stack, main["id"], details, values)
    ((sub,),) = stack.wait_until(lambda: _children(stack, main["id"]))
    snapshot = stack.call("GET", f"/api/instances/{sub}/").json["process_snapshot"]
    _complete_when_active(stack, sub, snapshot["steps"][2], [None])
    _complete_when_active(stack, sub, snapshot["steps"][8], ["123456"])
    stack.wait_until(lambda: _has_ended(stack, sub))


def _complete_when_active(
    stack: Stack, instance: int, step: dict[str, Any], values: list[str | None]
) -> None:
    stack.wait_until(
        lambda: (
            step["id"] in stack.call("GET", f"/api/instances/{instance}/").json["active_step_ids"]
        )
    )
    _complete(stack, instance, step, values)


def _complete(
    stack: Stack, instance: int, step: dict[str, Any], values: list[str] | list[str | None]
) -> None:
    actions = [
        {"action_id": field["id"], "input_object": {} if value is None else {"inputValue": value}}
        for field, value in zip(step["actions"], values, strict=True)
    ]
    body = {"step_id": step["id"], "actions": actions}
    answer = stack.call("POST", f"/api/instances/{instance}/complete_step/", body)
    assert answer.status == 200, answer.body


def _children(stack: Stack, main: int) -> list[tuple[int]]:
    return stack.sql("SELECT id FROM instance WHERE parent_id = %s", main)


def _has_ended(stack: Stack, instance: int) -> bool:
    found = stack.call("GET", f"/api/instances/{instance}/").json
    return found["completed_time"] is not None
