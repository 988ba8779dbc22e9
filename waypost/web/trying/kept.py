"""The dry run that a builder is in: a list of moves in their session, played anew for each page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypedDict, cast

import msgspec
from django.http import HttpRequest
from msgspec.structs import replace

from waypost.engine.dry_run import DryRun, Move
from waypost.engine.json_value import JSON

_KEPT = "dry-runs"
_NEW = "New dry run"


class KeptRun(msgspec.Struct, frozen=True):
    """The moves so far, and whether the builder wants to choose every answer."""

    run: DryRun
    stops_at_calls: bool = False

    def with_move(self, move: Move) -> KeptRun:
        """After one more move."""
        return replace(self, run=replace(self.run, moves=(*self.run.moves, move)))

    def without_last(self) -> KeptRun:
        """Before the last move."""
        return replace(self, run=replace(self.run, moves=self.run.moves[:-1]))


class _Stored(TypedDict):
    run: JSON
    stops_at_calls: bool


def new_run(now: datetime, url_parameters: dict[str, str]) -> KeptRun:
    """A dry run that begins with this minute and these URL parameters."""
    minute = now.astimezone(UTC).replace(second=0, microsecond=0)
    starts_at = minute.isoformat().replace("+00:00", "Z")
    return KeptRun(DryRun(name=_NEW, starts_at=starts_at, url_parameters=url_parameters))


def is_saved_name(run: DryRun) -> bool:
    """Whether the dry run came from a saved one, or is to be named yet."""
    return run.name != _NEW


def kept_run(request: HttpRequest, workflow_id: int) -> KeptRun | None:
    """The dry run of a workflow that is under way; one of an older release is forgotten."""
    stored = _all(request).get(str(workflow_id))
    if stored is None:
        return None
    try:
        return msgspec.convert(stored, KeptRun)
    except msgspec.ValidationError:
        return None


def keep_run(request: HttpRequest, workflow_id: int, kept: KeptRun | None) -> None:
    """Remember the dry run; None forgets it."""
    others = {key: one for key, one in _all(request).items() if key != str(workflow_id)}
    own = {} if kept is None else {str(workflow_id): msgspec.to_builtins(kept)}
    request.session[_KEPT] = others | own


def _all(request: HttpRequest) -> dict[str, _Stored]:
    return cast("dict[str, _Stored]", request.session.get(_KEPT, {}))
