"""A real web server for calls to reach: keeps what came, and answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    at: float


@dataclass(frozen=True)
class Answer:
    """What to send back."""

    status: int = 200
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)


class Site:
    """The server's address, what it received, and how it answers."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.received: list[Received] = []
        self.arrived = threading.Semaphore(0)
        self.answer: Callable[[Received], Answer] = lambda _: Answer()

    def wait(self, count: int = 1, seconds: float = 30) -> None:
        """Wait until that many more requests have come."""
        for _ in range(count):
            assert self.arrived.acquire(timeout=seconds), "No request came."


@contextmanager
def a_site() -> Iterator[Site]:
    """A server on a free port of this machine."""
    server = _Server(("127.0.0.1", 0), _Handler)
    site = Site(server.server_address[1])
    server.site = site  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: object) -> None:
        """A killed worker breaks its connections off."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        at = time.time()
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        received = Received(self.command, self.path, dict(self.headers), body, at)
        site: Site = self.server.site  # type: ignore[attr-defined]
        site.received.append(received)
        site.arrived.release()
        answer = site.answer(received)
        content = answer.body.encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def as_json(value: object) -> str:
    """A body."""
    return json.dumps(value)
