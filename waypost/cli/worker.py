"""`waypost worker`: makes the calls, fires the timers, delivers the answers."""

from __future__ import annotations

from importlib import import_module

import click

from waypost.cli.boot import start_django


@click.command()
def worker() -> None:
    """Make the calls and fire the timers; run as many as you like, on any machine."""
    start_django()
    # By name, because the rooms on one storey are strangers to each other.
    import_module("waypost.worker.main").run()
