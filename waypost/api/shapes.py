"""Instances and processes in the words of the wire (platform: Instance object)."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import cast

import msgspec
from django.conf import settings

from waypost.engine.field import Field
from waypost.engine.instance import StepRun
from waypost.engine.json_value import JSON
from waypost.instances.detail import InstanceDetail, InstanceRow
from waypost.workflows.queries import load_version
from waypost.workflows.snapshot import action_object, process_object, step_object


def instance_object(
    detail: InstanceDetail, *, with_values: bool = False, with_times: bool = False
) -> dict[str, JSON]:
    """The instance as the API shows it."""
    row = detail.row
    return {
        "id": row.id,
        "url": f"{settings.PUBLIC_URL}/api/instances/{row.id}/",
        "process": process_url(row.workflow_id),
        "name": row.name,
        "deadline": moment(row.deadline_at),
        "priority": row.priority or None,
        "tags": list(row.tags),
        "step_assignments": [
            {"step_id": step, "user_id": user} for step, user in row.step_assignments.items()
        ],
        "started_time": moment(row.started_at),
        "completed_time": moment(row.completed_at),
        "aborted_time": moment(row.aborted_at),
        "last_updated_time": moment(row.updated_at),
        "active_step_ids": list(detail.active_step_ids),
        "step_deadlines": [
            {"step_id": step, "deadline": moment(at)} for step, at in detail.step_deadlines.items()
        ],
        "public_url": None,
        "stage": row.stage or None,
        "process_snapshot": _snapshot(detail, with_values=with_values, with_times=with_times),
    }


def light_object(row: InstanceRow) -> dict[str, JSON]:
    """The instance in a v2 list."""
    return {"id": row.id, "name": row.name, "status": row.status, "public_url": None}


def process_url(workflow_id: int) -> str:
    """The URI of a process."""
    return f"{settings.PUBLIC_URL}/api/processes/{workflow_id}/"


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, as `2026-01-01T10:00:00Z`."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def _snapshot(detail: InstanceDetail, *, with_values: bool, with_times: bool) -> JSON:
    if not (with_values or with_times):
        return _frozen_snapshot(detail.row.workflow_id, detail.row.version_id)
    steps: list[JSON] = []
    for step in detail.workflow.steps:
        run = detail.run(step)
        shown = step_object(step)
        if with_values:
            shown["actions"] = [_with_value(field, run) for field in step.fields]
        if with_times:
            shown |= {
                "started_time": moment(run.activated_at),
                "completed_time": moment(run.ended_at),
            }
        steps.append(shown)
    return {"id": detail.row.workflow_id, "name": detail.workflow.name, "steps": steps}


@lru_cache(maxsize=512)
def _frozen_snapshot(workflow_id: int, version_id: int) -> JSON:
    """A version never changes, so its bare snapshot is written once in each process."""
    written = msgspec.json.encode(process_object(workflow_id, load_version(version_id)))
    return cast(JSON, msgspec.Raw(written))


def _with_value(field: Field, run: StepRun) -> dict[str, JSON]:
    return action_object(field) | {"value": run.values.get(field.key)}
