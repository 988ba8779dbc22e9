"""`waypost check`: what is wrong with workflow files, before they are imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from waypost.engine.definition import Workflow
    from waypost.workflows.files import FileFinding, WorkflowFile


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def check(paths: tuple[Path, ...]) -> None:
    """Check workflow files; needs no database. Ends with 1 when one of them has an error.

    Each finding is one line: file:line: code: reason → remedy. Saved dry runs are repeated; files
    of workflows that start each other belong into one command: what one fills into the other is
    compared. Where a code is explained is said at the end.
    """
    from waypost.cli.workflow_files import read_file
    from waypost.workflows.check import findings_before_publishing, normalised
    from waypost.workflows.files import WorkflowFile

    read = [read_file(path, {}, uses_examples=True) for path in paths]
    files = [one for one in read if isinstance(one, WorkflowFile)]
    workflows = {one.workflow.key: normalised(one.workflow) for one in files}
    by_key = findings_before_publishing(workflows.values(), None, workflows)
    found: list[FileFinding] = []
    for one in read:
        if isinstance(one, WorkflowFile):
            found += map(one.located, by_key[one.workflow.key])
            _tell_missing(one, workflows)
        else:
            found += one
    for finding in found:
        click.echo(str(finding))
    _tell_more(found)
    errors = sum(one.finding.severity == "error" for one in found)
    click.echo(f"{len(paths)} checked: {errors} errors, {len(found) - errors} warnings.", err=True)
    if errors:
        raise SystemExit(1)


def _tell_more(found: Sequence[FileFinding]) -> None:
    """Where each code is explained, once."""
    from waypost.workflows.check import docs_url

    for code in dict.fromkeys(one.finding.code for one in found):
        click.echo(f"More on {code}: {docs_url(code)}", err=True)


def _tell_missing(file: WorkflowFile, known: Mapping[str, Workflow]) -> None:
    """Say which dry runs were not repeated, and what would let them be."""
    from waypost.workflows.dry_run.repeating import missing_workflows

    missing = missing_workflows(file.workflow, known) if file.workflow.dry_runs else ()
    if missing:
        click.echo(
            f"{file.path}: {len(file.workflow.dry_runs)} dry runs were not repeated: they start "
            f"{', '.join(missing)}. Check the files of both in one command.",
            err=True,
        )
