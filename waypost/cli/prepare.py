"""`waypost prepare`: what `waypost run` does to the database before it serves."""

from __future__ import annotations

import click

from waypost.cli.boot import with_database
from waypost.cli.migrate import migrate_database


@click.command(hidden=True)
def prepare() -> None:
    """Migrate, load the example workspace, and print a link that signs the owner in."""
    with with_database():
        from django.conf import settings
        from django.utils.module_loading import import_string

        from waypost.people.welcome import welcome_link

        migrate_database(verbosity=0)
        import_string(settings.EXAMPLE_LOADER)()
        click.echo(welcome_link())
