"""A past: finished instances as years of use would leave them."""

from __future__ import annotations

from tests.stack import Stack

_INSTANCES = """
INSERT INTO instance (uid, workspace_id, workflow_id, version_id, name, status, priority, tags,
  step_assignments, progress, stage, is_private, time_zone, start_kind, started_at, updated_at,
  completed_at, depth)
SELECT gen_random_uuid(), workspace_id, workflow_id, version_id, 'Past ' || n, 'completed', '',
  tags, step_assignments, 100, '', is_private, time_zone, start_kind, now() - n * interval '1
  minute', now(), now(), 0
FROM instance, generate_series(1, %s) AS n WHERE id = %s
"""
_STATES = """
INSERT INTO instance_state (instance_id, workspace_id, version, format, state, field_values,
last_hash) SELECT i.id, i.workspace_id, like_it.version, like_it.format, like_it.state,
like_it.field_values,
  like_it.last_hash
FROM instance i, instance_state like_it
WHERE like_it.instance_id = %s AND i.name LIKE 'Past %%'
"""
_EVENTS = """
INSERT INTO event (instance_id, seq, at, workspace_id, workflow_id, version_id, kind, format,
step_id,
  visit, actor_id, origin, payload, personal, personal_digest, hash)
SELECT i.id, e.seq, i.started_at, e.workspace_id, e.workflow_id, e.version_id, e.kind, e.format,
  e.step_id, e.visit, e.actor_id, e.origin, e.payload, e.personal, e.personal_digest, e.hash
FROM instance i, event e WHERE e.instance_id = %s AND e.seq <= 6 AND i.name LIKE 'Past %%'
"""


def add_past(stack: Stack, like: int, count: int) -> None:
    """So many finished instances with their states and first events, copies of one that has
    ended.
    """
    stack.sql(_INSTANCES, count, like)
    stack.sql(_STATES, like)
    stack.sql(_EVENTS, like)
    stack.sql("VACUUM ANALYZE")
