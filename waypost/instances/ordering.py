"""The orders of a list, and the cursors that mark a place in it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from waypost.engine.errors import Refusal

#: What a list can be ordered by: the expression, never null, and its type.
_KEYS: dict[str, tuple[str, str]] = {
    "id": ("i.id", "bigint"),
    "name": ("lower(i.name)", "text"),
    "started_time": ("i.started_at", "timestamptz"),
    "last_updated_time": ("i.updated_at", "timestamptz"),
    "status": ("i.status", "text"),
    "priority": ("CASE i.priority WHEN 'V' THEN 2 WHEN 'H' THEN 1 ELSE 0 END", "int"),
    "progress": ("i.progress", "int"),
    "deadline": ("COALESCE(i.deadline_at, 'infinity')", "timestamptz"),
    "ended_time": ("COALESCE(i.ended_at, 'infinity')", "timestamptz"),
    "total_runtime": ("COALESCE(i.ended_at, now()) - i.started_at", "interval"),
}
ORDERINGS = tuple(_KEYS)
_MOST_KEYS = 5


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """A place in a list: behind (or before) the row with these values, in this order."""

    is_back: bool
    ordering: tuple[str, ...]
    values: tuple[str, ...]


# Built while one thread imports: see `definition.READER`.
_CURSOR = msgspec.json.Decoder(Cursor)


@dataclass(frozen=True, slots=True)
class Order:
    """A checked order; its last key is the id, so that no two rows are equal."""

    keys: tuple[tuple[str, bool], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """As it is asked for: `-` in front of descending keys."""
        return tuple(("-" if descends else "") + name for name, descends in self.keys)

    def sql(self, *, is_back: bool) -> str:
        """The ORDER BY list; from the other end for going back."""
        return ", ".join(
            f"{_KEYS[name][0]} {'DESC' if descends != is_back else 'ASC'}"
            for name, descends in self.keys
        )

    def values_sql(self) -> str:
        """What a cursor keeps of a row."""
        return ", ".join(f"({_KEYS[name][0]})::text" for name, _ in self.keys)

    def beyond_sql(self, *, is_back: bool) -> str:
        """What lies behind the place `:at0`, `:at1` …, or before it for going back."""
        same: list[str] = []
        ways: list[str] = []
        for number, (name, descends) in enumerate(self.keys):
            expression, kind = _KEYS[name]
            sign = "<" if descends != is_back else ">"
            ways.append(" AND ".join([*same, f"{expression} {sign} :at{number}::{kind}"]))
            same.append(f"{expression} = :at{number}::{kind}")
        return "(" + " OR ".join(f"({way})" for way in ways) + ")"


def read_order(ordering: Sequence[str]) -> Order | Refusal:
    """The order asked for; a refusal naming what can be asked for."""
    keys = {name.lstrip("-"): name.startswith("-") for name in ordering}
    unknown = [name for name in keys if name not in _KEYS]
    if unknown or len(keys) > _MOST_KEYS:
        known = ", ".join(ORDERINGS)
        return Refusal(
            "invalid_value",
            f"A list can be ordered by up to {_MOST_KEYS} of {known}; put - in front to reverse.",
            (("ordering", f"Choose from {known}."),),
        )
    descends = next(iter(keys.values()), True)
    return Order(
        (
            *((name, down) for name, down in keys.items() if name != "id"),
            ("id", keys.get("id", descends)),
        )
    )


def write_cursor(cursor: Cursor) -> str:
    """The cursor as a caller gets it: opaque."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def read_cursor(text: str, order: Order) -> Cursor | Refusal:
    """The place a cursor marks; a refusal when it is none, or one of another order."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        cursor = _CURSOR.decode(raw)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return BAD_CURSOR
    is_ours = cursor.ordering == order.names and len(cursor.values) == len(order.keys)
    return cursor if is_ours else BAD_CURSOR


BAD_CURSOR = Refusal(
    "invalid_value",
    "This cursor does not belong to this list. Start again without a cursor.",
    (("cursor", "Start again without it."),),
)
