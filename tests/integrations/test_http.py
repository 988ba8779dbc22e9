"""Calls to real servers on loopback, through the one door."""

from __future__ import annotations

import asyncio
import gzip
import threading

import pytest
from aiohttp import web

from tests.integrations.sites import NameBook, a_door, a_site, ok
from waypost.integrations.failures import (
    AddressRefused,
    AnswerLost,
    NoConnection,
    RequestRefused,
    ResponseTooLarge,
    TimedOut,
    TooManyRedirects,
)
from waypost.integrations.http import Reply, Request, Sender, send_once


def test_request_goes_out_as_written_and_answer_comes_back() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=404, text="né", headers={"X-Answer": "1"})

    async def call() -> None:
        async with a_site(answer) as site, Sender(a_door()) as sender:
            body = b"To=%2B15005550006&Channel=sms"
            form = ("Content-Type", "application/x-www-form-urlencoded")
            reply = await sender.send(Request("post", site.url("/a%2Fb?c=%2B"), (form,), body))

            (seen,) = site.seen
            assert (seen.method, seen.raw_path) == ("POST", "/a%2Fb?c=%2B")
            assert site.bodies == [body]
            assert seen.headers["Content-Type"] == form[1]
            assert seen.headers["User-Agent"].startswith("Waypost/")
            assert (reply.status, reply.text()) == (404, "né")
            assert reply.header("x-answer") == "1"
            assert reply.answered_by == f"http://127.0.0.1:{site.port}"
            assert reply.duration_ms >= 0

    asyncio.run(call())


def test_body_without_content_type_gets_none() -> None:
    async def call() -> None:
        async with a_site(ok) as site, Sender(a_door()) as sender:
            await sender.send(Request("POST", site.url(), body=b"x"))
            assert "Content-Type" not in site.seen[0].headers

    asyncio.run(call())


def test_hundred_calls_run_at_once() -> None:
    async def call() -> None:
        everybody = asyncio.Barrier(100)

        async def answer(request: web.Request) -> web.StreamResponse:
            await everybody.wait()
            return web.Response(text=request.path)

        async with a_site(answer) as site, Sender(a_door()) as sender:
            calls = (sender.send(Request("GET", site.url(f"/{n}"))) for n in range(100))
            replies = await asyncio.gather(*calls)

        assert [reply.text() for reply in replies] == [f"/{n}" for n in range(100)]

    asyncio.run(call())


def test_connection_is_kept_for_the_next_call() -> None:
    async def call() -> None:
        async with a_site(ok) as site, Sender(a_door()) as sender:
            for _ in range(3):
                await sender.send(Request("GET", site.url()))
            peers = {
                seen.transport and seen.transport.get_extra_info("peername") for seen in site.seen
            }
            assert len(site.seen) == 3
            assert len(peers) == 1

    asyncio.run(call())


def test_code_without_event_loop_sends_too() -> None:
    with pytest.raises(AddressRefused):
        send_once(Request("GET", "http://127.0.0.1:9/"), a_door(is_loopback_open=False))


def test_name_is_looked_up_once_a_connection() -> None:
    async def call() -> None:
        book = NameBook({"shop.example": [["127.0.0.1"], ["127.0.0.2"]]})
        async with a_site(ok) as site, Sender(a_door(), book) as sender:
            reply = await sender.send(Request("GET", site.url("/x", host="shop.example")))

        assert reply.status == 200
        assert book.looked_up["shop.example"] == 1
        assert site.seen[0].headers["Host"] == f"shop.example:{site.port}"

    asyncio.run(call())


def test_name_that_moves_to_a_private_address_is_refused() -> None:
    async def call() -> None:
        book = NameBook({"shop.example": [["127.0.0.1"], ["127.0.0.2"]]})
        async with a_site(ok) as site:
            request = Request("GET", site.url(host="shop.example"))
            async with Sender(a_door(), book) as sender:
                await sender.send(request)
            async with Sender(a_door(), book) as sender:
                with pytest.raises(AddressRefused, match="WAYPOST_ALLOW_ADDRESSES"):
                    await sender.send(request)
            assert len(site.seen) == 1

    asyncio.run(call())


