"""Hand-written statements on Django's connection: named parameters, prepared by the driver.

Every parameter travels as text and is cast in the statement, arrays as array literals: so the types
never vary, and neither does the prepared statement.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import msgspec
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import OperationalError
from psycopg.abc import Buffer
from psycopg.abc import Transformer as Reader
from psycopg.adapt import AdaptersMap, Loader, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus
from psycopg.pq.abc import PGresult

Connection: TypeAlias = psycopg.Connection[Any]
Row: TypeAlias = tuple[Any, ...]
Parameter: TypeAlias = str | int | bytes | datetime | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a connection's answers are read. Without the connection itself, so that it can go."""

    adapters: AdaptersMap
    connection: None = None


#: What reads the rows of each statement that a connection's server knows.
_readers_of: WeakKeyDictionary[Connection, dict[bytes, Reader | None]] = WeakKeyDictionary()
_NOT_PREPARED = b"26000"
_numbers = itertools.count(1)
_NAME = re.compile(r"(?<![:\w]):([a-z]\w*)")


class Statement:
    """A statement with `:name` parameters."""

    def __init__(self, sql: str) -> None:
        self.names = tuple(dict.fromkeys(_NAME.findall(sql)))
        place = {name: number for number, name in enumerate(self.names, 1)}
        self.text = _NAME.sub(lambda found: f"${place[found[1]]}", sql)
        self._name = f"waypost_{next(_numbers)}".encode()

    def rows(self, **parameters: Parameter) -> list[Row]:
        """Run it once and return what it returns; errors are Django's."""
        values = [as_text(parameters[name]) for name in self.names]
        database = connections[DEFAULT_DB_ALIAS]
        database.ensure_connection()
        raw = database.connection
        if raw is None:
            raise OperationalError("The database is not reachable. Run `waypost doctor`.")
        with database.wrap_database_errors:
            # Inside a transaction psycopg sends the BEGIN that is still owed.
            return self._prepared(raw, values) if raw.autocommit else self._plainly(raw, values)

    def row(self, **parameters: Parameter) -> Row | None:
        """Run it once and return its first row."""
        rows = self.rows(**parameters)
        return rows[0] if rows else None

    def _prepared(self, raw: Connection, values: list[str | None]) -> list[Row]:
        """One call into libpq: a cursor's generators cost as much as all rules together."""
        readers = _readers_of.setdefault(raw, {})
        result = self._executed(raw, values, readers)
        if result.error_field(DiagnosticField.SQLSTATE) == _NOT_PREPARED:
            # When a transaction is rolled back the driver makes the server forget all of them.
            readers.clear()
            result = self._executed(raw, values, readers)
        _raise_error(raw, result)
        reader = readers[self._name]
        if reader is None:
            reader = readers[self._name] = _reader(raw, result)
        reader.set_pgresult(result, set_loaders=False)
        rows = reader.load_rows(0, result.ntuples, tuple)
        reader.set_pgresult(None, set_loaders=False)
        return rows

    def _executed(
        self, raw: Connection, values: list[str | None], readers: dict[bytes, Reader | None]
    ) -> PGresult:
        if self._name not in readers:
            _raise_error(raw, raw.pgconn.prepare(self._name, self.text.encode()))
            readers[self._name] = None
        sent = [None if value is None else value.encode() for value in values]
        with raw.lock:
            # None is NULL, which the stub of psycopg 3 does not say.
            return raw.pgconn.exec_prepared(self._name, sent)  # type: ignore[arg-type]

    def _plainly(self, raw: Connection, values: list[str | None]) -> list[Row]:
        with psycopg.RawCursor(raw) as cursor:
            cursor.execute(self.text, values)
            # `description` would build an object for each column.
            return cursor.fetchall() if cursor.rownumber is not None else []


def _reader(raw: Connection, result: PGresult) -> Reader:
    """Reads the columns of this answer and of all that follow: their types never vary."""
    adapters = AdaptersMap(raw.adapters)
    adapters.register_loader("timestamptz", _MomentLoader)
    reader = Transformer(_Reading(adapters))
    reader.set_pgresult(result)
    return reader


class _MomentLoader(Loader):
    """A moment by the C code of Python; psycopg's and Django's loaders need six times as long."""

    def load(self, data: Buffer) -> datetime:
        """What the server writes is ISO 8601, with its time zone."""
        return datetime.fromisoformat(str(data, "ascii"))


def _raise_error(raw: Connection, result: PGresult) -> None:
    if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return
    if raw.pgconn.status == ConnStatus.BAD:
        # A server that was killed says no code; who waits for it to come back looks for this.
        raise psycopg.OperationalError(result.get_error_message())
    raise error_from_result(result, encoding=raw.info.encoding)


def as_text(value: Parameter) -> str | None:
    """A parameter as PostgreSQL reads it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    return value.isoformat() if isinstance(value, datetime) else str(value)


def array(values: Iterable[Parameter]) -> str:
    """A PostgreSQL array literal."""
    return "{" + ",".join([_element(value) for value in values]) + "}"


def json_text(value: object) -> str:
    """JSON as the database keeps it, with sorted keys: the same value is the same text."""
    return msgspec.json.encode(value, order="deterministic").decode()


def _element(value: Parameter) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = as_text(value) or ""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
