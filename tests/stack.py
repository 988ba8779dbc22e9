"""The whole product as a user runs it: `waypost run` with its own data folder, spoken to over
HTTP.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psutil
import psycopg

from waypost import postgres

PATIENCE_SECONDS = 180
_HIDDEN = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "WAYPOST_PUBLIC_URL", "WAYPOST_PORT"}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - tests look into it freely
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Stack:
    """One running Waypost."""

    data: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    key: str = ""

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """What its processes see."""
        kept = {name: value for name, value in os.environ.items() if name not in _HIDDEN}
        ours = {"WAYPOST_DATA": str(self.data), "WAYPOST_PORT": str(self.port)}
        return kept | ours | self.environment

    def start(self) -> None:
        """Start `waypost run` and wait until it serves."""
        command = [sys.executable, "-m", "waypost.cli", "run"]
        with (self.data / "log").open("ab") as log:
            process = subprocess.Popen(command, env=self.environ, stdout=log, stderr=log)
        self.process = process
        self.wait_until(lambda: process.poll() is not None or self.answers())
        assert process.poll() is None, self.log_end()
        if not self.key:
            self.key = self.command("key", "create", "tests").strip()

    def stop(self) -> None:
        """Ctrl-C."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def command(self, *arguments: str, check: bool = True) -> str:
        """Run another `waypost` command beside it and give what it printed."""
        command = [sys.executable, "-m", "waypost.cli", *arguments]
        done = subprocess.run(command, env=self.environ, capture_output=True, text=True)
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        return done.stdout

    def answers(self) -> bool:
        """Whether the API is there."""
        try:
            return self.call("GET", "/api/openapi.json").status == 200
        except OSError:
            return False

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One HTTP request; to the API with the stack's own key unless the headers say
        otherwise.
        """
        known = {"Authorization": f"Api-Key {self.key}"} if path.startswith("/api/") else {}
        sent = body if isinstance(body, bytes) else _encoded(body)
        named = {"Content-Type": "application/json"} if body is not None else {}
        url = path if path.startswith("http") else self.url + path
        request = urllib.request.Request(  # noqa: S310 - our own server
            url, sent, known | named | (headers or {}), method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310
                return Answer(reply.status, dict(reply.headers), reply.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read())

    def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Look into its database."""
        with psycopg.connect(postgres.embedded_url(self.data), autocommit=True) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def wait_until(self, is_true: Callable[[], T], patience: float = PATIENCE_SECONDS) -> T:
        """Ask again until it is so; fails with the end of the log."""
        until = time.monotonic() + patience
        while not (found := is_true()):
            if time.monotonic() > until:
                raise AssertionError(f"still not so after {patience} s\n{self.log_end()}")
            time.sleep(0.05)
        return found

    def log_end(self) -> str:
        """The last lines that its processes wrote."""
        return "\n".join((self.data / "log").read_text(errors="replace").splitlines()[-40:])

    def processes(self, *words: str) -> list[psutil.Process]:
        """Its processes whose command line holds all these words."""
        assert self.process is not None
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [one for one in children if _holds(one, words)]

    def kill(self, *words: str) -> None:
        """kill -9 of every process whose command line holds these words."""
        for one in self.processes(*words):
            one.kill()


@contextmanager
def a_stack(data: Path, **environment: str) -> Iterator[Stack]:
    """Waypost, started and stopped again."""
    data.mkdir(parents=True, exist_ok=True)
    stack = Stack(data, free_port(), environment)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _encoded(body: object) -> bytes | None:
    return None if body is None else json.dumps(body).encode()


def _holds(process: psutil.Process, words: tuple[str, ...]) -> bool:
    try:
        line = " ".join(process.cmdline())
    except psutil.Error:
        return False
    return all(word in line for word in words)
