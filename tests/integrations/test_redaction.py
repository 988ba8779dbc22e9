"""The log shows everything a reader needs, and nothing secret."""

from __future__ import annotations

import json

import pytest

from waypost.engine.references import link_placeholder
from waypost.integrations.failures import TimedOut
from waypost.integrations.http import Headers, Reply, Request
from waypost.integrations.placeholders import secret_placeholder
from waypost.integrations.providers.twilio import TWILIO
from waypost.integrations.redaction import (
    LOGGED_BYTES,
    Redaction,
    redacted_failure,
    redacted_reply,
    redacted_request,
)

TOKEN = "12.Zm9vYmFyYmF6-_x"
PLAIN = Redaction()


def a_request(body: str = "", headers: Headers = (), url: str = "https://a.example/") -> Request:
    return Request("POST", url, headers, body.encode())


def a_reply(body: bytes, headers: Headers = ()) -> Reply:
    return Reply(200, headers, body, 12, "http://127.0.0.1:8000")


def test_record_tells_what_was_sent_and_answered() -> None:
    sent = redacted_request(a_request('{"a": 1}', (("X-A", "1"),)), PLAIN)
    got = redacted_reply(a_reply(b"fine"), PLAIN)

    assert sent["body"] == '{"a": 1}'
    assert sent["headers"] == [["X-A", "1"]]
    assert (got["body"], got["duration_ms"]) == ("fine", 12)
    assert got["answered_by"] == "http://127.0.0.1:8000"
    assert json.loads(json.dumps([sent, got])) == [sent, got]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Bearer SG.abc", "Bearer •••"),
        ("authorization", "Basic QUMx", "Basic •••"),
        ("Proxy-Authorization", "Basic QUMx", "Basic •••"),
        ("Authorization", "abc", "•••"),
        ("Cookie", "session=abc", "•••"),
        ("Set-Cookie", "session=abc; Path=/", "•••"),
        ("X-Api-Key", "abc", "•••"),
        ("apikey", "abc", "•••"),
        ("X-Auth-Token", "abc", "•••"),
        ("X-Twilio-Signature", "abc", "•••"),
        ("Waypost-Origin", "abc", "•••"),
        ("Content-Type", "text/plain", "text/plain"),
    ],
)
def test_secret_headers_are_masked(name: str, value: str, shown: str) -> None:
    record = redacted_request(a_request(headers=((name, value),)), PLAIN)

    assert record["headers"] == [[name, shown]]


def test_filled_in_secret_is_masked_in_every_spelling() -> None:
    secret = 'p"ä/ß +&'
    spelled = [secret, json.dumps(secret), json.dumps(secret, ensure_ascii=False)]
    spelled += ["p%22%C3%A4%2F%C3%9F%20%2B%26", "p%22%C3%A4%2F%C3%9F+%2B%26"]

    for text in spelled:
        record = redacted_reply(a_reply(f"You sent {text}!".encode()), Redaction([secret]))
        assert "•••" in record["body"]
        assert "p" not in record["body"]


def test_longer_secret_is_masked_whole() -> None:
    body = redacted_reply(a_reply(b"abcdef"), Redaction(["abc", "abcdef", ""]))["body"]

    assert body == "•••"


def test_secret_in_the_url_and_in_other_headers_is_masked() -> None:
    redaction = Redaction(["s3cret"])
    request = a_request(headers=(("X-Trace", "has s3cret"),), url="https://a.example/s3cret?b=1")

    record = redacted_request(request, redaction)

    assert record["url"] == "https://a.example/•••?b=1"
    assert record["headers"] == [["X-Trace", "has •••"]]


