"""Inbound idempotency: the first final answer under a caller's key, kept for 24 hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON
from waypost.instances.detail import InstanceDetail
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


@dataclass(frozen=True, slots=True)
class Replayed:
    """The answer that was given to the same request before: send it again as it is."""

    status: int
    answer: JSON


def find_answer(actor: Actor, request: IdempotentRequest) -> Replayed | Refusal | None:
    """The kept answer; a refusal when the key came with another body; None when it is new.

    The actions look it up themselves; this is for requests that are refused before any action.
    """
    raise NotImplementedError


def keep_answer(actor: Actor, request: IdempotentRequest, status: int, answer: JSON) -> None:
    """Keep the final answer of a request that changed nothing (4xx except 429), or of a bulk one."""
    raise NotImplementedError
