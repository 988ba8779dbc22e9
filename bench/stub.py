"""A stand-in for Twilio and SendGrid that answers at once and notes when each call came."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp import web

from tests.stack import free_port

_CREATED = json.dumps({"sid": "VE1", "status": "pending"})
_APPROVED = json.dumps({"sid": "VE1", "status": "approved", "valid": True})


@dataclass(frozen=True, slots=True)
class Stub:
    """Where it listens, and the moments at which calls to `/arrived` came (seconds since 1970)."""

    url: str
    arrivals: multiprocessing.Queue[float]


@contextmanager
def a_stub() -> Iterator[Stub]:
    """The stub in a process of its own."""
    port = free_port()
    arrivals: multiprocessing.Queue[float] = multiprocessing.Queue()
    process = multiprocessing.Process(target=_serve, args=(port, arrivals), daemon=True)
    process.start()
    try:
        yield Stub(f"http://127.0.0.1:{port}", arrivals)
    finally:
        process.kill()
        process.join()


def _serve(port: int, arrivals: multiprocessing.Queue[float]) -> None:
    async def arrived(request: web.Request) -> web.Response:
        arrivals.put(time.time())
        return web.json_response({"ok": True})

    async def mail(request: web.Request) -> web.Response:
        return web.Response(status=202)

    async def send(request: web.Request) -> web.Response:
        return web.Response(status=201, text=_CREATED, content_type="application/json")

    async def check(request: web.Request) -> web.Response:
        return web.Response(text=_APPROVED, content_type="application/json")

    app = web.Application()
    app.router.add_post("/arrived", arrived)
    app.router.add_post("/v3/mail/send", mail)
    app.router.add_post("/v2/Services/{service}/Verifications", send)
    app.router.add_post("/v2/Services/{service}/VerificationCheck", check)
    web.run_app(app, host="127.0.0.1", port=port, print=None)
