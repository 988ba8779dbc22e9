"""`waypost schema`: the JSON Schema of workflow files, for editors and checks."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write to this file; printed by default.",
)
def schema(output: Path | None) -> None:
    """Print the JSON Schema of workflow files."""
    from waypost.workflows.schema import workflow_schema

    if output is None:
        click.echo(workflow_schema(), nl=False)
    else:
        output.write_text(workflow_schema(), encoding="utf-8")
