"""Looking into the tables that a test is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection

Row = tuple[Any, ...]


def rows(sql: str, *values: str | int | bytes) -> list[Row]:
    """What a query returns."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[Row] = cursor.fetchall()
    return found


def run(sql: str, *values: str | int | bytes) -> None:
    """Run a command."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@contextmanager
def statements_into(asked: list[str]) -> Iterator[None]:
    """Note every statement that any cursor of psycopg runs, ours and Django's."""
    original = psycopg.Cursor.execute

    def noted(self: psycopg.Cursor[Row], query: str, *args: object, **kwargs: object) -> object:
        asked.append(query)
        return original(self, query, *args, **kwargs)  # type: ignore[call-overload]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", noted)
        yield
