"""Hand-written statements: their parameters, and what a lost connection looks like."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection, transaction
from django.db.utils import DataError

from waypost.instances.sql import Statement, array

pytestmark = pytest.mark.django_db(transaction=True)


def test_values_come_back_as_they_went_in() -> None:
    statement = Statement(
        "SELECT :number::bigint, :text::text, :raw::bytea, :at::timestamptz, :nothing::int, "
        ":texts::text[], :numbers::int[]"
    )
    moment = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    texts = ["plain", 'with "quotes"', "back\\slash", "{braces}, and commas", ""]

    row = statement.row(
        number=2**62,
        text="ä ' \" \\",
        raw=b"\x00\xff",
        at=moment,
        nothing=None,
        texts=array(texts),
        numbers=array([1, None, 3]),
    )

    assert row == (2**62, "ä ' \" \\", b"\x00\xff", moment, None, texts, [1, None, 3])


def test_a_fault_of_the_statement_is_djangos_error() -> None:
    with pytest.raises(DataError):
        Statement("SELECT :number::int").row(number="no number")


def test_a_statement_that_failed_works_the_next_time() -> None:
    statement = Statement("SELECT :number::int, now()")
    with pytest.raises(DataError):
        statement.row(number="no number")

    first, second = statement.row(number=1), statement.row(number=2)

    assert first is not None and second is not None
    assert (first[0], second[0]) == (1, 2)
    assert second[1] >= first[1]


def test_a_connection_that_broke_is_an_operational_error() -> None:
    statement = Statement("SELECT :number::int")
    statement.row(number=1)
    raw = connection.connection
    assert raw is not None
    with socket.socket(fileno=os.dup(raw.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)

    with pytest.raises(OperationalError):
        statement.row(number=2)

    connection.close()
    assert statement.row(number=3) == (3,)


def test_a_statement_is_prepared_again_after_a_rollback_made_the_server_forget_it() -> None:
    statement = Statement("SELECT :number::int")
    statement.row(number=1)
    # What the driver prepares itself makes it forget everything when a transaction is rolled back.
    with transaction.atomic(), connection.cursor() as cursor:
        for number in range(3):
            cursor.execute("SELECT %s::int", [number])
        transaction.set_rollback(True)

    assert statement.row(number=2) == (2,)
