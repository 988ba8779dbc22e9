"""What keeps the queue true and the tables small: the sweep, and the hourly clearing up."""

from __future__ import annotations

from waypost.instances.sql import Statement
from waypost.instances.store import JOB_COLUMNS, JOB_CONFLICT, JOB_VALUES, QUEUED_AHEAD

SWEEP_SECONDS = 10.0
CLEAR_SECONDS = 3600.0
#: Exchanges are kept this many whole months; events for ever.
KEPT_MONTHS = 13
_MOST_AT_ONCE = 1000

# Without a queued or picked job: its key names the visit and the time it is due.
_UNQUEUED = f"""
SELECT {JOB_VALUES.format("o")}
FROM open_step o
WHERE o.kind IN ('call', 'timer') AND o.due_at <= clock_timestamp() + :ahead::interval
  AND NOT EXISTS (
    SELECT FROM pgqueuer q
    WHERE q.status IN ('queued', 'picked') AND q.dedupe_key = concat_ws(':', o.kind,
      o.instance_id, o.step_id, o.visit, extract(epoch FROM o.due_at)))
ORDER BY o.due_at LIMIT {_MOST_AT_ONCE}"""  # noqa: S608
_IS_ANY = Statement(f"SELECT EXISTS ({_UNQUEUED})")
_QUEUE = Statement(f"INSERT INTO pgqueuer {JOB_COLUMNS} {_UNQUEUED} {JOB_CONFLICT} RETURNING 1")

_CLEAR = (
    Statement("SELECT make_month_partitions(3)"),
    Statement("DELETE FROM idempotency WHERE at < clock_timestamp() - interval '24 hours'"),
    Statement("DELETE FROM pgqueuer_log WHERE created < now() - interval '1 day'"),
    Statement(
        "DELETE FROM pgqueuer WHERE status = 'failed' AND updated < now() - interval '1 day'"
    ),
)
_OLD_PARTITIONS = Statement("""
SELECT c.relname FROM pg_inherits h
JOIN pg_class c ON c.oid = h.inhrelid
WHERE h.inhparent = 'exchange'::regclass AND c.relname ~ '^exchange_[0-9]{4}_[0-9]{2}$'
  AND c.relname < 'exchange_' || to_char(now() AT TIME ZONE 'UTC'
    - make_interval(months => :months::int), 'YYYY_MM')
ORDER BY 1""")


def sweep() -> int:
    """Queue every call and timer that is due soon and has no job; how many there were.

    It brings in what has come near, and repairs whatever happened to the queue: its tables may be
    truncated at any time. It looks first, because even an insert of nothing would wake the workers.
    """
    ahead = f"{QUEUED_AHEAD.total_seconds()} seconds"
    [(is_any,)] = _IS_ANY.rows(ahead=ahead)
    return len(_QUEUE.rows(ahead=ahead)) if is_any else 0


def clear_up() -> None:
    """Make the months to come, and drop what has outlived its use."""
    for statement in _CLEAR:
        statement.rows()
    for (name,) in _OLD_PARTITIONS.rows(months=KEPT_MONTHS):
        Statement(f'DROP TABLE "{name}"').rows()
