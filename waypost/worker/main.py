"""The worker: performs calls and fires timers until it is told to stop. Any number may run."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress

import psycopg
from django.db.utils import Error as DatabaseError
from pgqueuer.core.qm import QueueManager
from pgqueuer.errors import FailingListenerError

from waypost.integrations.door import door_from_settings
from waypost.integrations.http import Sender
from waypost.worker.calls import Caller, Threads
from waypost.worker.queue import open_queue, work
from waypost.worker.upkeep import CLEAR_SECONDS, SWEEP_SECONDS, clear_up, sweep

logger = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0


def run() -> None:
    """Work until SIGTERM or SIGINT; then finish what is under way and return."""
    asyncio.run(_run_until_told())


async def _run_until_told() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    threads = Threads()
    try:
        while not stop.is_set():
            await _work_while_connected(stop, threads)
    finally:
        threads.close()


async def _work_while_connected(stop: asyncio.Event, threads: Threads) -> None:
    """Work; return when told to stop, or a moment after the database was lost."""
    try:
        async with open_queue() as queue:
            await _work(queue, stop, threads)
    except (OSError, psycopg.Error, DatabaseError, FailingListenerError) as error:
        reason = str(error).strip() or type(error).__name__
        logger.warning("The database is away; trying again in a second: %s", reason)
        await _wait(stop, _PAUSE_SECONDS)


async def _work(queue: QueueManager, stop: asyncio.Event, threads: Threads) -> None:
    door = door_from_settings()
    async with Sender(door) as sender:
        caller = Caller(sender, door, threads)
        asides = [
            asyncio.create_task(_shut_down(queue, stop)),
            asyncio.create_task(_every(SWEEP_SECONDS, sweep, threads)),
            asyncio.create_task(_every(CLEAR_SECONDS, clear_up, threads)),
        ]
        try:
            await work(queue, caller.perform, caller.fire)
        finally:
            for task in asides:
                task.cancel()
            await asyncio.gather(*asides, return_exceptions=True)


async def _shut_down(queue: QueueManager, stop: asyncio.Event) -> None:
    await stop.wait()
    queue.shutdown.set()


async def _every(seconds: float, duty: Callable[[], object], threads: Threads) -> None:
    """Do a duty now and then again and again; what goes wrong is told and tried the next time."""
    while True:
        try:
            await threads.run(duty)
        except Exception:
            logger.exception("%s failed; it is tried again.", duty.__name__)
        await asyncio.sleep(seconds)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
