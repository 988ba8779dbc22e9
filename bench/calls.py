"""How soon a call leaves after the step before it was completed, on an idle machine."""

from __future__ import annotations

import tempfile
import time
from statistics import quantiles

from bench.stub import Stub
from tests.stack import Stack

ROUNDS = 60
_WORKFLOW = """
key: bench_call
name: Bench of a call
steps:
  - {{key: ask, name: Ask, type: form}}
  - key: call
    name: Call
    type: http_request
    url: {url}/arrived
    headers: [{{name: Content-Type, value: application/json}}]
    body: '{{}}'
"""


def measure_latency(stack: Stack, stub: Stub) -> tuple[float, float]:
    """Milliseconds from "step completed" to the call's arrival: p50 and p95.

    The first moment is the clock that the completion was decided by, before it was even committed.
    """
    process = _import(stack, stub)
    delays = [_one_round(stack, stub, process) for _ in range(ROUNDS)]
    cuts = quantiles(delays[5:], n=20)
    return cuts[9], cuts[18]


def _import(stack: Stack, stub: Stub) -> int:
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(_WORKFLOW.format(url=stub.url))
        file.flush()
        stack.command("import", file.name, "--publish")
    found = stack.call("GET", "/api/processes/").json["results"]
    return next(int(one["id"]) for one in found if one["name"] == "Bench of a call")


def _one_round(stack: Stack, stub: Stub, process: int) -> float:
    body = {"process": process, "name": "Bench"}
    started = stack.call("POST", "/api/instances/", body).json
    step = started["active_step_ids"][0]
    time.sleep(0.05)  # Idle: the worker has gone back to waiting.
    path = f"/api/instances/{started['id']}/complete_step/"
    assert stack.call("POST", path, {"step_id": step}).status == 200
    arrived = stub.arrivals.get(timeout=30)
    ((completed,),) = stack.sql(
        "SELECT extract(epoch FROM at)::float8 FROM event "
        "WHERE instance_id = %s AND kind = 'step_completed'",
        started["id"],
    )
    return (arrived - float(completed)) * 1000