def test_code_of_the_customer_is_masked_and_twilios_error_code_is_not() -> None:
    redaction = Redaction(fields=TWILIO.hidden_fields)
    sent = redacted_request(a_request("To=%2B15005550006&Code=123456"), redaction)
    first = redacted_request(a_request("Code=123456&To=%2B15005550006"), redaction)
    got = redacted_reply(a_reply(b'{"code": 60203, "message": "Max"}'), redaction)

    assert sent["body"] == "To=%2B15005550006&Code=•••"
    assert first["body"] == "Code=•••&To=%2B15005550006"
    assert got["body"] == '{"code": 60203, "message": "Max"}'


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"access_token": "abc", "b": 1}', '{"access_token": "•••", "b": 1}'),
        ('{"Password":"a\\"b","c":2}', '{"Password":"•••","c":2}'),
        ('{"api_key": 12345}', '{"api_key": "•••"}'),
        ('{"token": "cut off in the mid', '{"token": "•••"'),
        ("client_secret=abc&grant=1", "client_secret=•••&grant=1"),
        ('{"tokens": 7}', '{"tokens": 7}'),
    ],
)
def test_fields_that_hold_secrets_are_masked(body: str, shown: str) -> None:
    assert redacted_reply(a_reply(body.encode()), PLAIN)["body"] == shown


def test_key_in_the_query_is_masked() -> None:
    record = redacted_request(a_request(url="https://a.example/x?api_key=abc&q=1"), PLAIN)

    assert record["url"] == "https://a.example/x?api_key=•••&q=1"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"<a href='https://w.example/s/{TOKEN}'>", "<a href='https://w.example/s/•••'>"),
        (f"https:\\/\\/w.example\\/s\\/{TOKEN}", "https:\\/\\/w.example\\/s\\/•••"),
        (
            f"to=https%3A%2F%2Fw.example%2Fs%2F{TOKEN}&b=1",
            "to=https%3A%2F%2Fw.example%2Fs%2F•••&b=1",
        ),
        ("https://w.example/s/short", "https://w.example/s/short"),
    ],
)
def test_token_of_a_public_link_is_masked(written: str, shown: str) -> None:
    assert redacted_request(a_request(written), PLAIN)["body"] == shown
    assert redacted_request(a_request(url=written), PLAIN)["url"] == shown


def test_placeholder_that_was_not_filled_in_is_masked() -> None:
    link = "https://w.example/s/" + link_placeholder("verify-yourself")
    request = a_request(link, (("X-Key", secret_placeholder("Twilio")),))

    record = redacted_request(request, PLAIN)

    assert record["body"] == "https://w.example/s/•••"
    assert record["headers"] == [["X-Key", "•••"]]


def test_long_body_is_cut_and_says_so() -> None:
    record = redacted_reply(a_reply("é".encode() * LOGGED_BYTES), PLAIN)

    assert len(record["body"].encode()) <= LOGGED_BYTES
    assert record["is_truncated"]
    assert record["body_bytes"] == 2 * LOGGED_BYTES
    assert not redacted_reply(a_reply(b"x" * LOGGED_BYTES), PLAIN)["is_truncated"]


def test_secret_on_the_cut_is_masked() -> None:
    body = b"x" * (LOGGED_BYTES - 3) + b"s3cret"

    assert "s3" not in redacted_reply(a_reply(body), Redaction(["s3cret"]))["body"]


def test_record_can_be_stored() -> None:
    record = redacted_request(a_request(url="https://a.example/\x00\ud800"), PLAIN)

    assert record["url"] == "https://a.example/"
    assert (
        redacted_reply(a_reply(b"\x89PNG\x00\x01"), PLAIN)["body"] == "(6 bytes that are no text)"
    )
    assert redacted_reply(a_reply(b"a\xffb"), PLAIN)["body"] == "a\ufffdb"


def test_failure_is_told_without_the_secret() -> None:
    failure = TimedOut("https://a.example/s3cret did not answer within 60 seconds.")
    failure.was_sent = True

    record = redacted_failure(failure, Redaction(["s3cret"]))

    assert record["failure"] == "timed_out"
    assert record["was_sent"]
    assert "s3cret" not in record["message"]
