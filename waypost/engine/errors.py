"""What can go wrong in the rules.

Refusal                 a value: somebody asked for what cannot be; shown to them as it is
EngineError             an exception: a promise between our own parts is broken
└── UnknownFormat       a stored row is newer than this program, or was left behind by an older one
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command was not carried out; nothing has changed.

    `code` is stable and part of the REST API; `message` says what to do next; `fields` maps a field
    key to the reason its value was not taken.
    """

    code: str
    message: str
    fields: tuple[tuple[str, str], ...] = ()


class EngineError(Exception):
    """A promise between our own parts is broken."""


class UnknownFormat(EngineError):
    """A stored row is of another release; this process must leave it alone."""