@pytest.mark.parametrize(
    "line", [["10.0.0.1"], ["127.0.0.1", "10.0.0.1"], ["::1"], ["::ffff:10.0.0.1"], ["fe80::1%2"]]
)
def test_name_with_a_private_address_is_refused(line: list[str]) -> None:
    async def call() -> None:
        async with Sender(a_door(), NameBook({"shop.example": [line]})) as sender:
            with pytest.raises(AddressRefused) as refusal:
                await sender.send(Request("GET", "http://shop.example/"))
            assert not refusal.value.was_sent

    asyncio.run(call())


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.1", "localhost", "[::1]", "[::ffff:7f00:1]"]
)
def test_literal_private_address_is_never_called(host: str) -> None:
    async def call() -> None:
        async with a_site(ok) as site, Sender(a_door(is_loopback_open=False)) as sender:
            with pytest.raises(AddressRefused):
                await sender.send(Request("GET", f"http://{host}:{site.port}/"))
            assert site.seen == []

    asyncio.run(call())


def test_own_origin_is_open_to_the_letter() -> None:
    async def call() -> None:
        async with a_site(ok) as site:
            door = a_door(
                site.url("")[:-1] if site.url("").endswith("/") else site.url(""),
                is_loopback_open=False,
            )
            async with Sender(door) as sender:
                reply = await sender.send(Request("GET", site.url("/api/")))
                assert reply.status == 200
                with pytest.raises(AddressRefused):
                    await sender.send(Request("GET", f"https://127.0.0.1:{site.port}/api/"))

    asyncio.run(call())


def test_printed_origin_is_answered_by_the_mapped_one() -> None:
    async def call() -> None:
        async with a_site(ok) as site:
            mapped = {"https://verify.twilio.com": site.url("")}
            async with Sender(a_door(origin_map=mapped, is_loopback_open=False)) as sender:
                reply = await sender.send(Request("POST", "https://verify.twilio.com/v2/Services"))

        assert reply.text() == "POST /v2/Services"
        assert reply.answered_by == f"http://127.0.0.1:{site.port}"

    asyncio.run(call())


