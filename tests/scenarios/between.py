"""A proxy between Waypost and everything it calls: it can answer in another's place, or take a call
and hold the answer back until the test lets go.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOLD_SECONDS = 60
_NOT_PASSED_ON = {"connection", "transfer-encoding", "content-length", "date", "server"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call on its way."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Wanted = Callable[[Call], bool]


@dataclass(slots=True)
class Hold:
    """An answer held back: `arrived` when the other side has answered, `let_go` to pass it on."""

    wanted: Wanted
    arrived: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    is_used: bool = False


@dataclass(slots=True)
class Substitute:
    """An answer given once in the other's place."""

    wanted: Wanted
    reply: Reply
    is_used: bool = False


class Between:
    """The proxy; every call that passed is kept in `passed`."""

    def __init__(self, to: str) -> None:
        self.to = urlsplit(to)
        self.passed: list[Call] = []
        self._rules: list[Hold | Substitute] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        """Where calls come in."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def hold(self, wanted: Wanted) -> Hold:
        """Hold the answer to the first such call back."""
        hold = Hold(wanted)
        self._rules.append(hold)
        return hold

    def answer(self, wanted: Wanted, status: int, body: object) -> None:
        """Answer the first such call instead of the one who was called."""
        reply = Reply(status, {"Content-Type": "application/json"}, json.dumps(body).encode())
        self._rules.append(Substitute(wanted, reply))

    def take(self, call: Call) -> Reply:
        """What a call gets."""
        rule = self._rule_for(call)
        if isinstance(rule, Substitute):
            return rule.reply
        reply = self._pass_on(call)
        if rule is not None:
            rule.arrived.set()
            rule.let_go.wait(HOLD_SECONDS)
        return reply

    @contextmanager
    def serving(self) -> Iterator[Between]:
        """Take calls until the block ends."""
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def _rule_for(self, call: Call) -> Hold | Substitute | None:
        with self._lock:
            self.passed.append(call)
            for rule in self._rules:
                if not rule.is_used and rule.wanted(call):
                    rule.is_used = True
                    return rule
        return None

    def _pass_on(self, call: Call) -> Reply:
        connection = http.client.HTTPConnection(
            self.to.hostname or "", self.to.port, timeout=HOLD_SECONDS
        )
        try:
            connection.request(call.method, call.path, call.body, dict(call.headers))
            answer = connection.getresponse()
            kept = {
                name: value
                for name, value in answer.getheaders()
                if name.lower() not in _NOT_PASSED_ON
            }
            return Reply(answer.status, kept, answer.read())
        finally:
            connection.close()


def _handler(between: Between) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Reads one call, writes what it gets."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Any method: they all pass."""
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with suppress(ConnectionError):
                self._write(between.take(Call(self.command, self.path, dict(self.headers), body)))

        do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET

        def _write(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Stay quiet."""

    return Handler
