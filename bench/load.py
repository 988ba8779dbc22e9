"""A load of HTTP requests over many connections, cheap enough to leave the server its cores."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of requests came to."""

    seconds: float
    statuses: dict[int, int]
    bodies: tuple[bytes, ...] = ()

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        good = sum(count for status, count in self.statuses.items() if status < 300)
        return good / self.seconds


def request_bytes(method: str, path: str, body: bytes, key: str, host: str) -> bytes:
    """One HTTP/1.1 request as it goes over the wire."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Api-Key {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def run_load(url: str, queues: Sequence[Sequence[bytes]], *, keep_bodies: bool = False) -> Load:
    """Send each queue over a connection of its own, one request after the other."""
    return asyncio.run(_run(url, queues, keep_bodies))


async def _run(url: str, queues: Sequence[Sequence[bytes]], keep_bodies: bool) -> Load:
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    lines = [_Line(queue, keep_bodies, loop.create_future()) for queue in queues]
    for line in lines:
        await loop.create_connection(partial(_same, line), str(parts.hostname), parts.port or 80)
    await asyncio.gather(*(line.done for line in lines))
    seconds = time.perf_counter() - began
    statuses = Counter(status for line in lines for status in line.statuses)
    return Load(seconds, dict(statuses), tuple(body for line in lines for body in line.bodies))


def _same(line: _Line) -> _Line:
    return line


class _Line(asyncio.Protocol):
    """One connection that works through its queue; little else is done for an answer."""

    def __init__(
        self, queue: Sequence[bytes], keep_bodies: bool, done: asyncio.Future[None]
    ) -> None:
        self.queue = iter(queue)
        self.keep_bodies = keep_bodies
        self.done = done
        self.statuses: list[int] = []
        self.bodies: list[bytes] = []
        self.received = b""
        self.size = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        self._send_next()

    def data_received(self, data: bytes) -> None:
        """Collect until the answer is whole."""
        self.received += data
        if not self.size:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return
            self.size = end + 4 + _content_length(self.received[:end])
        if len(self.received) >= self.size:
            self._take()

    def connection_lost(self, error: Exception | None) -> None:
        """A connection that ends early is a fault of the server."""
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("The server hung up."))

    def _take(self) -> None:
        self.statuses.append(int(self.received[9:12]))
        if self.keep_bodies:
            self.bodies.append(self.received.partition(b"\r\n\r\n")[2])
        self.received, self.size = b"", 0
        self._send_next()

    def _send_next(self) -> None:
        request = next(self.queue, None)
        if request is not None:
            self.transport.write(request)
            return
        self.done.set_result(None)
        self.transport.close()


def _content_length(head: bytes) -> int:
    lower = head.lower()
    place = lower.index(b"content-length:") + 15
    return int(lower[place:].partition(b"\r\n")[0])
