"""A text cut for an editor: plain pieces, references under their labels, and what needs a look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from waypost.engine.definition import Workflow
from waypost.engine.known_references import known_references
from waypost.engine.labels import Unresolved, label_of, pieces_of
from waypost.engine.references import PUBLIC_URL, Format, Reference, ids_in, missing, parse

_OURS = re.compile(r"(\{\{=[^{}\n]*\}\})")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text as it is stored. A reference has a label, and the format if one is written;
    a message says why it points at nothing here. Neither means plain text.
    """

    text: str
    label: str = ""
    message: str = ""
    format: Format = ""


def segments_of(text: str, workflow: Workflow, step_key: str) -> tuple[Segment, ...]:
    """The text of a step in pieces, printed references as stored ones; joined again it is what
    `resolve_labels` makes of it.
    """
    cutter = _Cutter(workflow, step_key)
    return tuple(_joined(one for piece in pieces_of(text, workflow) for one in cutter.cut(piece)))


class _Cutter:
    """Knows what may be referred to at one step."""

    def __init__(self, workflow: Workflow, step_key: str) -> None:
        self.workflow = workflow
        self.known = {one.reference for one in known_references(workflow, step_key)}
        self.cut_before: dict[Reference, Segment] = {}

    def cut(self, piece: str | Reference | Unresolved) -> Iterator[Segment]:
        if isinstance(piece, Unresolved):
            yield Segment(piece.text, piece.text.strip("{}"), piece.message)
        elif isinstance(piece, Reference):
            yield self.of(piece)
        else:
            for part in parse(piece):
                yield from (self.of(part),) if isinstance(part, Reference) else self.plain(part)

    def of(self, reference: Reference) -> Segment:
        """A reference with its label, and why it has no value here."""
        if reference not in self.cut_before:
            bare = replace(reference, format="")
            label = label_of(bare, self.workflow).strip("{}=")
            segment = Segment(str(reference), label, self.problem(bare), reference.format)
            self.cut_before[reference] = segment
        return self.cut_before[reference]

    def problem(self, reference: Reference) -> str:
        """Why it never has a value here; empty when it may have one."""
        why = missing(reference, self.workflow)
        if why or self.is_known(reference):
            return why
        if reference.name == PUBLIC_URL:
            return "Only steps for external users have a public link. Change who completes it."
        return (
            "It has no value here yet, because its step comes later or is this one. "
            "Choose one of an earlier step."
        )

    def is_known(self, reference: Reference) -> bool:
        """Whether it may be chosen here, its default output named or not."""
        step = self.workflow.step_by_key.get(reference.step)
        field = step.field(reference.name) if step else None
        defaults = ("inputValue", field.default_output) if field else ()
        plain = replace(reference, output="") if reference.output in defaults else reference
        return plain in self.known

    def plain(self, text: str) -> Iterator[Segment]:
        """Text between references; what only looks like one says so."""
        for part in _OURS.split(text):
            path = next(iter(ids_in(part)), "")
            if not _OURS.fullmatch(part):
                yield Segment(part)
            elif path:
                yield Segment(part, f"ID of {path}")
            else:
                yield Segment(
                    part, part.strip("{}="), "This is no reference that can be read. Choose one."
                )


def _joined(segments: Iterator[Segment]) -> Iterator[Segment]:
    """The segments, plain ones next to each other as one, empty ones left out."""
    plain = ""
    for one in segments:
        if one.label or one.message:
            if plain:
                yield Segment(plain)
            plain = ""
            yield one
        else:
            plain += one.text
    if plain:
        yield Segment(plain)
