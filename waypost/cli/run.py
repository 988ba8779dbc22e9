"""`waypost run`: everything on this machine, from one command."""

from __future__ import annotations

import fcntl
import http.client
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from waypost import postgres
from waypost.cli.boot import start_postgres, use_settings
from waypost.cli.parts import Command, Database, Kept, Part, waypost_command
from waypost.cli.ports import HOST, port_trouble
from waypost.cli.supervisor import Supervisor
from waypost.postgres.lifeline import tied_to_us


@click.command()
def run() -> None:
    """Start the database, migrate, load the example, serve, and keep all of it alive."""
    os.environ.setdefault("WAYPOST_SANDBOX", "1")
    use_settings()
    from django.conf import settings

    chosen = settings.ENVIRONMENT
    _end_in_order_when_asked()
    with _only_one(settings.DATA_FOLDER):
        if trouble := port_trouble(chosen.port):
            raise click.ClickException(trouble)
        if chosen.database_url:
            _serve(chosen.port, settings.PUBLIC_URL, None)
        else:
            with _postgres(settings.DATA_FOLDER):
                _serve(chosen.port, settings.PUBLIC_URL, Database(settings.DATA_FOLDER))
    click.echo("Stopped.")


def _serve(port: int, url: str, database: Database | None) -> None:
    welcome = _prepare()
    web = Command("web", ("web", "--host", HOST, "--port", str(port)))
    worker = Command("worker", ("worker",))
    parts: list[Part] = [database, worker, web] if database else [worker, web]
    kept = [Kept(part, _say) for part in parts]
    Supervisor(kept, look=Announcement(port, url, welcome).look).run()


@dataclass(slots=True)
class Announcement:
    """Says once where to look, as soon as there is something to see."""

    port: int
    url: str
    welcome: str
    is_made: bool = False

    def look(self) -> None:
        """Print the address when the server answers for the first time."""
        if not self.is_made and _answers(self.port):
            self.is_made = True
            click.echo(f"Waypost is ready. Open {self.url}/")
            if self.welcome:
                click.echo(f"Sign in as the owner with {self.welcome}")
            click.echo("Ctrl-C stops it.")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("HEAD", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _prepare() -> str:
    """Migrate and load the example in a process that gives its memory back; the welcome link."""
    with subprocess.Popen(  # noqa: S603 - our own command
        waypost_command("prepare"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=tied_to_us(signal.SIGKILL),
    ) as process:
        try:
            printed, _ = process.communicate()
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise click.ClickException("The database could not be prepared; the reason is above.")
    return printed.strip()


@contextmanager
def _postgres(data: Path) -> Iterator[None]:
    try:
        start_postgres()
        yield
    finally:
        postgres.stop(data)


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    """A lock on the data folder itself; the kernel lets go of it when we end, in any way."""
    data.mkdir(parents=True, exist_ok=True)
    folder = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(folder, data)
        yield
    finally:
        os.close(folder)


def _lock(folder: int, data: Path) -> None:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise click.ClickException(
            f"Waypost already runs with the data folder {data}. Use that one, stop it with Ctrl-C, "
            "or set WAYPOST_DATA and WAYPOST_PORT to run a second one."
        ) from error


def _end_in_order_when_asked() -> None:
    """Before the supervisor waits for signals itself, SIGTERM must not skip the clean-up."""

    def end(number: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


_say: Callable[[str], None] = click.echo
