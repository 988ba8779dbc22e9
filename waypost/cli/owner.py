"""`waypost owner`: a new workspace and the account that owns it, where no example was loaded."""

from __future__ import annotations

import click

from waypost.cli.boot import with_database


@click.command()
@click.argument("email")
@click.option("--workspace", default="Main", show_default=True, help="Name of the workspace.")
@click.option("--name", default="Owner", show_default=True, help="Name that colleagues see.")
def owner(email: str, workspace: str, name: str) -> None:
    """Make a workspace owned by EMAIL, and print a link that signs them in once."""
    with with_database():
        from django.db import transaction

        from waypost.engine.errors import Refusal
        from waypost.people.actions import create_account, first_member
        from waypost.people.welcome import welcome_link
        from waypost.workspace.actions import create_workspace

        with transaction.atomic():
            account = create_account(email)
            if isinstance(account, Refusal):
                raise click.ClickException(account.message)
            first_member(create_workspace(workspace).pk, account, name)
        click.echo(welcome_link(account))
