"""`waypost check`: what is wrong with workflow files, before they are imported."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def check(paths: tuple[Path, ...]) -> None:
    """Check workflow files; needs no database. Ends with 1 when one of them has an error.

    Each finding is one line: file:line: code: reason → remedy.
    """
    from waypost.cli.workflow_files import read_file
    from waypost.workflows.check import findings_of, normalised
    from waypost.workflows.files import FileFinding, WorkflowFile

    found: list[FileFinding] = []
    for path in paths:
        read = read_file(path, {}, uses_examples=True)
        if isinstance(read, WorkflowFile):
            found += [read.located(one) for one in findings_of(normalised(read.workflow))]
        else:
            found += read
    for finding in found:
        click.echo(str(finding))
    errors = sum(one.finding.severity == "error" for one in found)
    click.echo(f"{len(paths)} checked: {errors} errors, {len(found) - errors} warnings.", err=True)
    if errors:
        raise SystemExit(1)
