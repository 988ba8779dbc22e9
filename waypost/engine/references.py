"""References: places in a text that a value of the instance takes.

As stored: `{{=step.field.output|format}}`, `{{=step.variable}}`, `{{=step.public_url}}`,
`{{=instance.id}}`, `{{=instance.name}}`, `{{=url.parameter}}`, and
`{{=id workflow/step/field}}` for the number of a workflow, step or field, resolved at publishing.
Other braces are text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from waypost.engine.instance import READABLE, Instance
from waypost.engine.json_value import JSON

if TYPE_CHECKING:  # so that fields and steps may use references
    from waypost.engine.definition import Workflow

Format: TypeAlias = Literal["", "json", "plain", "url", "html"]
#: The formats that can be written; one that is not written means the first (platform.md §3.2).
FORMATS: tuple[Format, ...] = ("json", "plain", "url", "html")
#: Stands for the step in references to the instance itself, so no step may have this key.
INSTANCE = "instance"
#: Stands for the step in references to URL parameters, so no step may have this key.
URL = "url"
#: Stands for the field in references to a step's public link, so no field may have this key.
PUBLIC_URL = "public_url"
#: Begins the name of what stands for a literal id that is not known yet (`mark_ids`).
ID_MARK = "id_"

_KEY = r"[A-Za-z0-9_][A-Za-z0-9_-]*"
_REFERENCE = re.compile(
    rf"\{{\{{=({_KEY})\.({_KEY})(?:\.({_KEY}))?(?:\|({'|'.join(FORMATS)}))?\}}\}}"
)
_ID = re.compile(rf"\{{\{{=id ({_KEY}(?:/{_KEY}){{0,2}})\}}\}}")
_LOOKS_LIKE_ONE = re.compile(r"\{\{=[^{}\n]{0,200}(?:\}\})?")
_LINK = re.compile("\ue000link:([^\ue000\ue001]*)\ue001")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reference points at. `name` is a field, a variable, `public_url`, `id` and `name` of
    the `instance`, or a parameter of the `url`; no `output` means the field's default one.
    """

    step: str
    name: str
    output: str = ""
    format: Format = ""

    def __str__(self) -> str:
        output = f".{self.output}" if self.output else ""
        written = f"|{self.format}" if self.format else ""
        return f"{{{{={self.step}.{self.name}{output}{written}}}}}"


@dataclass(frozen=True, slots=True)
class Placed:
    """A reference and where it stands in its text."""

    start: int
    end: int
    reference: Reference


@lru_cache(maxsize=4096)
def placed_references(text: str) -> tuple[Placed, ...]:
    """Every reference of the text with its place, in order."""
    return tuple(
        Placed(found.start(), found.end(), _reference(found)) for found in _REFERENCE.finditer(text)
    )


@lru_cache(maxsize=4096)
def parse(text: str) -> tuple[str | Reference, ...]:
    """The text cut into plain pieces and references; joined again it is the text."""
    parts: list[str | Reference] = []
    place = 0
    for placed in placed_references(text):
        parts += [text[place : placed.start], placed.reference]
        place = placed.end
    return tuple(part for part in (*parts, text[place:]) if part != "")


def references_in(text: str) -> tuple[Reference, ...]:
    """The references of the text, in order."""
    return tuple(placed.reference for placed in placed_references(text))


def ids_in(text: str) -> tuple[str, ...]:
    """The paths of the literal ids that the text asks for (`workflow/step/field`), in order."""
    return tuple(found[1] for found in _ID.finditer(text))


def resolve_ids(text: str, id_of: Callable[[str], int | None]) -> str:
    """The text with each literal id in place of its path; one that is not known stays as it is."""

    def number(found: re.Match[str]) -> str:
        known = id_of(found[1])
        return found[0] if known is None else str(known)

    return _ID.sub(number, text)


def change_id_paths(text: str, change: Callable[[str], str]) -> str:
    """The text with the path of each literal id changed."""
    return _ID.sub(lambda found: f"{{{{=id {change(found[1])}}}}}", text)


