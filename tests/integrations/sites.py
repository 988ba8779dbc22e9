"""Servers on loopback and a name book, to send real requests without leaving the machine."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import TypeAlias

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from waypost.integrations.door import Door

LOOPBACK = IPv4Network("127.0.0.1/32")
Answering: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


class NameBook(AbstractResolver):
    """A resolver that reads a book: one line of a name for each look-up, then the last again."""

    def __init__(self, book: dict[str, list[list[str]]]) -> None:
        self._book = book
        self.looked_up: Counter[str] = Counter()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        lines = self._book.get(host)
        if lines is None:
            raise OSError(f"{host} is not in the book")
        line = lines[min(self.looked_up[host], len(lines) - 1)]
        self.looked_up[host] += 1
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in line
        ]

    async def close(self) -> None:
        """A book needs no closing."""


@dataclass
class Site:
    """A running server and what it was asked."""

    port: int
    seen: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@asynccontextmanager
async def a_site(answer: Answering) -> AsyncIterator[Site]:
    """Serve every path with one function until the block ends."""
    site = Site(0)

    async def keep(request: web.Request) -> web.StreamResponse:
        site.seen.append(request)
        site.bodies.append(await request.read())
        return await answer(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", keep)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        tcp = web.TCPSite(runner, "127.0.0.1", 0)
        await tcp.start()
        site.port = runner.addresses[0][1]
        yield site
    finally:
        await runner.cleanup()


def a_door(
    own: str = "https://waypost.example",
    *,
    is_loopback_open: bool = True,
    origin_map: dict[str, str] | None = None,
    max_bytes: int = 100_000,
    max_seconds: float = 20,
) -> Door:
    """A door through which 127.0.0.1, and no other private address, can be reached."""
    return Door(
        own_origin=own,
        sandbox_origin=own,
        origin_map=origin_map or {},
        allowed_networks=(LOOPBACK,) if is_loopback_open else (),
        max_bytes=max_bytes,
        max_seconds=max_seconds,
    )


async def ok(request: web.Request) -> web.StreamResponse:
    """Answer 200 with the method and path."""
    return web.Response(text=f"{request.method} {request.path_qs}")
