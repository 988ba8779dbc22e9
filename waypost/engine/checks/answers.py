"""The check of what calls fill in: values that the field at the other end takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from waypost.engine.checks.emptiness import may_be_empty
from waypost.engine.choice import matching_item
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.dropdown_one import DropdownOne
from waypost.engine.field_types.long_text import LongText
from waypost.engine.field_types.radio import Radio
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.finding import Finding
from waypost.engine.json_value import JSON
from waypost.engine.own_calls import Completion, Filled, Given, completion_of, own_calls
from waypost.engine.own_places import Place, Places
from waypost.engine.reasoning import Worlds, worlds_of
from waypost.engine.references import Reference
from waypost.engine.samples import sample_value
from waypost.engine.step_types.http_request import HttpRequest

#: How a radio's value is called, also where the radio itself is not known.
_OF_RADIO = "radioItemSelected"


def answer_findings(workflow: Workflow, others: Mapping[str, Workflow]) -> Iterator[Finding]:
    """Values that are refused, may be refused, or are the id of their own field."""
    places, worlds = Places(workflow, others), worlds_of(workflow)
    for step in own_calls(workflow.steps, Completion):
        call = completion_of(step)
        for filled in call.filled if call else ():
            into = places.at(filled.field, "field")
            field = into.field if isinstance(into, Place) else None
            asked = _Asked(workflow, worlds, step, field)
            for finding in asked.findings(filled):
                yield replace(finding, step=step.key, attribute="body")


class _Asked:
    """One field that a call fills in; None where it is not known."""

    def __init__(
        self, workflow: Workflow, worlds: Worlds, step: HttpRequest, field: AnyField | None
    ) -> None:
        self.workflow = workflow
        self.worlds = worlds
        self.step = step
        self.field = field
        self.name = field.name if field else "a radio"

    def findings(self, filled: Filled) -> Iterator[Finding]:
        """What is wrong with the value."""
        value = filled.value
        if value is None:
            yield from self._constant(filled)
            return
        reference = value.reference
        if reference is not None and _plain(reference) == _plain(filled.field.reference):
            yield self._id_as_value(reference)
        elif reference is None:
            yield from self._constant(filled)
        elif isinstance(self.field, Radio | DropdownOne) or filled.values[0][0] == _OF_RADIO:
            yield from self._choice(reference)
        elif self.field is not None:
            yield from self._other(reference, self.field)

    def _id_as_value(self, reference: Reference) -> Finding:
        return Finding(
            "id_as_value",
            f"{self.step.name} fills in {reference} with itself: the id of the field, not a value.",
            "Refer to the value that the field should get.",
            "warning",
        )

    def _constant(self, filled: Filled) -> Iterator[Finding]:
        """A value that is written out is read as the field will read it."""
        literals = [(key, given.literal) for key, given in filled.values]
        if self.field is None or not literals or any(text is None for _, text in literals):
            return
        refused = self.field.parse(_input_object(literals))
        if not isinstance(refused, Refusal):
            return
        items = getattr(self.field, "items", ())
        yield Finding(
            "unmatched_item" if items else "wrong_input",
            f"{self.step.name} fills in {_shown(filled)}, which {self.name} refuses.",
            f"Choose from: {', '.join(items)}." if items else refused.message,
        )

    def _choice(self, reference: Reference) -> Iterator[Finding]:
        field = self.field
        takes_empty = getattr(field, "accepts_empty", False) or isinstance(field, DropdownOne)
        if not takes_empty and may_be_empty(
            self.workflow, self.worlds, self.step, reference, is_strict=True
        ):
            yield Finding(
                "empty_into_radio",
                f"{reference} may be empty in {self.step.name}, and {self.name} refuses that.",
                "Give the variable a default, or let the radio accept an empty text.",
                "warning",
            )
        items = getattr(field, "items", ())
        if items and not getattr(field, "accepts_other", False):
            yield from self._strange(reference, items)

    def _strange(self, reference: Reference, items: tuple[str, ...]) -> Iterator[Finding]:
        """Values beside the items; what nothing is known about can be any text."""
        source = self.workflow.step_by_key.get(reference.step)
        asked = source.field(reference.name) if source else None
        can_be = getattr(asked, "items", ())
        is_closed = can_be and not getattr(asked, "accepts_other", False)
        strange = [item for item in can_be if matching_item(items, item) is None]
        if not is_closed or strange:
            what = f"“{strange[0]}”" if strange else f"what {reference} holds"
            yield Finding(
                "radio_may_refuse",
                f"{self.step.name} fills in {what}, and {self.name} takes only its items.",
                "Let the radio take other texts (`accepts_other`), or add the items.",
                "warning",
            )

    def _other(self, reference: Reference, field: AnyField) -> Iterator[Finding]:
        samples = _kinds(reference, self.workflow)
        if samples and all(isinstance(field.parse(one), Refusal) for one in samples):
            yield Finding(
                "unfit_reference",
                f"{reference} cannot fill in {self.name}, which is a {type(field).label} field.",
                "Choose a reference of that kind.",
            )
        elif field.is_required and may_be_empty(
            self.workflow, self.worlds, self.step, reference, is_strict=False
        ):
            yield Finding(
                "may_be_empty",
                f"{reference} may be empty in {self.step.name}, and {self.name} is required.",
                "Require the source, give the variable a default, or add a condition.",
                "warning",
            )


def _kinds(reference: Reference, workflow: Workflow) -> tuple[JSON, ...]:
    """Values of the reference's kind; none where it may be any text."""
    step = workflow.step_by_key.get(reference.step)
    field = None if step is None else step.field(reference.name)
    is_free = isinstance(field, ShortText | LongText) or getattr(field, "accepts_other", False)
    if field is None or is_free:
        return ()
    if isinstance(field, Radio | DropdownOne):
        return field.items
    return (sample_value(reference, workflow),)


def _plain(reference: Reference | None) -> Reference | None:
    return None if reference is None else replace(reference, format="")


def _input_object(literals: list[tuple[str, str | None]]) -> JSON:
    if len(literals) == 1 and not literals[0][0]:
        return literals[0][1]
    found: dict[str, JSON] = {}
    for key, text in literals:
        known = found.get(key)
        listed: list[JSON] = known if isinstance(known, list) else [known]
        found[key] = [*listed, text] if key in found else text
    return found


def _shown(filled: Filled) -> str:
    return ", ".join(f"“{_text(given)}”" for _, given in filled.values)


def _text(given: Given) -> str:
    return given.literal or ""