def mark_ids(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with a reference `{{=instance.id_0}}` in place of each literal id, and their paths:
    for reading a text whose ids are not known yet.
    """
    paths: list[str] = []

    def marked(found: re.Match[str]) -> str:
        paths.append(found[1])
        return str(Reference(INSTANCE, f"{ID_MARK}{len(paths) - 1}"))

    return _ID.sub(marked, text), tuple(paths)


def malformed_in(text: str) -> tuple[str, ...]:
    """What looks like a reference and is none, for the check to report."""
    found = _LOOKS_LIKE_ONE.finditer(text)
    return tuple(
        one[0] for one in found if not (_REFERENCE.match(text, one.start()) or _is_id(one[0]))
    )


def is_url_parameter(reference: Reference, workflow: Workflow) -> bool:
    """Whether it points at a URL parameter. Versions from before there were any may have a step of
    that key: there it is still the step.
    """
    return reference.step == URL and URL not in workflow.step_by_key


def missing(reference: Reference, workflow: Workflow) -> str:
    """Why the reference points at nothing in this workflow; empty when it does not."""
    if reference.step == INSTANCE:
        known = reference.name in ("id", "name") and not reference.output
        return "" if known else "An instance has only id and name. Choose one of them."
    if is_url_parameter(reference, workflow):
        return _missing_parameter(reference, workflow)
    step = workflow.step_by_key.get(reference.step)
    if step is None:
        return f"There is no step {reference.step!r}. Choose the step again."
    field = step.field(reference.name)
    if field is not None:
        return _missing_output(reference, (*field.outputs, "inputValue") if field.outputs else ())
    if reference.name == PUBLIC_URL or step.variable(reference.name) is not None:
        named = reference.output
        return f"{reference.name} has no outputs. Leave .{named} out." if named else ""
    return f"{step.name} has no field or variable {reference.name!r}. Choose another."


def link_placeholder(step: str) -> str:
    """What stands for the secret part of a step's public link until the request is sent."""
    return f"\ue000link:{step}\ue001"


def fill_links(text: str, token_of: Callable[[str], str]) -> str:
    """The text with the token of each step (by key) in place of its placeholder."""
    return _LINK.sub(lambda found: token_of(found[1]), text)


def outside_placeholders(text: str, change: Callable[[str], str]) -> str:
    """The text changed everywhere but in the placeholders of links, whose tokens need no change."""
    parts = re.split(f"({_LINK.pattern.replace('(', '(?:')})", text)
    return "".join(part if _LINK.fullmatch(part) else change(part) for part in parts)


@dataclass(frozen=True, slots=True)
class Context:
    """What an instance does not know about itself. `link_base` comes before the token of a public
    link, such as `https://example.org/s/`.
    """

    instance_id: int
    instance_name: str
    link_base: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """The values that references have in one instance, now."""

    workflow: Workflow
    instance: Instance
    context: Context

    def value(self, reference: Reference) -> JSON:
        """The value, unformatted; None when there is none.

        Only what a step left in its current visit is read; a variable without a value, for whatever
        reason, is its default (platform.md §3.4).
        """
        if reference.step == INSTANCE:
            own: dict[str, JSON] = {
                "id": self.context.instance_id,
                "name": self.context.instance_name,
            }
            return own.get(reference.name)
        if is_url_parameter(reference, self.workflow):
            return self.instance.url_parameters.get(reference.name)
        step = self.workflow.step_by_key.get(reference.step)
        if step is None:
            return None
        run = self.instance.run(reference.step)
        is_readable = run.status in READABLE
        field = step.field(reference.name)
        if field is not None:
            stored = run.values.get(reference.name) if is_readable else None
            return field.output(stored, reference.output or field.default_output)
        if reference.name == PUBLIC_URL:
            return self.context.link_base + link_placeholder(reference.step)
        variable = step.variable(reference.name)
        found = run.variables.get(reference.name) if is_readable else None
        default = (variable.default if variable else "") or None
        return default if found in (None, "") else found


def _reference(found: re.Match[str]) -> Reference:
    return Reference(found[1], found[2], found[3] or "", cast(Format, found[4] or ""))


def _is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def _missing_parameter(reference: Reference, workflow: Workflow) -> str:
    if reference.name not in workflow.url_parameters:
        return f"No URL parameter {reference.name!r} is declared. Add it at the start item."
    named = reference.output
    return f"{reference.name} has no outputs. Leave .{named} out." if named else ""


def _missing_output(reference: Reference, outputs: tuple[str, ...]) -> str:
    if not outputs:
        return f"{reference.name} only shows something. Choose a field with a value."
    if reference.output in ("", *outputs):
        return ""
    return f"{reference.name} has no output {reference.output!r}. Choose from {', '.join(outputs)}."
