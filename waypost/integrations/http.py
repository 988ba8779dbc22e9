"""The one door out: every call to another system leaves through `Sender.send`.

It maps the origin, refuses addresses that calls may not reach, connects to the very address it
judged, follows redirects one by one through the same checks, and caps size and time.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace, TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver

from waypost import __version__
from waypost.integrations.addresses import is_local_name, literal_address
from waypost.integrations.door import Door
from waypost.integrations.failures import (
    AddressRefused,
    AnswerLost,
    NoConnection,
    OutboundFailure,
    RequestRefused,
    ResponseTooLarge,
    TimedOut,
    TooManyRedirects,
)
from waypost.integrations.origin_header import ORIGIN_HEADER
from waypost.integrations.resolving import CheckedResolver, refusal
from waypost.integrations.target import Target, follow, plain_path, read_target

Headers = tuple[tuple[str, str], ...]

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
CONNECTIONS = 400

# Belong to the connection or to us; a caller who could set them could smuggle a second request,
# or tell our own server whose call this is.
_OURS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "forwarded",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "x-real-ip",
        ORIGIN_HEADER.lower(),
    }
)
# The only headers that follow a redirect to another origin: any other might carry a secret.
_HARMLESS = frozenset({"accept", "accept-language", "content-type", "user-agent"})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as a step wrote it; `url` is the printed one, before the origin map."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes | None = field(default=None, repr=False)
    timeout_seconds: float = 60

    def with_header(self, name: str, value: str) -> Request:
        """The request with this header in place of any of that name."""
        others = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*others, (name, value)))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, whatever its status; `answered_by` is the origin that really gave it."""

    status: int
    headers: Headers
    body: bytes = field(repr=False)
    duration_ms: int
    answered_by: str

    def header(self, name: str) -> str | None:
        """The first header of that name, in any spelling."""
        found = (value for key, value in self.headers if key.lower() == name.lower())
        return next(found, None)

    def text(self) -> str:
        """The body as text, in the charset it names, without what PostgreSQL refuses."""
        charset = re.search(r"charset=\"?([\w.-]+)", self.header("Content-Type") or "", re.I)
        try:
            text = self.body.decode(charset[1] if charset else "utf-8", "replace")
        except LookupError:
            text = self.body.decode("utf-8", "replace")
        return re.sub("[\x00\ud800-\udfff]", "", text)


