"""A load of HTTP requests over many connections, cheap enough to leave the server its cores."""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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
    parts = urlsplit(url)
    address = str(parts.hostname), parts.port or 80
    began = time.perf_counter()
    lines = [_Line(address, queue, keep_bodies) for queue in queues]
    with selectors.DefaultSelector() as selector:
        for line in lines:
            if line.send_next():
                selector.register(line.socket, selectors.EVENT_READ, line.receive)
        while selector.get_map():
            for key, _ in selector.select():
                if not key.data():
                    selector.unregister(key.fileobj)
    seconds = time.perf_counter() - began
    statuses = Counter(status for line in lines for status in line.statuses)
    return Load(seconds, dict(statuses), tuple(body for line in lines for body in line.bodies))


class _Line:
    """One connection that works through its queue; little is done for an answer, by sockets
    alone: an event loop would take twice as much of the cores from the server.
    """

    def __init__(self, address: tuple[str, int], queue: Sequence[bytes], keep_bodies: bool) -> None:
        self.socket = socket.create_connection(address)
        self.queue = iter(queue)
        self.keep_bodies = keep_bodies
        self.statuses: list[int] = []
        self.bodies: list[bytes] = []
        self.received = b""
        self.size = 0

    def send_next(self) -> bool:
        """Send the next request; False, and the end of the connection, when there is none."""
        request = next(self.queue, None)
        if request is None:
            self.socket.close()
            return False
        self.socket.sendall(request)
        return True

    def receive(self) -> bool:
        """Collect until the answer is whole, then go on; False when all is done."""
        data = self.socket.recv(65_536)
        if not data:
            raise ConnectionError("The server hung up.")
        self.received += data
        if not self.size:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return True
            self.size = end + 4 + _content_length(self.received[:end])
        return self._take() if len(self.received) >= self.size else True

    def _take(self) -> bool:
        self.statuses.append(int(self.received[9:12]))
        if self.keep_bodies:
            self.bodies.append(self.received.partition(b"\r\n\r\n")[2])
        self.received, self.size = b"", 0
        return self.send_next()


def _content_length(head: bytes) -> int:
    lower = head.lower()
    place = lower.index(b"content-length:") + 15
    return int(lower[place:].partition(b"\r\n")[0])
