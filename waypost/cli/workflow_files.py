"""Reading workflow files for commands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from waypost.workflows.files import FileFinding, WorkflowFile


def read_file(
    path: Path, given: Mapping[str, str], uses_examples: bool = False
) -> WorkflowFile | tuple[FileFinding, ...]:
    """The workflow in a file, or what is wrong with its form."""
    from waypost.workflows.files import read_workflow

    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path} is not UTF-8 text. Save it as UTF-8.") from error
    return read_workflow(text, str(path), given, uses_examples)


def read_settings(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    """`NAME=value` options as a mapping."""
    pairs = [value.partition("=") for value in values]
    if any(not found for _, found, _ in pairs):
        raise click.BadParameter("Write NAME=value, such as BASE=https://waypost.example.org")
    return {name: value for name, _, value in pairs}
