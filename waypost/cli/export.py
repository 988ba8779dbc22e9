"""`waypost export`: a workflow as a file."""

from __future__ import annotations

from pathlib import Path

import click

from waypost.cli.boot import with_database


@click.command()
@click.argument("key")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write to this file; printed by default.",
)
def export(key: str, output: Path | None) -> None:
    """Write the workflow under a key as a file, without ids and without secrets."""
    with with_database():
        from waypost.people.queries import owner_actor
        from waypost.workflows.actions import export_workflow
        from waypost.workflows.queries import list_workflows

        owner = owner_actor("cli")
        known = (
            {}
            if owner is None
            else {one.key: one.id for one in list_workflows(owner, with_archived=True)}
        )
        if owner is None or key not in known:
            raise click.ClickException(
                f"There is no workflow {key}. Choose from: {', '.join(known) or 'none yet'}."
            )
        text = export_workflow(owner, known[key])
        if not isinstance(text, str):
            raise click.ClickException(text.message)
        if output is None:
            click.echo(text, nl=False)
        else:
            output.write_text(text, encoding="utf-8")
