"""Open work: what waits for somebody, and what failed. A constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from waypost.instances.models import OpenStep
from waypost.people.actor import Actor
from waypost.workflows.queries import load_version

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An open step that waits for a person."""

    instance_id: int
    instance_name: str
    workflow_name: str
    step_id: int
    step_name: str
    since: datetime
    deadline_at: datetime | None
    assignee_id: int | None
    is_failed: bool


def tasks_of(actor: Actor) -> tuple[Task, ...]:
    """What the actor or one of their teams must do, oldest first."""
    return _tasks(_open(actor).filter(is_failed=False, assignee_id__in=actor.principal_ids))


def attention_needed(actor: Actor) -> tuple[Task, ...]:
    """Failed steps that the actor answers for, oldest first; for admins all."""
    theirs = Q() if actor.is_admin else Q(assignee_id__in=actor.principal_ids)
    return _tasks(_open(actor).filter(theirs, is_failed=True))


def _open(actor: Actor) -> QuerySet[OpenStep]:
    return OpenStep.objects.filter(
        workspace_id=actor.workspace_id, kind="person", instance__deleted_at=None
    )


def _tasks(rows: QuerySet[OpenStep]) -> tuple[Task, ...]:
    found = rows.select_related("instance").order_by("activated_at", "instance_id", "step_id")
    return tuple(_task(row) for row in found[:MOST_SHOWN])


def _task(row: OpenStep) -> Task:
    workflow = load_version(row.instance.version_id)
    return Task(
        instance_id=row.instance_id,
        instance_name=row.instance.name,
        workflow_name=workflow.name,
        step_id=row.step_id,
        step_name=workflow.step_by_id[row.step_id].name,
        since=row.activated_at,
        deadline_at=row.deadline_at,
        assignee_id=row.assignee_id,
        is_failed=row.is_failed,
    )
