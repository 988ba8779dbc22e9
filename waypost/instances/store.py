"""The one hand-written statement: new state, events, open steps and jobs together.

Every part of it reads `FROM u`, the row that the compare-and-set updated (or the start inserted):
zero rows updated writes nothing, and a kill leaves nothing half done. The statement is the
transaction; no other is open around it. The job part ties us to PgQueuer's table, checked against
the installed version by a test; the other place that knows PgQueuer is the worker.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import msgspec

from waypost.engine.definition import Workflow
from waypost.engine.instance import ENDED, Instance
from waypost.engine.json_value import JSON
from waypost.instances.history import FORMAT as EVENT_FORMAT
from waypost.instances.history import EventLine
from waypost.instances.open_rows import Key, OpenChange, OpenRow
from waypost.instances.sql import Parameter, Statement, array, json_text

#: Work due later than this stays out of the queue until the sweep moves it in (storage.md, "Work").
QUEUED_AHEAD = timedelta(seconds=60)

JOB_COLUMNS = "(priority, entrypoint, payload, execute_after, dedupe_key, status)"
# The due time in the key tells a job from the one of the next try, queued while this one ends.
JOB_VALUES = """0, {0}.kind,
  convert_to(concat_ws(':', {0}.instance_id, {0}.step_id, {0}.visit), 'UTF8'),
  {0}.due_at,
  concat_ws(':', {0}.kind, {0}.instance_id, {0}.step_id, {0}.visit, extract(epoch FROM {0}.due_at)),
  'queued'"""
JOB_CONFLICT = """ON CONFLICT (dedupe_key)
  WHERE ((status = ANY (ARRAY['queued'::pgqueuer_status, 'picked'::pgqueuer_status]))
    AND (dedupe_key IS NOT NULL))
  DO NOTHING"""

_UPDATED = """
WITH u AS (
  UPDATE instance_state
  SET version = :version::bigint, format = :format::int, state = :state::jsonb,
    field_values = :field_values::jsonb, last_hash = :last_hash::bytea
  WHERE instance_id = :instance_id::bigint AND version = :seen_version::bigint
  RETURNING instance_id, workspace_id
), shown AS (
  UPDATE instance
  SET name = :name, status = :status, progress = :progress::smallint,
    updated_at = :now::timestamptz, completed_at = :completed_at::timestamptz,
    aborted_at = :aborted_at::timestamptz
  FROM u WHERE instance.id = u.instance_id
)"""

_INSERTED = """
WITH u AS (
  INSERT INTO instance (id, uid, workspace_id, workflow_id, version_id, name, status, priority,
    tags, step_assignments, progress, stage, is_private, time_zone, starter_id, lead_id, start_kind,
    start_key, deadline_at, started_at, updated_at, completed_at, aborted_at, parent_id,
    parent_step_id, parent_visit, parent_item, depth)
  VALUES (:instance_id::bigint, :uid::uuid, :workspace_id::bigint, :workflow_id::bigint,
    :version_id::bigint, :name, :status, :priority, :tags::jsonb, :step_assignments::jsonb,
    :progress::smallint, '', :is_private::boolean, :time_zone, :starter_id::bigint,
    :starter_id::bigint, :start_kind, :start_key, :deadline_at::timestamptz, :now::timestamptz,
    :now::timestamptz, :completed_at::timestamptz, :aborted_at::timestamptz, :parent_id::bigint,
    :parent_step_id::bigint, :parent_visit::int, :parent_item::int, :depth::smallint)
  RETURNING id AS instance_id, workspace_id
), first_state AS (
  INSERT INTO instance_state (instance_id, workspace_id, version, format, state, field_values,
    last_hash)
  SELECT u.instance_id, u.workspace_id, :version::bigint, :format::int, :state::jsonb,
    :field_values::jsonb, :last_hash::bytea
  FROM u
), tagged AS (
  INSERT INTO instance_tag (workspace_id, tag, instance_id)
  SELECT u.workspace_id, t.tag, u.instance_id FROM u, unnest(:tag_list::text[]) AS t(tag)
)"""

_PARTS = """, happened AS (
  INSERT INTO event (instance_id, seq, at, workspace_id, workflow_id, version_id, kind, format,
    step_id, visit, actor_id, origin, duration_ms, payload, personal, personal_digest, hash)
  SELECT u.instance_id, t.seq, :now::timestamptz, u.workspace_id, :workflow_id::bigint,
    :version_id::bigint, t.kind, :event_format::int, t.step_id, t.visit, :actor_id::bigint, :origin,
    t.duration_ms, t.payload::jsonb, t.personal::jsonb, decode(t.personal_digest, 'base64'),
    decode(t.hash, 'base64')
  FROM u, json_to_recordset(:events::json) AS t(seq bigint, kind text, step_id bigint, visit int,
    duration_ms bigint, payload text, personal text, personal_digest text, hash text)
), closed AS (
  DELETE FROM open_step o
  USING u, json_to_recordset(:closed::json) AS t(step_id bigint, visit int, kind text)
  WHERE o.instance_id = u.instance_id AND o.step_id = t.step_id AND o.visit = t.visit
    AND o.kind = t.kind AND o.purpose = ''
)"""

_FORGOTTEN = """, forgotten AS (
  DELETE FROM call_request r
  USING u, json_to_recordset(:closed::json) AS t(step_id bigint, visit int, kind text)
  WHERE r.instance_id = u.instance_id AND r.step_id = t.step_id AND r.visit = t.visit
    AND t.kind = 'call'
)"""

_OPENED = """, opened AS (
  INSERT INTO open_step AS o (workspace_id, instance_id, step_id, visit, kind, purpose, workflow_id,
    assignee_id, is_external, is_failed, is_restricted, activated_at, deadline_at, due_at, claims)
  SELECT u.workspace_id, u.instance_id, t.step_id, t.visit, t.kind, '', :workflow_id::bigint,
    t.assignee_id, t.is_external, t.is_failed, false, t.activated_at, t.deadline_at, t.due_at, 0
  FROM u, json_to_recordset(:opened::json) AS t(step_id bigint, visit int, kind text,
    assignee_id bigint, is_external boolean, is_failed boolean, activated_at timestamptz,
    deadline_at timestamptz, due_at timestamptz)
  ON CONFLICT (instance_id, step_id, visit, kind, purpose) DO UPDATE
  SET assignee_id = EXCLUDED.assignee_id, is_external = EXCLUDED.is_external,
    is_failed = EXCLUDED.is_failed, activated_at = EXCLUDED.activated_at,
    deadline_at = EXCLUDED.deadline_at, due_at = EXCLUDED.due_at, claims = 0
)"""

_KEPT = """, kept AS (
  INSERT INTO idempotency (workspace_id, caller, key, body_sha256, status, answer, at)
  SELECT u.workspace_id, :caller::text, :key::text, :body_sha256::bytea, :answer_status::smallint,
    :answer::jsonb, :now::timestamptz
  FROM u
)"""

# Only constants of this file go in.
_JOBS = f""", queued AS (
  INSERT INTO pgqueuer {JOB_COLUMNS}
  SELECT {JOB_VALUES.format("t")}
  FROM (
    SELECT u.instance_id, t.*
    FROM u, json_to_recordset(:jobs::json)
      AS t(step_id bigint, visit int, kind text, due_at timestamptz)
  ) AS t
  {JOB_CONFLICT}
)"""  # noqa: S608

_END = "\nSELECT instance_id FROM u"


@cache
def _statement(
    *, is_start: bool, has_jobs: bool, ends_calls: bool, keeps_answer: bool
) -> Statement:
    """The statement in the shape that a change needs.

    Without the job part where nothing is due: PgQueuer's trigger would notify for zero rows, too.
    The other parts are left out because each table of a statement costs locks, even for no row.
    """
    forgotten = _FORGOTTEN if ends_calls else ""
    kept = _KEPT if keeps_answer else ""
    jobs = _JOBS if has_jobs else ""
    first = _INSERTED if is_start else _UPDATED
    return Statement(first + _PARTS + forgotten + _OPENED + kept + jobs + _END)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """The answer to keep under a caller's idempotency key."""

    caller: str
    key: str
    body_sha256: bytes
    status: int
    answer: JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Everything one change writes. `assignees` stands beside `opened.opened`, row by row."""

    instance_id: int
    workflow: Workflow
    workflow_id: int
    version_id: int
    state: Instance
    now: datetime
    lines: list[EventLine]
    opened: OpenChange
    assignees: tuple[int | None, ...]
    actor_id: int | None
    origin: str
    kept: KeptAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRow:
    """The columns of `instance` that never change, or not by the rules."""

    uid: str
    workspace_id: int
    priority: str
    tags: tuple[str, ...]
    step_assignments: dict[int, int]
    is_private: bool
    time_zone: str
    starter_id: int | None
    start_kind: str
    start_key: str | None
    deadline_at: datetime | None
    parent_id: int | None
    parent_step_id: int | None
    parent_visit: int | None
    depth: int


def write_change(writing: Writing, seen_version: int) -> bool:
    """Change the instance if nobody else has since `seen_version`; False means somebody had."""
    parameters, statement = _prepared(writing, is_start=False)
    return bool(statement.rows(seen_version=seen_version, **parameters))


def write_start(writing: Writing, first: FirstRow) -> None:
    """Insert the instance; raises IntegrityError for a child, start or key that exists."""
    parameters, statement = _prepared(writing, is_start=True)
    statement.rows(**parameters, **_first_parameters(first))


def _prepared(writing: Writing, *, is_start: bool) -> tuple[dict[str, Parameter], Statement]:
    jobs = _due_soon(writing)
    statement = _statement(
        is_start=is_start,
        has_jobs=bool(jobs),
        ends_calls=any(kind == "call" for _, _, kind in writing.opened.closed),
        keeps_answer=writing.kept is not None,
    )
    return _parameters(writing) | _job_parameters(jobs), statement


def ended_at(state: Instance, now: datetime) -> tuple[datetime | None, datetime | None]:
    """When it was completed and when aborted, written by the change that ends it."""
    return now if state.status == "completed" else None, now if state.status == "aborted" else None


def progress(workflow: Workflow, state: Instance) -> int:
    """How many of a hundred parts of its steps have ended; containers are no part of it."""
    if state.status == "completed":
        return 100
    count = sum(1 for run in state.runs.values() if run.status in ENDED)
    return 100 * count // max(1, len(workflow.plain_steps_by_key[""]))


def field_values(workflow: Workflow, state: Instance) -> dict[str, JSON]:
    """The stored input objects of the current visits by field id."""
    return {
        str(field.id): run.values[field.key]
        for step in workflow.steps
        if (run := state.run(step.key)).values
        for field in step.fields
        if field.key in run.values
    }


def _due_soon(writing: Writing) -> list[OpenRow]:
    soon = writing.now + QUEUED_AHEAD
    return [row for row in writing.opened.opened if row.due_at is not None and row.due_at <= soon]


def _parameters(writing: Writing) -> dict[str, Parameter]:
    state, lines = writing.state, writing.lines
    completed_at, aborted_at = ended_at(state, writing.now)
    fixed: dict[str, Parameter] = {
        "instance_id": writing.instance_id,
        "workflow_id": writing.workflow_id,
        "version_id": writing.version_id,
        "version": lines[-1].seq,
        "format": state.format,
        "event_format": EVENT_FORMAT,
        "state": msgspec.json.encode(state).decode(),
        "field_values": json_text(field_values(writing.workflow, state)),
        "last_hash": lines[-1].hash,
        "name": state.name,
        "status": state.status,
        "progress": progress(writing.workflow, state),
        "now": writing.now,
        "completed_at": completed_at,
        "aborted_at": aborted_at,
        "actor_id": writing.actor_id,
        "origin": writing.origin,
    }
    rows: dict[str, Parameter] = {
        "events": json_text(lines),
        "closed": _closed_rows(writing.opened.closed),
        "opened": _opened_rows(writing.opened.opened, writing.assignees),
    }
    return fixed | rows | _kept_parameters(writing.kept)


def _closed_rows(keys: Iterable[Key]) -> str:
    return json_text(
        [{"step_id": step_id, "visit": visit, "kind": kind} for step_id, visit, kind in keys]
    )


def _opened_rows(rows: Iterable[OpenRow], assignees: tuple[int | None, ...]) -> str:
    return json_text(
        [
            {
                "step_id": row.step_id,
                "visit": row.visit,
                "kind": row.kind,
                "assignee_id": assignee_id,
                "is_external": row.assignee == "external",
                "is_failed": row.is_failed,
                "activated_at": row.activated_at,
                "deadline_at": row.deadline_at,
                "due_at": row.due_at,
            }
            for row, assignee_id in zip(rows, assignees, strict=True)
        ]
    )


def _kept_parameters(kept: KeptAnswer | None) -> dict[str, Parameter]:
    if kept is None:
        return {}
    return {
        "caller": kept.caller,
        "key": kept.key,
        "body_sha256": kept.body_sha256,
        "answer_status": kept.status,
        "answer": json_text(kept.answer),
    }


def _job_parameters(jobs: list[OpenRow]) -> dict[str, Parameter]:
    rows = [
        {"step_id": row.step_id, "visit": row.visit, "kind": row.kind, "due_at": row.due_at}
        for row in jobs
    ]
    return {"jobs": json_text(rows)} if rows else {}


def _first_parameters(first: FirstRow) -> dict[str, Parameter]:
    return {
        "uid": first.uid,
        "workspace_id": first.workspace_id,
        "priority": first.priority,
        "tags": json_text(first.tags),
        "tag_list": array(first.tags),
        "step_assignments": json_text({str(k): v for k, v in first.step_assignments.items()}),
        "is_private": str(first.is_private),
        "time_zone": first.time_zone,
        "starter_id": first.starter_id,
        "start_kind": first.start_kind,
        "start_key": first.start_key,
        "deadline_at": first.deadline_at,
        "parent_id": first.parent_id,
        "parent_step_id": first.parent_step_id,
        "parent_visit": first.parent_visit,
        "parent_item": None if first.parent_id is None else 0,
        "depth": first.depth,
    }