async def redirected(
    location: str, *, status: int = 302, method: str = "POST"
) -> tuple[Reply, list[web.Request], list[bytes]]:
    """Call a server that sends us on once; `{port}` in the location is its own port."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/start":
            to = location.format(port=site.port)
            return web.Response(status=status, headers={"Location": to})
        return await ok(request)

    book = NameBook({"other.example": [["127.0.0.1"]], "inside.example": [["10.0.0.1"]]})
    async with a_site(answer) as site, Sender(a_door(), book) as sender:
        secret = (("Authorization", "Bearer s3cret"), ("X-Mine", "1"))
        headers = (*secret, ("Accept", "text/plain"), ("Content-Type", "text/plain"))
        reply = await sender.send(Request(method, site.url("/start"), headers, b"body"))
    return reply, site.seen, site.bodies


@pytest.mark.parametrize(
    ("status", "method", "after", "body"),
    [
        (301, "POST", "GET", b""),
        (302, "POST", "GET", b""),
        (303, "POST", "GET", b""),
        (303, "PUT", "GET", b""),
        (302, "PUT", "PUT", b"body"),
        (307, "POST", "POST", b"body"),
        (308, "POST", "POST", b"body"),
    ],
)
def test_redirect_changes_the_method_as_browsers_do(
    status: int, method: str, after: str, body: bytes
) -> None:
    reply, seen, bodies = asyncio.run(redirected("/end", status=status, method=method))

    assert reply.text() == f"{after} /end"
    assert bodies[1] == body
    assert seen[1].headers["Authorization"] == "Bearer s3cret"
    assert ("Content-Type" in seen[1].headers) == bool(body)


@pytest.mark.parametrize("status", [302, 307])
def test_redirect_to_another_origin_takes_no_secret_along(status: int) -> None:
    _, seen, _ = asyncio.run(redirected("http://other.example:{port}/end", status=status))

    assert seen[1].headers["Host"].startswith("other.example")
    assert "Authorization" not in seen[1].headers
    assert "X-Mine" not in seen[1].headers
    assert seen[1].headers["Accept"] == "text/plain"


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://localhost:{port}/",
        "http://169.254.169.254/latest/",
        "http://[::1]:{port}/",
        "http://0x7f.0.0.2:{port}/",
        "http://inside.example/",
        "//127.0.0.2/x",
    ],
)
def test_redirect_to_a_private_address_is_refused(location: str) -> None:
    with pytest.raises(AddressRefused) as refusal:
        asyncio.run(redirected(location))

    assert refusal.value.was_sent


@pytest.mark.parametrize("location", ["ftp://example.com/", "http://a@other.example/", "gopher:x"])
def test_redirect_to_what_is_no_page_is_refused(location: str) -> None:
    with pytest.raises(RequestRefused):
        asyncio.run(redirected(location))


def test_redirects_without_end_are_cut() -> None:
    with pytest.raises(TooManyRedirects, match="more than 5 times"):
        asyncio.run(redirected("/start", status=307))


def test_redirect_without_location_is_an_answer() -> None:
    reply, seen, _ = asyncio.run(redirected(""))

    assert reply.status == 302
    assert len(seen) == 1


@pytest.mark.parametrize(
    "header",
    [
        ("X-Name", "a\r\nX-Evil: 1"),
        ("X-Name", "a\nb"),
        ("X-Name", "a\x00b"),
        ("X-Name", "\ud800"),
        ("X Name", "a"),
        ("X-Name\r\nEvil", "a"),
        ("", "a"),
        ("X-Name:", "a"),
    ],
)
def test_header_with_a_line_break_is_refused(header: tuple[str, str]) -> None:
    async def call() -> None:
        async with a_site(ok) as site, Sender(a_door()) as sender:
            with pytest.raises(RequestRefused):
                await sender.send(Request("GET", site.url(), (header,)))
            assert site.seen == []

    asyncio.run(call())


def test_headers_of_the_connection_are_ours_alone() -> None:
    async def call() -> None:
        async with a_site(ok) as site, Sender(a_door()) as sender:
            theirs = "Host Content-Length Transfer-Encoding Connection Waypost-Origin Upgrade TE"
            theirs += " X-Forwarded-For Forwarded Expect Accept-Encoding Keep-Alive"
            headers = tuple((name, "evil") for name in theirs.split())
            await sender.send(Request("POST", site.url(), headers, b"body"))
            assert "evil" not in site.seen[0].headers.values()
            assert site.seen[0].headers["Content-Length"] == "4"

    asyncio.run(call())


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "GET / HTTP/1.1\r\nX: y", ""])
def test_unknown_method_is_refused(method: str) -> None:
    with pytest.raises(RequestRefused, match="is not a method"):
        send_once(Request(method, "https://example.com/"), a_door())


def test_signed_origin_goes_to_ourselves_only() -> None:
    async def call() -> None:
        async with a_site(ok) as own, a_site(ok) as other:
            async with Sender(a_door(own.url(""))) as sender:
                for site in (own, other):
                    await sender.send(Request("GET", site.url("/api/")), signed_origin="signed")
            assert own.seen[0].headers["Waypost-Origin"] == "signed"
            assert "Waypost-Origin" not in other.seen[0].headers

    asyncio.run(call())


def test_signed_origin_does_not_follow_a_redirect_home() -> None:
    async def call() -> None:
        async with a_site(ok) as own:

            async def go_home(request: web.Request) -> web.StreamResponse:
                return web.Response(status=307, headers={"Location": own.url("/api/")})

            async with a_site(go_home) as other, Sender(a_door(own.url(""))) as sender:
                await sender.send(Request("GET", other.url()), signed_origin="signed")
            assert "Waypost-Origin" not in own.seen[0].headers

    asyncio.run(call())


@pytest.mark.parametrize("is_packed", [False, True])
def test_answer_over_the_limit_is_not_read_on(is_packed: bool) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        body = b"x" * 200_000
        if is_packed:
            return web.Response(body=gzip.compress(body), headers={"Content-Encoding": "gzip"})
        return web.Response(body=body)

    async def call() -> None:
        async with a_site(answer) as site, Sender(a_door(max_bytes=100_000)) as sender:
            with pytest.raises(ResponseTooLarge, match="100000 bytes") as failure:
                await sender.send(Request("GET", site.url()))
            assert failure.value.was_sent

    asyncio.run(call())


def test_packed_answer_is_unpacked() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        packed = gzip.compress(b"hello")
        return web.Response(body=packed, headers={"Content-Encoding": "gzip"})

    async def call() -> str:
        async with a_site(answer) as site, Sender(a_door()) as sender:
            return (await sender.send(Request("GET", site.url()))).text()

    assert asyncio.run(call()) == "hello"


@pytest.mark.parametrize("limits", [(0.05, 20.0), (20.0, 0.05)])
def test_silent_server_times_out_and_may_have_got_it(limits: tuple[float, float]) -> None:
    async def call() -> None:
        over = asyncio.Event()

        async def answer(request: web.Request) -> web.StreamResponse:
            await over.wait()
            return await ok(request)

        async with a_site(answer) as site, Sender(a_door(max_seconds=limits[1])) as sender:
            with pytest.raises(TimedOut, match=r"within 0\.05 seconds") as failure:
                await sender.send(Request("GET", site.url(), timeout_seconds=limits[0]))
            over.set()
            assert failure.value.was_sent
            assert failure.value.is_transient

    asyncio.run(call())


def test_slow_body_counts_into_the_time() -> None:
    async def call() -> None:
        over = asyncio.Event()

        async def answer(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            await response.write(b"first")
            await over.wait()
            return response

        async with a_site(answer) as site, Sender(a_door(max_seconds=0.05)) as sender:
            with pytest.raises(TimedOut):
                await sender.send(Request("GET", site.url()))
            over.set()

    asyncio.run(call())


def test_slow_name_server_times_out_with_nothing_sent() -> None:
    class Silent(NameBook):
        async def resolve(self, host, port=0, family=0):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            await asyncio.Event().wait()

    async def call() -> None:
        async with Sender(a_door(max_seconds=0.05), Silent({})) as sender:
            with pytest.raises(TimedOut) as failure:
                await sender.send(Request("GET", "http://shop.example/"))
            assert not failure.value.was_sent

    asyncio.run(call())


def test_unknown_name_and_closed_port_are_no_connection() -> None:
    async def call() -> None:
        async with a_site(ok) as site:
            closed = site.url()
        async with Sender(a_door(), NameBook({})) as sender:
            for url, text in (("http://nobody.example/", "no server named"), (closed, "did not")):
                with pytest.raises(NoConnection, match=text) as failure:
                    await sender.send(Request("GET", url))
                assert failure.value.is_transient
                assert not failure.value.was_sent

    asyncio.run(call())


def test_server_that_hangs_up_loses_the_answer() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def call() -> None:
        async with a_site(answer) as site, Sender(a_door()) as sender:
            with pytest.raises(AnswerLost) as failure:
                await sender.send(Request("POST", site.url(), body=b"x"))
            assert failure.value.was_sent

    asyncio.run(call())


def test_cookies_of_one_answer_do_not_reach_the_next_call() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(headers={"Set-Cookie": "session=1"})

    async def call() -> None:
        async with a_site(answer) as site, Sender(a_door()) as sender:
            await sender.send(Request("GET", site.url()))
            await sender.send(Request("GET", site.url()))
            assert "Cookie" not in site.seen[1].headers

    asyncio.run(call())


def test_proxy_settings_of_the_machine_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    async def call() -> int:
        async with a_site(ok) as site, Sender(a_door()) as sender:
            return (await sender.send(Request("GET", site.url()))).status

    assert asyncio.run(call()) == 200


def test_senders_of_two_threads_do_not_meet() -> None:
    statuses: list[int] = []

    async def call() -> None:
        async with a_site(ok) as site, Sender(a_door()) as sender:
            statuses.append((await sender.send(Request("GET", site.url()))).status)

    threads = [threading.Thread(target=lambda: asyncio.run(call())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200, 200]


def test_text_of_an_answer_can_be_stored() -> None:
    def a_reply(body: bytes, kind: str) -> Reply:
        return Reply(200, (("Content-Type", kind),), body, 1, "https://example.com")

    assert a_reply(b"a\x00b", "text/plain").text() == "ab"
    assert a_reply(b"\xe9", "text/plain; charset=latin-1").text() == "é"
    assert a_reply(b"\xff", "text/plain; charset=nonsense").text() == "\ufffd"
