"""One job: prepare in a thread, send in the event loop, settle in a thread; a timer in a thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import close_old_connections
from django.db.utils import InterfaceError, OperationalError

from waypost.instances.exchanges import Job, Prepared, log_exchange
from waypost.instances.perform import prepare_call, put_back, take_outcome
from waypost.instances.timers import fire_timer
from waypost.integrations.door import Door
from waypost.integrations.failures import OutboundFailure
from waypost.integrations.http import Reply, Sender

logger = logging.getLogger(__name__)

Given = ParamSpec("Given")
Result = TypeVar("Result")

#: An answer in hand is worth waiting for the database: it is written as soon as that is back.
_PATIENCE_SECONDS = 120.0
_PAUSE_SECONDS = 0.5


class Threads:
    """Where synchronous actions run; each on a connection that is checked before and after."""

    def __init__(self, size: int = 4) -> None:
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="action")

    async def run(
        self, action: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Result:
        """Run one action without holding up the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(_fresh, action, *args, **kwargs))

    def close(self) -> None:
        """Wait for what runs, and end the threads."""
        self._pool.shutdown()


class Caller:
    """Performs calls; many at once, never the same visit twice."""

    def __init__(self, sender: Sender, door: Door, threads: Threads) -> None:
        self._sender = sender
        self._door = door
        self._threads = threads
        self._running: set[Job] = set()

    async def perform(self, job: Job) -> None:
        """Perform the call of a visit, if it is due; an error of ours puts it back."""
        # The sweep may queue a visit again while its answer is awaited (a truncated queue).
        if job in self._running:
            return
        self._running.add(job)
        try:
            await self._call(job)
        except Exception:
            logger.exception("Calling for %s failed; it is tried again later.", job)
            await self._patiently(put_back, job)
        finally:
            self._running.discard(job)

    async def fire(self, job: Job) -> None:
        """Start the scheduled step of a visit, if it is due; an error of ours puts it back."""
        try:
            await self._patiently(fire_timer, job)
        except Exception:
            logger.exception("The timer for %s failed; it is tried again later.", job)
            await self._patiently(put_back, job)

    async def _call(self, job: Job) -> None:
        call = await self._patiently(prepare_call, job, self._door)
        if call is None:
            return
        outcome = await self._send(call)
        try:
            await self._patiently(log_exchange, call, outcome)
        except Exception:
            # The answer counts more than its line in the log.
            logger.exception("The exchange for %s could not be logged.", job)
        await self._patiently(take_outcome, call, outcome)

    async def _send(self, call: Prepared) -> Reply | OutboundFailure:
        try:
            return await self._sender.send(call.filled.request, signed_origin=call.signed_origin)
        except OutboundFailure as failure:
            return failure

    async def _patiently(
        self, action: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Result:
        """Run an action again while the database is away."""
        for _ in range(int(_PATIENCE_SECONDS / _PAUSE_SECONDS)):
            try:
                return await self._threads.run(action, *args, **kwargs)
            except (OperationalError, InterfaceError) as error:
                logger.warning("The database is away; trying again: %s", error)
            await asyncio.sleep(_PAUSE_SECONDS)
        return await self._threads.run(action, *args, **kwargs)


def _fresh(action: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    close_old_connections()
    try:
        return action(*args, **kwargs)
    finally:
        close_old_connections()
