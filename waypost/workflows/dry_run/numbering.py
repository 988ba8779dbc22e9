"""Ids for workflows that have none yet, so that calls to ourselves can name their parts."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from waypost.engine.definition import Workflow
from waypost.workflows.ids import Identities, with_ids


def numbered(workflows: Iterable[Workflow], first: int = 1) -> Mapping[str, Workflow]:
    """The workflows by key, every part with an id and every literal id as a number.

    Parts keep the ids that they have: bodies may hold them as numbers. New ones begin at `first`.
    """
    listed = tuple(workflows)
    paths = {path: number for one in listed for path, number in _paths(one)}
    free = itertools.count(max(first, max(paths.values(), default=0) + 1))
    known = Identities({path: number or next(free) for path, number in paths.items()})
    return {one.key: with_ids(one, known) for one in listed}


def _paths(workflow: Workflow) -> Iterator[tuple[str, int]]:
    yield workflow.key, workflow.id
    for step in workflow.steps:
        yield f"{workflow.key}/{step.key}", step.id
        for field in step.fields:
            yield f"{workflow.key}/{step.key}/{field.key}", field.id
