"""`waypost doctor`: says what is wrong and what to do."""

from __future__ import annotations

import click

from waypost.cli.boot import use_settings
from waypost.cli.checkup import check_everything
from waypost.postgres import Finding, Level

SIGNS = {
    Level.OK: click.style("ok     ", fg="green"),
    Level.WARNING: click.style("warning", fg="yellow"),
    Level.ERROR: click.style("error  ", fg="red"),
}


@click.command()
def doctor() -> None:
    """Say what is wrong and what to do; exits with 1 when something must be put right."""
    use_settings()
    findings = check_everything()
    for finding in findings:
        _show(finding)
    errors = sum(finding.level is Level.ERROR for finding in findings)
    click.echo(f"\n{errors} to put right." if errors else "\nNothing to put right.")
    raise SystemExit(1 if errors else 0)


def _show(finding: Finding) -> None:
    click.echo(f"{SIGNS[finding.level]}  {finding.subject}: {finding.message}")
    if finding.remedy:
        click.echo(f"         {finding.remedy}")
