"""A database that is lost in the middle of a request: try again, said to people and programs."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from tests.api.callers import Caller, a_caller

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def caller() -> Iterator[Caller]:
    """Somebody with a key, on a connection that is made anew afterwards."""
    yield a_caller()
    connection.close()


def cut_the_line() -> None:
    """What kill -9 of the server looks like from here."""
    connection.ensure_connection()
    raw = connection.connection
    assert raw is not None
    with socket.socket(fileno=os.dup(raw.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)


def test_the_api_asks_to_come_again(caller: Caller) -> None:
    cut_the_line()

    lost = caller.send("GET", "/instances/")

    assert (lost.status, lost.json["code"]) == (503, "busy")
    assert int(lost.headers["Retry-After"]) > 0


@pytest.mark.parametrize("path", ["/v2/Services", "/instances/"])
def test_other_views_ask_to_come_again(caller: Caller, path: str) -> None:
    client = Client(raise_request_exception=False, headers={"Authorization": "Basic QUM6eA=="})
    client.cookies["sessionid"] = "a" * 32
    cut_the_line()

    lost = client.get(path)

    assert lost.status_code == 503
    assert int(lost["Retry-After"]) > 0
