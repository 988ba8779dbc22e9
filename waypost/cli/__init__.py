"""The `waypost` command: one file a command, each listed here."""

from __future__ import annotations

from importlib import import_module

import click

# Loaded only when called, so that the supervisor stays small and `--help` is quick.
COMMANDS = {
    "run": "waypost.cli.run:run",
    "web": "waypost.cli.web:web",
    "worker": "waypost.cli.worker:worker",
    "migrate": "waypost.cli.migrate:migrate",
    "prepare": "waypost.cli.prepare:prepare",
    "verify": "waypost.cli.verify:verify",
    "owner": "waypost.cli.owner:owner",
    "key": "waypost.cli.key:key",
    "doctor": "waypost.cli.doctor:doctor",
    "check": "waypost.cli.check:check",
    "import": "waypost.cli.import_files:import_files",
    "export": "waypost.cli.export:export",
    "schema": "waypost.cli.schema:schema",
}


class Commands(click.Group):
    """The commands above, imported by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the list."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None, which click answers with the usage."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{place} is not a command. Decorate it with @click.command().")
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="waypost")
def main() -> None:
    """Workflows with people in them, on your own machine."""
