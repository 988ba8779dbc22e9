"""`waypost web`: serves the pages and the REST API."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from waypost.cli.boot import use_settings
from waypost.postgres.lifeline import end_with

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

APPLICATION = "waypost.config.wsgi:application"
GRACE_SECONDS = 10
#: In each of two processes: with fewer, the cores wait for commits that could share one write to
#: the disk. Each holds a connection; with the worker's they stay well below the server's forty.
THREADS = 6
#: Objects made, and collections of the younger generation, before the next collection.
RARE_COLLECTIONS = (20_000, 20, 50)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, envvar="WAYPOST_PORT", help="Port to listen on."
)
@click.option("--processes", default=2, show_default=True, help="Processes that serve.")
@click.option("--threads", default=THREADS, show_default=True, help="Threads in each of them.")
def web(host: str, port: int, processes: int, threads: int) -> None:
    """Serve the pages and the REST API; put a proxy with TLS in front of it."""
    use_settings()
    server = Server(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
    )
    server.serve(target_loader=_loader(os.getpid()), wrap_loader=False)


def _loader(parent_pid: int) -> Callable[[], WSGIApplication]:
    """Run in each serving process: without it, kill -9 of their parent would leave them serving."""

    def load() -> WSGIApplication:
        end_with(parent_pid, signal.SIGKILL)
        module, _, name = APPLICATION.partition(":")
        application: WSGIApplication = getattr(import_module(module), name)
        # What is loaded now stays for ever: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*RARE_COLLECTIONS)
        return application

    return load