class Sender:
    """Sends requests for one event loop, on one pool of kept connections."""

    def __init__(self, door: Door, resolver: AbstractResolver | None = None) -> None:
        self._door = door
        self._resolver = resolver
        self._checked: aiohttp.ClientSession | None = None
        self._trusted: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        resolver = self._resolver or aiohttp.ThreadedResolver()
        self._checked = _session(CheckedResolver(self._door, resolver))
        # Apart, so that a connection opened for an allowed origin serves no other one.
        self._trusted = _session(resolver)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for session in (self._checked, self._trusted):
            if session is not None:
                await session.close()

    async def send(self, request: Request, *, signed_origin: str | None = None) -> Reply:
        """Send it and return the last answer; raises OutboundFailure.

        `signed_origin` (see `origin_header`) goes along only while the call stays on our server.
        """
        hop = _first_hop(request, self._door, signed_origin)
        seconds = min(request.timeout_seconds, self._door.max_seconds)
        trace = SimpleNamespace(is_connected=False, was_sent=False)
        try:
            async with asyncio.timeout(seconds):
                return await self._walk(hop, trace)
        except TimeoutError as error:
            failure = TimedOut(f"{hop.target.origin} did not answer within {seconds:g} seconds.")
            failure.was_sent = trace.was_sent
            raise failure from error
        except OutboundFailure as failure:
            failure.was_sent = trace.was_sent
            raise

    async def _walk(self, hop: _Hop, trace: SimpleNamespace) -> Reply:
        start = time.monotonic()
        for _ in range(self._door.max_redirects + 1):
            async with self._exchange(hop, trace) as response:
                location = response.headers.get("Location")
                if response.status not in (301, 302, 303, 307, 308) or not location:
                    body = await self._read(response)
                    spent = round((time.monotonic() - start) * 1000)
                    return _reply(response, body, spent, hop.target.origin)
            hop = _next_hop(hop, response.status, location, self._door)
        raise TooManyRedirects(
            f"{hop.target.origin} sent the call on more than {self._door.max_redirects} times. "
            "Use the final address in the step's URL."
        )

    @asynccontextmanager
    async def _exchange(
        self, hop: _Hop, trace: SimpleNamespace
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        session = self._session_for(hop.target)
        trace.is_connected = False
        try:
            async with session.request(
                hop.method,
                hop.target.as_url(),
                headers=hop.headers,
                data=hop.body,
                allow_redirects=False,
                trace_request_ctx=trace,
            ) as response:
                yield response
        except OutboundFailure:
            raise
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _failure(error, hop.target, trace.is_connected) from error

    def _session_for(self, target: Target) -> aiohttp.ClientSession:
        if self._checked is None or self._trusted is None:
            raise RuntimeError("Enter the sender first: async with Sender(door) as sender.")
        check_target(target, self._door)
        is_allowed = self._door.is_allowed_origin(target.origin, target.host)
        return self._trusted if is_allowed else self._checked

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(65536):
            body += chunk
            if len(body) > self._door.max_bytes:
                raise ResponseTooLarge(
                    f"The answer is longer than {self._door.max_bytes} bytes. "
                    "Ask for less, for example with a filter or a page size."
                )
        return bytes(body)


def send_once(request: Request, door: Door, *, signed_origin: str | None = None) -> Reply:
    """Send one request from code that has no event loop, on a connection of its own."""

    async def send() -> Reply:
        async with Sender(door) as sender:
            return await sender.send(request, signed_origin=signed_origin)

    return asyncio.run(send())


def check_target(target: Target, door: Door) -> None:
    """Refuse what needs no look-up: closed pages, literal addresses, names of this machine."""
    if plain_path(target).startswith("/sandbox/") and _is_ours(target.origin, door):
        raise AddressRefused(
            "Calls may not reach the sandbox's control pages. Use its /v2 and /v3 addresses."
        )
    if door.is_allowed_origin(target.origin, target.host):
        return
    address = literal_address(target.host)
    is_refused = address is not None and not door.is_allowed_address(address)
    if is_refused or (is_local_name(target.host) and not door.allow_private):
        raise refusal(target.host)


def is_free_header(name: str) -> bool:
    """Whether a credential may travel in this header: ours to send, and dropped on a redirect."""
    is_taken = _is_ours_to_set(name) or name.lower() in _HARMLESS
    return _TOKEN.fullmatch(name) is not None and not is_taken


@dataclass(frozen=True, slots=True)
class _Hop:
    method: str
    target: Target
    headers: Headers
    body: bytes | None


def _is_ours(origin: str, door: Door) -> bool:
    return door.is_own(origin) or door.is_sandbox(origin)


def _first_hop(request: Request, door: Door, signed_origin: str | None) -> _Hop:
    method = request.method.upper()
    if method not in METHODS:
        raise RequestRefused(f"“{request.method}” is not a method. Use one of {sorted(METHODS)}.")
    target = _mapped(read_target(request.url), door)
    headers = _checked_headers(request.headers)
    if signed_origin is not None and door.is_own(target.origin):
        headers += ((ORIGIN_HEADER, signed_origin),)
    return _Hop(method, target, headers, request.body)


def _next_hop(hop: _Hop, status: int, location: str, door: Door) -> _Hop:
    target = _mapped(follow(hop.target, location), door)
    if hop.target.scheme == "https" and target.scheme == "http":
        raise AddressRefused(
            f"{hop.target.origin} sent the call on to a page without encryption, {target.origin}. "
            "Use the final address in the step's URL."
        )
    if target.origin != hop.target.origin:
        kept = tuple(pair for pair in hop.headers if pair[0].lower() in _HARMLESS)
        hop = replace(hop, headers=kept)
    # Fetch standard, "HTTP-redirect fetch", step 12.
    if (status in (301, 302) and hop.method == "POST") or (status == 303 and hop.method != "HEAD"):
        kept = tuple(pair for pair in hop.headers if not pair[0].lower().startswith("content-"))
        hop = _Hop("GET", hop.target, kept, None)
    return replace(hop, target=target)


def _mapped(target: Target, door: Door) -> Target:
    real = door.real_origin(target.origin)
    return target if real == target.origin else target.at_origin(real)


def _checked_headers(headers: Headers) -> Headers:
    for name, value in headers:
        if _TOKEN.fullmatch(name) is None:
            raise RequestRefused(f"“{name}” is not a header name. Use letters, digits and hyphens.")
        if _CONTROL.search(value):
            raise RequestRefused(f"The header {name} holds a line break or control character.")
    kept = ((name, value.strip()) for name, value in headers if not _is_ours_to_set(name))
    return tuple(kept)


def _is_ours_to_set(name: str) -> bool:
    return name.lower() in _OURS or name.lower().startswith("x-forwarded-")


def _session(resolver: AbstractResolver) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        resolver=resolver, limit=CONNECTIONS, ttl_dns_cache=10, keepalive_timeout=15
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": f"Waypost/{__version__}"},
        skip_auto_headers=["Content-Type"],
        timeout=aiohttp.ClientTimeout(total=None),  # one clock over all hops, in `send`
        trace_configs=[_sent_trace()],
        trust_env=False,
        max_field_size=65536,
    )


def _sent_trace() -> aiohttp.TraceConfig:
    """Notes the moment from which the other side may have seen the request."""

    async def connected(
        _session: aiohttp.ClientSession, context: SimpleNamespace, _params: object
    ) -> None:
        context.trace_request_ctx.is_connected = context.trace_request_ctx.was_sent = True

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(connected)
    trace.on_connection_reuseconn.append(connected)
    return trace


def _reply(response: aiohttp.ClientResponse, body: bytes, spent: int, origin: str) -> Reply:
    # aiohttp spells names with a class of its own, which is no plain text to others.
    headers = tuple((str(name), value) for name, value in response.headers.items())
    return Reply(response.status, headers, body, spent, origin)


def _failure(error: Exception, target: Target, is_connected: bool) -> OutboundFailure:
    if is_connected:
        return AnswerLost(
            f"{target.origin} took the call but broke off before its answer was complete. "
            "Look there whether the call had its effect."
        )
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return NoConnection(f"There is no server named {target.host}. Check the step's URL.")
    if isinstance(error, aiohttp.ClientSSLError | aiohttp.ClientConnectorCertificateError):
        return NoConnection(f"{target.origin} could not prove who it is (TLS). Check the URL.")
    return NoConnection(f"{target.origin} did not take the connection. Check the URL.")
