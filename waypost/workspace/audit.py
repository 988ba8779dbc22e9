"""The audit log: who changed the set-up of a workspace, chained so that a change would show."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import msgspec
from django.db import transaction
from django.utils import timezone

from waypost.workspace.models import AuditEntry, Workspace

_BEFORE_THE_FIRST = bytes(32)


class Author(Protocol):
    """Whoever acts; `people.actor.Actor` is one."""

    @property
    def workspace_id(self) -> int:
        """Where they act."""

    @property
    def principal_id(self) -> int | None:
        """Who they are, if we know."""

    @property
    def origin(self) -> str:
        """The way they came in: page, api, worker, link or cli."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What was acted upon; `details` holds no secret and nothing personal beyond names."""

    kind: str
    id: int | None = None
    details: Mapping[str, str | int | bool | None] = field(default_factory=dict)


@transaction.atomic
def record(author: Author, act: str, subject: Subject) -> AuditEntry:
    """Add an entry in the transaction of what it tells about, so that both happen or neither."""
    # The workspace's row is the lock of the chain; foreign keys to it are not held up.
    Workspace.objects.select_for_update(no_key=True).only("id").get(pk=author.workspace_id)
    last = AuditEntry.objects.filter(workspace_id=author.workspace_id).order_by("-seq").first()
    entry = AuditEntry(
        workspace_id=author.workspace_id,
        seq=last.seq + 1 if last else 1,
        at=timezone.now(),
        actor_id=author.principal_id,
        origin=author.origin,
        act=act,
        subject_kind=subject.kind,
        subject_id=subject.id,
        payload=dict(subject.details),
    )
    entry.hash = _hash(bytes(last.hash) if last else _BEFORE_THE_FIRST, entry)
    entry.save(force_insert=True)
    return entry


def first_broken_entry(workspace_id: int) -> int | None:
    """The number of the first entry that was changed, or follows a removed one; None is sound."""
    previous, expected = _BEFORE_THE_FIRST, 1
    for entry in AuditEntry.objects.filter(workspace_id=workspace_id).order_by("seq").iterator():
        if entry.seq != expected or bytes(entry.hash) != _hash(previous, entry):
            return expected
        previous, expected = bytes(entry.hash), expected + 1
    return None


def list_entries(workspace_id: int, before: int | None = None, size: int = 100) -> list[AuditEntry]:
    """The newest entries, or the newest before an entry number."""
    entries = AuditEntry.objects.filter(workspace_id=workspace_id)
    if before is not None:
        entries = entries.filter(seq__lt=before)
    return list(entries.order_by("-seq")[:size])


def _hash(previous: bytes, entry: AuditEntry) -> bytes:
    told: tuple[int, int, datetime, int | None, str, str, str, int | None, dict[str, object]] = (
        entry.workspace_id,
        entry.seq,
        entry.at,
        entry.actor_id,
        entry.origin,
        entry.act,
        entry.subject_kind,
        entry.subject_id,
        entry.payload,
    )
    return hashlib.sha256(previous + msgspec.json.encode(told, order="sorted")).digest()
