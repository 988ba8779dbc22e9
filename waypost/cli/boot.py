"""What commands need before they call a room: the settings, Django, a database that answers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from waypost import postgres

OLDEST_POSTGRES = 15


def use_settings() -> None:
    """Name the settings; the data folder becomes absolute, so that children see the same one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waypost.config.settings")
    if data := os.environ.get("WAYPOST_DATA"):
        os.environ["WAYPOST_DATA"] = os.path.abspath(data)


def start_django() -> None:
    """Load every room, so that their actions and queries can be called."""
    import django

    use_settings()
    django.setup()


@contextmanager
def with_database() -> Iterator[None]:
    """Django with a database that answers; an embedded one that sleeps is woken for the time."""
    start_django()
    from django.conf import settings

    data = settings.DATA_FOLDER
    is_ours = settings.ENVIRONMENT.database_url is None and not postgres.is_ready(data)
    try:
        if is_ours:
            start_postgres()
        check_database()
        yield
    finally:
        if is_ours:
            postgres.stop(data)


def start_postgres() -> None:
    """Start the embedded database and wait until it answers."""
    from django.conf import settings

    try:
        postgres.start(settings.DATA_FOLDER)
    except postgres.PostgresFailed as error:
        raise click.ClickException(str(error)) from error


def check_database() -> None:
    """Refuse a database that does not answer or is too old, in words that help."""
    from django.conf import settings
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        where = "at DATABASE_URL" if settings.ENVIRONMENT.database_url else "of the data folder"
        raise click.ClickException(
            f"The database {where} does not answer: {str(error).strip()}\n"
            "Start it, or correct DATABASE_URL (postgresql://user:password@host:5432/name); "
            "`waypost doctor` looks further."
        ) from error
    version = connection.cursor().connection.info.server_version // 10000
    if version < OLDEST_POSTGRES:
        raise click.ClickException(
            f"The server at DATABASE_URL is PostgreSQL {version}; Waypost needs {OLDEST_POSTGRES} "
            "or newer. Upgrade it, or unset DATABASE_URL to use the embedded one."
        )
