"""What a workspace has that workflows name, as the check takes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from waypost.engine.definition import Workflow
from waypost.engine.own_calls import Launch, launch_of, own_calls
from waypost.engine.references import ids_in
from waypost.engine.texts import texts_in


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a workflow may rely on. `credentials` are in use and `revoked` are not; `origins` says
    where each may be sent. `emails` are in small letters. `workflows` are the others it names, by
    key. `own_origins` are the addresses of this server; none means that they are not known.
    """

    credentials: frozenset[str] = frozenset()
    revoked: frozenset[str] = frozenset()
    origins: Mapping[str, frozenset[str]] = field(default_factory=dict)
    emails: frozenset[str] = frozenset()
    workflows: Mapping[str, Workflow] = field(default_factory=dict)
    own_origins: frozenset[str] = frozenset()


def people_named(workflow: Workflow) -> Iterator[tuple[str, str, str]]:
    """Every `user:` and `team:` with the step (or empty) and the attribute that names it."""
    for attribute in ("lead", "tech_lead"):
        yield "", attribute, getattr(workflow, attribute)
    for step in workflow.steps:
        yield step.key, "assignee", step.assignee


def paths_in(workflow: Workflow) -> Iterable[tuple[str, str, str, str]]:
    """Every literal id asked for, with the step, field and attribute that ask."""
    for placed in texts_in(workflow):
        for path in ids_in(placed.text):
            yield path, placed.step, placed.field, placed.attribute


def others_named(workflow: Workflow) -> frozenset[str]:
    """The keys of the other workflows that this one names."""
    return frozenset(path.split("/")[0] for path, *_ in paths_in(workflow)) - {workflow.key}


def processes_named(workflow: Workflow) -> frozenset[int]:
    """The numbers of processes that it starts by a number written out."""
    launches = (launch_of(step) for step in own_calls(workflow.steps, Launch))
    return frozenset(one.process_number for one in launches if one and one.process_number)
