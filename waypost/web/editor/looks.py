"""How kinds of steps and fields look in the editor: an icon and a line about each."""

from __future__ import annotations

from dataclasses import dataclass

from waypost.engine import field_types, step_types
from waypost.engine.beginnings import type_name
from waypost.engine.field import Field
from waypost.engine.step import Step


@dataclass(frozen=True, slots=True)
class Look:
    """An icon, and what the kind is for."""

    icon: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of step or field as menus offer it."""

    name: str
    label: str
    look: Look


#: A kind that is not named here looks like a puzzle piece: it works all the same.
_ANY = Look(icon="puzzle")
_STEPS = {
    "form": Look(icon="forms", hint="Questions that somebody answers."),
    "instruction": Look(icon="info-circle", hint="A text to read and act upon."),
    "group": Look(icon="folder", hint="Steps that belong together, one after the other."),
    "parallel": Look(icon="arrows-split", hint="Steps that are all open at once."),
    "http_request": Look(icon="plug-connected", hint="An HTTP request to any service."),
    "email": Look(icon="mail", hint="A message that goes out by itself."),
}
_FIELDS = {
    "short_text": Look(icon="letter-t"),
    "long_text": Look(icon="align-left"),
    "email": Look(icon="at"),
    "phone": Look(icon="phone"),
    "number": Look(icon="number"),
    "radio": Look(icon="circle-dot"),
    "dropdown_one": Look(icon="selector"),
    "dropdown_many": Look(icon="list-details"),
    "checklist": Look(icon="list-check"),
    "date": Look(icon="calendar"),
    "instruction": Look(icon="info-circle"),
    "routing": Look(icon="directions"),
}


def look_of(part: Step | Field) -> Look:
    """How this step or field looks."""
    looks = _STEPS if isinstance(part, Step) else _FIELDS
    return looks.get(type_name(type(part)), _ANY)


def step_kinds(waits_for: str) -> tuple[Kind, ...]:
    """The kinds of steps that wait for a person, or for a call, in order."""
    return tuple(
        _kind(kind, _STEPS, kind.label) for kind in step_types.ALL if kind.waits_for == waits_for
    )


def field_kinds() -> tuple[Kind, ...]:
    """Every kind of field, in order."""
    return tuple(_kind(kind, _FIELDS, kind.label) for kind in field_types.ALL)


def _kind(kind: type[Step] | type[Field], looks: dict[str, Look], label: str) -> Kind:
    return Kind(type_name(kind), label, looks.get(type_name(kind), _ANY))
