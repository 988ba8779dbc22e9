"""The texts of a workflow that may hold references: where they are, and how to change them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest

_ATTRIBUTES = ("text", "url", "body", "prefill")
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text and where it stands; no step means the workflow itself."""

    text: str
    attribute: str
    step: str = ""
    field: str = ""


def texts_in(workflow: Workflow) -> Iterator[PlacedText]:
    """Every text that may hold references, in document order."""
    if workflow.name_template:
        yield PlacedText(workflow.name_template, "name_template")
    for step in workflow.steps:
        yield from step_texts(step)


def step_texts(step: AnyStep) -> Iterator[PlacedText]:
    """The texts of one step and its fields."""
    for attribute, text in _own(step):
        yield PlacedText(text, attribute, step.key)
    if isinstance(step, HttpRequest):
        for number, header in enumerate(step.headers):
            yield PlacedText(header.value, f"headers.{number}.value", step.key)
    for field in step.fields:
        for attribute, text in _own(field):
            yield PlacedText(text, attribute, step.key, field.key)


def change_texts(workflow: Workflow, change: Callable[[str], str]) -> Workflow:
    """The workflow with each such text changed."""
    steps = tuple(_changed_step(step, change) for step in workflow.steps)
    return replace(workflow, steps=steps, name_template=change(workflow.name_template))


def _own(owner: AnyStep | AnyField) -> Iterator[tuple[str, str]]:
    for attribute in _ATTRIBUTES:
        text = getattr(owner, attribute, None)
        if isinstance(text, str):
            yield attribute, text


def _changed_step(step: AnyStep, change: Callable[[str], str]) -> AnyStep:
    fields = tuple(_changed(field, change) for field in step.fields)
    changed = replace(_changed(step, change), fields=fields)
    if not isinstance(changed, HttpRequest):
        return changed
    headers = tuple(replace(one, value=change(one.value)) for one in changed.headers)
    return replace(changed, headers=headers)


def _changed(owner: _Struct, change: Callable[[str], str]) -> _Struct:
    found = ((name, getattr(owner, name, None)) for name in _ATTRIBUTES)
    return replace(owner, **{name: change(text) for name, text in found if isinstance(text, str)})
