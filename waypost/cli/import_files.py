"""`waypost import`: workflow files into the workspace, as its owner."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from waypost.cli.boot import with_database
from waypost.cli.workflow_files import read_file, read_settings

if TYPE_CHECKING:
    from waypost.workflows.actions import Imported, Rejected
    from waypost.workflows.files import WorkflowFile


@click.command("import")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--publish/--draft", default=True, help="Publish them, or only keep the drafts.")
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    callback=read_settings,
    help="The value of a parameter of the files; BASE is this server unless you set it.",
)
def import_files(paths: tuple[Path, ...], publish: bool, given: dict[str, str]) -> None:
    """Bring workflow files in under their keys, all or none; they may refer to each other."""
    with with_database():
        from django.conf import settings

        from waypost.people.queries import owner_actor
        from waypost.workflows.actions import Rejected, import_workflows
        from waypost.workflows.files import WorkflowFile

        given = {"BASE": settings.PUBLIC_URL} | given
        read = [read_file(path, given) for path in paths]
        faults = [str(one) for file in read if isinstance(file, tuple) for one in file]
        files = [file for file in read if isinstance(file, WorkflowFile)]
        if faults:
            _refuse(faults)
        owner = owner_actor("cli")
        if owner is None:
            raise click.ClickException("There is no workspace yet. Start `waypost run` once.")
        outcome = import_workflows(owner, [file.workflow for file in files], publish)
        if isinstance(outcome, Rejected):
            _refuse(_located(outcome, files))
        else:
            _tell(outcome)


def _located(rejected: Rejected, files: list[WorkflowFile]) -> list[str]:
    by_key = {file.workflow.key: file for file in files}
    return [
        str(by_key[key].located(finding))
        for key, findings in rejected.findings.items()
        for finding in findings
    ]


def _tell(outcome: tuple[Imported, ...]) -> None:
    for one in outcome:
        version = f"version {one.version_number}" if one.version_number else "draft only"
        change = "published" if one.is_changed else "as before"
        click.echo(f"{one.key}\t{one.workflow_id}\t{version}\t{change}")
        for warning in one.warnings:
            click.echo(f"  {warning.code}: {warning.message} → {warning.remedy}", err=True)


def _refuse(lines: list[str]) -> None:
    for line in lines:
        click.echo(line)
    raise click.ClickException("Nothing was imported. Correct the files and import them again.")
