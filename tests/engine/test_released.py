"""Rows as releases wrote them, by format: they are read for ever. Never change a file; add one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from waypost.engine import definition, instance
from waypost.engine.definition import Workflow
from waypost.engine.events import Event
from waypost.engine.evolve import evolve
from waypost.engine.instance import NEW, Instance

RELEASED = Path(__file__).parent / "released"


class Happened(msgspec.Struct):
    """An event and when it was."""

    at: datetime
    event: Event


class Rows(msgspec.Struct):
    """One run as a release kept it."""

    definition: Workflow
    events: list[Happened]
    state: Instance


@pytest.mark.parametrize("path", sorted(RELEASED.glob("*.json")), ids=lambda path: path.stem)
def test_rows_of_every_release_are_read_and_replay(path: Path) -> None:
    rows = msgspec.json.decode(path.read_bytes(), type=Rows)

    state = NEW
    for happened in rows.events:
        state = evolve(state, happened.event, happened.at)

    assert state == rows.state
    assert set(state.runs) == {step.key for step in rows.definition.plain_steps_by_key[""]}


def test_rows_of_the_format_of_now_are_kept() -> None:
    assert definition.FORMAT == instance.FORMAT
    assert (RELEASED / f"{instance.FORMAT}.json").exists()
