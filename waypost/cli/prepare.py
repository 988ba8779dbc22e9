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
        from waypost.people.welcome import welcome_link

        migrate_database(verbosity=0)
        _load_example()
        click.echo(welcome_link())


def _load_example() -> None:
    example = "waypost.config.example"
    if find_spec(example) is not None:
        import_module(example).load_example()
