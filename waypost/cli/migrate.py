"""`waypost migrate`: brings the tables of the database up to this version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from waypost.cli.boot import with_database

ONE_AT_A_TIME = 7_740_271_512  # Any number that no other program on this database uses.


@click.command()
def migrate() -> None:
    """Bring the tables of the database up to this version."""
    with with_database():
        migrate_database(verbosity=1)


def migrate_database(verbosity: int) -> None:
    """Apply what is missing; of several machines that start at once, the others wait."""
    from django.core.management import call_command

    with _alone():
        call_command("migrate", interactive=False, verbosity=verbosity)


@contextmanager
def _alone() -> Iterator[None]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '0', false)")
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute("SELECT set_config('lock_timeout', '2s', false)")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
