"""`waypost key`: API keys from the terminal of the server, as the owner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from waypost.cli.boot import with_database

if TYPE_CHECKING:
    from waypost.people.actor import Actor


@click.group()
def key() -> None:
    """Make, list and revoke keys of the REST API."""


@key.command("create")
@click.argument("name")
@click.option("--days", type=click.IntRange(1), help="Ends after so many days; never by default.")
def create(name: str, days: int | None) -> None:
    """Make a key that acts as the owner, and print it: it is shown this once only."""
    with with_database():
        from waypost.people.keys import create_api_key

        owner = _owner()
        ends = None if days is None else datetime.now(UTC) + timedelta(days=days)
        made = create_api_key(owner, name, owner.principal_id or 0, ends)
        if not isinstance(made, tuple):
            raise click.ClickException(made.message)
        click.echo(made[1])


@key.command("list")
def list_keys() -> None:
    """Show every key by id, name and state; never the key itself."""
    with with_database():
        from waypost.people.keys import list_api_keys

        found = list_api_keys(_owner())
        if not isinstance(found, list):
            raise click.ClickException(found.message)
        for one in found:
            state = "revoked" if one.revoked_at else f"ends {one.expires_at or 'never'}"
            click.echo(f"{one.pk}\t{one.prefix}…\t{one.name}\t{one.principal}\t{state}")


@key.command("revoke")
@click.argument("key_id", type=int)
def revoke(key_id: int) -> None:
    """End a key at once and for ever."""
    with with_database():
        from waypost.people.keys import revoke_api_key

        refusal = revoke_api_key(_owner(), key_id)
        if refusal is not None:
            raise click.ClickException(refusal.message)
        click.echo(f"Key {key_id} is revoked.")


def _owner() -> Actor:
    from waypost.people.queries import owner_actor

    owner = owner_actor("cli")
    if owner is None:
        raise click.ClickException("There is no workspace yet. Start `waypost run` once.")
    return owner
