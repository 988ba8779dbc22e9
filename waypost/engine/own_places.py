"""Where the ids in calls to our own server lead: to a step or field of a workflow that is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.labels import unescape_jsonpath
from waypost.engine.own_calls import (
    Completion,
    Given,
    Launch,
    completion_of,
    launch_of,
    own_calls,
)
from waypost.engine.references import Reference
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest

_SNAPSHOT = re.compile(
    r"\$\.process_snapshot\.steps\[(?P<step>\d+)\](?:\.actions\[(?P<field>\d+)\])?\.id"
)

Wanted: TypeAlias = Literal["step", "field"]


@dataclass(frozen=True, slots=True)
class Place:
    """A step, or a field of it, in one of the workflows."""

    workflow: Workflow
    step: AnyStep
    field: AnyField | None = None


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Why an id cannot be right."""

    why: str


class Places:
    """Follows ids from one workflow into itself and the others that are known, by key."""

    def __init__(self, workflow: Workflow, others: Mapping[str, Workflow]) -> None:
        self.workflow = workflow
        self.known = {**others, workflow.key: workflow}

    def launched_by(self, step: AnyStep | None) -> Workflow | None:
        """The workflow that this step starts an instance of, when it is known."""
        launch = launch_of(step) if isinstance(step, HttpRequest) else None
        return None if launch is None else self._process(launch)

    def children(self) -> dict[str, Workflow]:
        """The known workflows that this one starts, by the key of the step that does."""
        found = {
            step.key: self.launched_by(step) for step in own_calls(self.workflow.steps, Launch)
        }
        return {key: child for key, child in found.items() if child is not None}

    def instance_of(self, call: Completion) -> Workflow | None:
        """The workflow whose instance the call completes a step of, when that is known."""
        if call.is_own:
            return self.workflow
        asked = call.instance.reference
        return None if asked is None else self._launched_as(asked, "$.id")

    def at(self, given: Given | None, wanted: Wanted) -> Place | Nowhere | None:
        """Where an id of a step or field leads; None when that shows only when it runs."""
        if given is None:
            return None
        if given.id_path:
            return self._by_path(given.id_path)
        if given.literal is not None:
            return self._by_number(given.literal.strip(), wanted)
        return None if given.reference is None else self._by_reference(given.reference, wanted)

    def _process(self, launch: Launch) -> Workflow | None:
        if launch.process_key:
            return self.known.get(launch.process_key)
        number = launch.process_number
        return next((one for one in self.known.values() if number and one.id == number), None)

    def _by_path(self, path: str) -> Place | Nowhere | None:
        key, _, rest = path.partition("/")
        step_key, _, field_key = rest.partition("/")
        workflow = self.known.get(key)
        if not step_key:
            return Nowhere(f"it asks for the id of the workflow {key}")
        step = None if workflow is None else workflow.step_by_key.get(step_key)
        if workflow is None or step is None:
            return None
        field = step.field(field_key)
        return None if field_key and field is None else Place(workflow, step, field)

    def _by_number(self, written: str, wanted: Wanted) -> Place | None:
        """Steps and fields are numbered apart, so what is wanted decides."""
        number = int(written) if written.isdecimal() and len(written) < 19 else 0
        if not number:
            return None
        steps = [(workflow, step) for workflow in self.known.values() for step in workflow.steps]
        if wanted == "step":
            return next((Place(*pair) for pair in steps if pair[1].id == number), None)
        fields = ((*pair, field) for pair in steps for field in pair[1].fields)
        return next((Place(*one) for one in fields if one[2].id == number), None)

    def _by_reference(self, reference: Reference, wanted: Wanted) -> Place | Nowhere | None:
        source = self.workflow.step_by_key.get(reference.step)
        if source is None:
            return None
        child = self.launched_by(source)
        variable = source.variable(reference.name)
        if child is not None and variable is not None:
            return _in_snapshot(child, unescape_jsonpath(variable.path))
        return next(self._from_parents(reference, wanted), None)

    def _from_parents(self, reference: Reference, wanted: Wanted) -> Iterator[Place]:
        """Where a field of ours leads that another workflow fills in when it starts us."""
        for parent in self.known.values():
            if parent is self.workflow:
                continue
            places = Places(parent, {**self.known})
            for step in own_calls(parent.steps, Completion):
                call = completion_of(step)
                if call is not None and places.instance_of(call) is self.workflow:
                    yield from places.filled_into(call, reference, wanted)

    def filled_into(
        self, call: Completion, reference: Reference, wanted: Wanted
    ) -> Iterator[Place]:
        """Where the value leads that the call puts into the field of the reference."""
        for filled in call.filled:
            into = self.at(filled.field, "field")
            if isinstance(into, Place) and into.step.key == reference.step and into.field:
                leads = self.at(filled.value, wanted) if into.field.key == reference.name else None
                if isinstance(leads, Place):
                    yield leads

    def _launched_as(self, reference: Reference, path: str) -> Workflow | None:
        source = self.workflow.step_by_key.get(reference.step)
        variable = None if source is None else source.variable(reference.name)
        if variable is None or unescape_jsonpath(variable.path) != path:
            return None
        return self.launched_by(source)


def is_snapshot_path(path: str) -> bool:
    """Whether a variable picks an id that the answer to a launch always has."""
    return path == "$.id" or _SNAPSHOT.fullmatch(path) is not None


def _in_snapshot(child: Workflow, path: str) -> Place | Nowhere | None:
    found = _SNAPSHOT.fullmatch(path)
    if found is None:
        return None
    number = int(found["step"])
    step = child.steps[number] if number < len(child.steps) else None
    if step is None:
        return Nowhere(f"{child.name} has no step at {path}")
    if found["field"] is None:
        return Place(child, step)
    place = int(found["field"])
    if place >= len(step.fields):
        return Nowhere(f"{step.name} in {child.name} has no field at {path}")
    return Place(child, step, step.fields[place])
