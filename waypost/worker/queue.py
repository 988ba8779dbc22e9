"""PgQueuer on our database: a driver that hears at once, and the claim loop.

PgQueuer's own psycopg driver waits for notifications on the connection that it asks on, so that a
claim could wait for the lock up to a tenth of a second: here the two are apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Self

import psycopg
from django.db import connection
from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.core.tm import TaskManager
from pgqueuer.domain.models import Job as QueuedJob
from pgqueuer.ports.driver import Driver, NotifyCallback
from psycopg.conninfo import make_conninfo

from waypost.instances.exchanges import Job
from waypost.instances.perform import read_job

#: A job whose worker has given no sign for this long is taken by another.
HEARTBEAT_TIMEOUT = timedelta(seconds=10)
#: How long an idle worker waits for a notification before it looks by itself.
IDLE_WAIT = timedelta(seconds=5)
BATCH = 20
MOST_CALLS_AT_ONCE = 250

Perform = Callable[[Job], Awaitable[None]]


class HearingDriver(Driver):
    """Asks on one connection and listens on another."""

    def __init__(self, asking: psycopg.AsyncConnection, hearing: psycopg.AsyncConnection) -> None:
        self._mouth = PsycopgDriver(asking)
        self._ear = PsycopgDriver(hearing)

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        """Run a query and return its rows."""
        return await self._mouth.fetch(query, *args)

    async def execute(self, query: str, *args: object) -> str:
        """Run a command."""
        return await self._mouth.execute(query, *args)

    async def notify(self, channel: str, payload: str) -> None:
        """Send a notification."""
        await self._mouth.notify(channel, payload)

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        """Hear a channel."""
        await self._ear.add_listener(channel, callback)

    @property
    def shutdown(self) -> asyncio.Event:
        """Set when the driver stops."""
        return self._ear.shutdown

    @property
    def tm(self) -> TaskManager:
        """The tasks of the driver."""
        return self._ear.tm

    async def __aenter__(self) -> Self:
        await self._ear.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._ear.__aexit__(*error)


@asynccontextmanager
async def open_queue() -> AsyncIterator[QueueManager]:
    """The queue on two connections of its own; they close at the end."""
    async with await _connect() as asking, await _connect() as hearing:
        yield QueueManager(Queries(HearingDriver(asking, hearing)))


async def work(queue: QueueManager, perform: Perform, fire: Perform) -> None:
    """Perform calls and fire timers as they come until `queue.shutdown` is set; then waits for the
    running ones.
    """

    @queue.entrypoint("call", on_failure="hold")
    async def call(job: QueuedJob) -> None:
        visit = read_job(job.payload)
        if visit is not None:
            await perform(visit)

    @queue.entrypoint("timer", on_failure="hold")
    async def timer(job: QueuedJob) -> None:
        visit = read_job(job.payload)
        if visit is not None:
            await fire(visit)

    await queue.run(
        dequeue_timeout=IDLE_WAIT,
        batch_size=BATCH,
        max_concurrent_tasks=MOST_CALLS_AT_ONCE,
        shutdown_on_listener_failure=True,
        heartbeat_timeout=HEARTBEAT_TIMEOUT,
        log_aggregation_interval=timedelta(0),
    )


async def _connect() -> psycopg.AsyncConnection:
    """A connection with the settings of Django's."""
    settings = connection.settings_dict
    places = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }
    given = {name: str(value) for name, value in places.items() if value}
    written = make_conninfo(application_name="waypost worker", **given)
    return await psycopg.AsyncConnection.connect(written, autocommit=True, prepare_threshold=1)
