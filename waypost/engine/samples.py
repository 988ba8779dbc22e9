"""Sample values for the references of a step, so that it can be tried before anything has run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.instance import NEW
from waypost.engine.json_value import JSON, clean_json, clean_text, text_of
from waypost.engine.references import (
    INSTANCE,
    PUBLIC_URL,
    Context,
    Lookup,
    Reference,
    is_url_parameter,
    references_in,
)
from waypost.engine.step import Variable
from waypost.engine.step_types import AnyStep
from waypost.engine.texts import step_texts

SAMPLE_ID = 1001
#: What a variable is likely to hold, by the end of its name.
_BY_NAME: tuple[tuple[str, JSON], ...] = (
    ("id", SAMPLE_ID),
    ("number", 1),
    ("count", 1),
    ("amount", 1),
    ("url", "https://example.org/"),
    ("email", "ann@example.org"),
    ("phone", "+15005550006"),
    ("status", "pending"),
    ("code", "123456"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A reference that a step uses, what it points at in words, and a value to try it with.

    A public link has no value: only a run has links.
    """

    reference: Reference
    label: str
    value: JSON

    @property
    def key(self) -> str:
        """Its name in forms: the reference without the braces."""
        return str(self.reference)[3:-2]

    @property
    def text(self) -> str:
        """The value as it stands in a box."""
        return text_of(self.value)

    @property
    def is_link(self) -> bool:
        """Whether it is the public link of a step."""
        return self.value is None


@dataclass(frozen=True, slots=True)
class SampleLookup(Lookup):
    """A lookup whose values are given one by one; what is not given is as in the instance."""

    given: Mapping[Reference, JSON] = field(default_factory=dict)

    def value(self, reference: Reference) -> JSON:
        """The given value."""
        asked = replace(reference, format="")
        if asked in self.given:
            return self.given[asked]
        return Lookup.value(self, reference)


def samples_of(step: AnyStep, workflow: Workflow) -> tuple[Sample, ...]:
    """One sample for each reference of the step's texts, in the order of their first use."""
    found = (one for placed in step_texts(step) for one in references_in(placed.text))
    asked = dict.fromkeys(replace(one, format="") for one in found)
    return tuple(Sample(one, _label(one, workflow), sample_value(one, workflow)) for one in asked)


def sample_value(reference: Reference, workflow: Workflow) -> JSON:
    """A value such as the reference may have; None for a link, or where it points at nothing."""
    if reference.step == INSTANCE:
        return SAMPLE_ID if reference.name == "id" else "Sample run"
    if is_url_parameter(reference, workflow):
        return sample_text(reference.name)
    step = workflow.step_by_key.get(reference.step)
    if step is None:
        return ""
    asked = step.field(reference.name)
    if asked is not None:
        stored = asked.parse(asked.example)
        output = reference.output or asked.default_output
        return "" if isinstance(stored, Refusal) else asked.output(stored, output)
    if reference.name == PUBLIC_URL:
        return None
    return variable_sample(step.variable(reference.name) or Variable(name="", path=""))


def variable_sample(variable: Variable) -> JSON:
    """What a variable may hold: its default, else what its name suggests."""
    if variable.default:
        return variable.default
    name = variable.name.lower()
    fitting = (value for ending, value in _BY_NAME if name.endswith(ending))
    return next(fitting, f"Sample {variable.name}".strip())


def sample_text(name: str) -> str:
    """A text that a URL parameter of this name may have."""
    return text_of(variable_sample(Variable(name=name, path="")))


def sample_lookup(
    samples: tuple[Sample, ...], texts: Mapping[str, str], workflow: Workflow, link_base: str
) -> SampleLookup:
    """The values to try a step with; `texts` by key stand in for the generated ones."""
    given = {
        one.reference: _read(texts[one.key], one.value) if one.key in texts else one.value
        for one in samples
        if not one.is_link
    }
    return SampleLookup(workflow, NEW, Context(SAMPLE_ID, "Sample run", link_base), given)


def _read(text: str, sample: JSON) -> JSON:
    """What somebody entered: a text where the sample is one, else whatever JSON it says."""
    if isinstance(sample, str):
        return clean_text(text)
    try:
        value: JSON = json.loads(text)
    except ValueError:
        return clean_text(text)
    return clean_json(value)


def _label(reference: Reference, workflow: Workflow) -> str:
    if reference.step == INSTANCE:
        return "Instance ID" if reference.name == "id" else "Instance name"
    if is_url_parameter(reference, workflow):
        return f"URL parameter: {reference.name}"
    step = workflow.step_by_key.get(reference.step)
    if step is None:
        return f"{reference.step}: {reference.name}"
    asked = step.field(reference.name)
    named = asked.name if asked is not None else reference.name
    words = "Public link" if reference.name == PUBLIC_URL and asked is None else named
    output = f" ({reference.output})" if reference.output else ""
    return f"{workflow.number_by_key[step.key]}. {step.name}: {words}{output}"
