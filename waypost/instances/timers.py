"""A due timer -> the scheduled step that starts by it. The open step is the truth: a job that comes
too early, too late or twice does nothing.
"""

from __future__ import annotations

import logging

from waypost.engine.commands import Command, FireTimer
from waypost.engine.errors import Refusal
from waypost.instances.changing import NOT_FOUND, change
from waypost.instances.exchanges import Job
from waypost.instances.loading import Loaded, Wanted
from waypost.instances.sql import Statement
from waypost.people.actor import Actor

logger = logging.getLogger(__name__)

_CLAIM = Statement("""
UPDATE open_step SET claims = LEAST(claims + 1, 1000)
WHERE instance_id = :instance_id::bigint AND step_id = :step_id::bigint AND visit = :visit::int
  AND kind = 'timer' AND purpose = '' AND due_at <= clock_timestamp()
RETURNING workspace_id""")


def fire_timer(job: Job) -> None:
    """Start the step of the visit, if it still waits for its time and that has come."""
    row = _CLAIM.row(instance_id=job.instance_id, step_id=job.step_id, visit=job.visit)
    if row is None:
        return
    workspace_id: int = row[0]

    def plan(loaded: Loaded) -> Command | Refusal:
        step = loaded.workflow.step_by_id.get(job.step_id)
        return NOT_FOUND if step is None else FireTimer(step.key, job.visit)

    worker = Actor(workspace_id, None, True, "worker")
    outcome = change(worker, Wanted(job.instance_id, workspace_id), plan)
    if isinstance(outcome, Refusal):
        logger.info("The timer of %s starts nothing: %s", job, outcome.message)
