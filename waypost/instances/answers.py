"""Inbound idempotency: the first final answer under a caller's key, kept for 24 hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON
from waypost.instances.detail import InstanceDetail
from waypost.instances.sql import Statement, json_text
from waypost.integrations.origin_header import CallOrigin
from waypost.people.actor import Actor


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """What came with an `Idempotency-Key`.

    `body_sha256` digests method, path and body. `render` makes the answer for success from the
    instance after the change, before it is stored: the answer stands in the same statement as its
    effect. `status` is the HTTP status that goes with it.
    """

    key: str
    body_sha256: bytes
    status: int
    render: Callable[[InstanceDetail], JSON]


@dataclass(frozen=True, slots=True)
class ApiCall:
    """How a call of the REST API came: from which visit of ours, and under which key."""

    origin: CallOrigin | None = None
    idempotent: IdempotentRequest | None = None


#: A call without origin and key, as pages and the command line make it.
PLAIN_CALL = ApiCall()


@dataclass(frozen=True, slots=True)
class Replayed:
    """The answer that was given to the same request before: send it again as it is."""

    status: int
    answer: JSON


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer found under the caller's key; one that is not fresh has outlived its day."""

    status: int
    answer: JSON
    body_sha256: bytes
    is_fresh: bool


#: The columns `read_kept` reads, from `idempotency k`.
KEPT_COLUMNS = """k.status, k.answer::text, k.body_sha256,
  k.at > clock_timestamp() - interval '24 hours'"""

_FIND = Statement(
    f"SELECT {KEPT_COLUMNS} FROM idempotency k"  # noqa: S608
    " WHERE k.workspace_id = :workspace_id::bigint AND k.caller = :caller::text"
    " AND k.key = :key::text"
)
_KEEP = Statement("""
INSERT INTO idempotency AS k (workspace_id, caller, key, body_sha256, status, answer, at)
VALUES (:workspace_id::bigint, :caller, :key, :body_sha256::bytea, :status::smallint,
  :answer::jsonb, clock_timestamp())
ON CONFLICT (workspace_id, caller, key) DO NOTHING""")
_FORGET = Statement("""
DELETE FROM idempotency k
WHERE k.workspace_id = :workspace_id::bigint AND k.caller = :caller::text AND k.key = :key::text
  AND k.at <= clock_timestamp() - interval '24 hours'""")


def find_answer(actor: Actor, request: IdempotentRequest) -> Replayed | Refusal | None:
    """The kept answer; a refusal when the key came with another body; None when it is new.

    The actions look it up themselves; this is for requests that are refused before any action.
    """
    row = _FIND.row(workspace_id=actor.workspace_id, caller=actor.caller, key=request.key)
    return None if row is None else replay(actor, request, read_kept(row))


def replay(
    actor: Actor, request: IdempotentRequest, kept: Kept | None
) -> Replayed | Refusal | None:
    """What a kept answer means for this request; one that has outlived its day is forgotten."""
    if kept is None:
        return None
    if not kept.is_fresh:
        _FORGET.rows(workspace_id=actor.workspace_id, caller=actor.caller, key=request.key)
        return None
    if kept.body_sha256 != request.body_sha256:
        return Refusal(
            "idempotency_key_reused",
            "This Idempotency-Key came with another request before. Use a new key for a new "
            "request, and the same one only to repeat a request unchanged.",
        )
    return Replayed(kept.status, kept.answer)


def keep_answer(actor: Actor, request: IdempotentRequest, status: int, answer: JSON) -> None:
    """Keep the final answer of a bulk request, or of one that changed nothing (4xx but 429)."""
    _KEEP.rows(
        workspace_id=actor.workspace_id,
        caller=actor.caller,
        key=request.key,
        body_sha256=request.body_sha256,
        status=status,
        answer=json_text(answer),
    )


def read_kept(columns: tuple[object, ...]) -> Kept | None:
    """The kept answer of KEPT_COLUMNS, if there is one."""
    status, answer, body_sha256, is_fresh = columns
    if not isinstance(status, int) or not isinstance(answer, str):
        return None
    digest = bytes(body_sha256) if isinstance(body_sha256, bytes | memoryview) else b""
    return Kept(status, msgspec.json.decode(answer), digest, bool(is_fresh))
