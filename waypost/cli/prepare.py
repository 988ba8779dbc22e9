"""`waypost prepare`: what `waypost run` does to the database before it serves."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import click

from waypost.cli.boot import with_database
from waypost.cli.migrate import migrate_database


@click.command(hidden=True)
def prepare() -> None:
    """Migrate, load the example workspace, and print a link that signs the owner in."""
    with with_database():
        migrate_database(verbosity=0)
        _call("waypost.instances.example", "load_example")
        click.echo(_call("waypost.people.actions", "welcome_link") or "")


def _call(module: str, name: str) -> str | None:
    if find_spec(module) is None:
        return None
    function = getattr(import_module(module), name, None)
    return function() if function else None
