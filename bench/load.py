"""A load of HTTP requests over many connections, cheap enough to leave the server its cores."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
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
    return asyncio.run(_run(url, queues, keep_bodies))


async def _run(url: str, queues: Sequence[Sequence[bytes]], keep_bodies: bool) -> Load:
    parts = urlsplit(url)
    began = time.perf_counter()
    jobs = [_drain(str(parts.hostname), parts.port or 80, queue, keep_bodies) for queue in queues]
    results = await asyncio.gather(*jobs)
    seconds = time.perf_counter() - began
    statuses: dict[int, int] = {}
    for status, _ in _flat(results):
        statuses[status] = statuses.get(status, 0) + 1
    return Load(seconds, statuses, tuple(body for _, body in _flat(results)))


def _flat(results: list[list[tuple[int, bytes]]]) -> Iterator[tuple[int, bytes]]:
    for result in results:
        yield from result


async def _drain(
    host: str, port: int, queue: Sequence[bytes], keep_bodies: bool
) -> list[tuple[int, bytes]]:
    reader, writer = await asyncio.open_connection(host, port, limit=2**20)
    done = []
    for request in queue:
        writer.write(request)
        status, body = await _read(reader)
        done.append((status, body if keep_bodies else b""))
    writer.close()
    return done


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    place = lower.index(b"content-length:") + 15
    length = int(lower[place : lower.index(b"\r\n", place)])
    return int(head[9:12]), await reader.readexactly(length)
