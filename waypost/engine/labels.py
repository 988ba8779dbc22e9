"""References as the old product printed and stored them, read on the way in; labels on the way out.

A label cannot be parsed by splitting: names hold dots, parentheses, double spaces and " - ". So the
text is compared with every label the workflow has: first as printed, the longest first, then
without the number, which is only where the step stood when the label was copied.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from waypost.engine.choice import folded
from waypost.engine.definition import Workflow
from waypost.engine.json_value import JSON
from waypost.engine.references import (
    INSTANCE,
    PUBLIC_URL,
    URL,
    Format,
    Reference,
    is_url_parameter,
    parse,
)
from waypost.engine.step_types import AnyStep

#: What stands for the action of an integration in printed labels; any other text is let pass too.
INTEGRATION = "Integration step"

_SUFFIXES: tuple[tuple[str, Format], ...] = (
    (" (plain)", "plain"),
    (" (url)", "url"),
    (" (html)", "html"),
    # What a reference without a format means, so it is not written.
    (" (json)", ""),
)
_PRINTED: tuple[tuple[str, Format], ...] = (*_SUFFIXES, ("", ""))
_TOKEN = re.compile(r"\{\{=[^{}]*\}\}|\{\{(?P<ids>[^{}]*)\}\}|\{")
_INSTANCE = re.compile(
    r"(?P<double>\{\{)?(?(double)|\{)\s*instance[ _]?(?P<name>id|name)"
    r"(?: \((?P<format>plain|url|html|json)\))?\s*\}(?(double)\})",
    re.IGNORECASE,
)
_PARAMETER = re.compile(
    r"(?<!\{)\{(?P<name>[\w-]+)(?: \((?P<format>plain|url|html|json)\))?\}", re.ASCII
)
_NUMBER = re.compile(r"\s*\d+(?:\.\d+)*\.\s*")
_LONGEST_LABEL = 5_000
_LOOKS_LIKE_ONE = re.compile(r"\d+(?:\.\d+)*\.\s.* - ", re.DOTALL)
_MARKDOWN_ESCAPE = re.compile(r"\\([\\_*\[\](){}.#+\-!$@`~<>|&\"'])")
_JSONPATH_ESCAPE = re.compile(r"\\(\\|[_$*\[\]().@#!+\-<>&|~`?])")


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A printed reference that points at nothing here: as written, where, and what to do."""

    text: str
    place: int
    message: str


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A reference and what it is called; `number` is the step's place."""

    number: str
    step_name: str
    field_name: str
    output_label: str
    reference: Reference

    @property
    def unnumbered(self) -> str:
        """The label without number and format."""
        named = (self.step_name, self.field_name, self.output_label)
        return " - ".join(name for name in named if name)

    @property
    def text(self) -> str:
        """The label without format."""
        return f"{self.number}. {self.unnumbered}"


def pieces_of(text: str, workflow: Workflow) -> Iterator[str | Reference | Unresolved]:
    """The text cut into printed references and what stands between them; stored references stay in
    the plain pieces.
    """
    if "{" not in text:
        yield text
        return
    resolver = _resolver_of(workflow)
    place = 0
    while (token := _TOKEN.search(text, place)) is not None:
        yield text[place : token.start()]
        found = resolver.at(text, token)
        if isinstance(found, Unresolved):
            yield found
            place = token.start() + len(found.text)
            continue
        written, reference = found
        yield reference or written
        place = token.start() + len(written)
    yield text[place:]


def resolve_labels(text: str, workflow: Workflow) -> tuple[str, tuple[Unresolved, ...]]:
    """The text with stored references in place of printed ones, and what stayed as it was."""
    pieces = tuple(pieces_of(text, workflow))
    unresolved = tuple(one for one in pieces if isinstance(one, Unresolved))
    return "".join(
        one.text if isinstance(one, Unresolved) else str(one) for one in pieces
    ), unresolved


def label_of(reference: Reference, workflow: Workflow) -> str:
    """What a page shows for the reference, as the old product printed it; the reference itself when
    it points at nothing.
    """
    suffix = f" ({reference.format})" if reference.format not in ("", "json") else ""
    if reference.step == INSTANCE and reference.name in ("id", "name"):
        return f"Instance {'ID' if reference.name == 'id' else 'name'}{suffix}"
    if is_url_parameter(reference, workflow) and reference.name in workflow.url_parameters:
        return reference.name + suffix
    label = labels_of(workflow).get(replace(reference, format=""))
    return str(reference) if label is None else label + suffix


def labels_of(workflow: Workflow) -> dict[Reference, str]:
    """What each thing in the workflow that a reference may point at is called, without format."""
    # Of several names the first one is printed, so it is written last.
    return {one.reference: one.text for one in reversed(list(_labelled(workflow)))}


def show_labels(text: str, workflow: Workflow) -> str:
    """The text with labels in braces in place of its references, for people to read."""
    return "".join(
        part if isinstance(part, str) else f"{{{label_of(part, workflow)}}}" for part in parse(text)
    )


def unescape_jsonpath(path: str) -> str:
    r"""The path without the backslashes that Markdown put in: `\$.steps\[0].step\_id`."""
    return _JSONPATH_ESCAPE.sub(r"\1", path.strip())


def _labelled(workflow: Workflow) -> Iterator[_Labelled]:
    """Everything in the workflow that a reference may point at, under each of its names, the one to
    print first.
    """
    for step in workflow.steps:
        number = workflow.number_by_key[step.key]
        for field_name, output_label, reference in _names(step):
            yield _Labelled(number, step.name, field_name, output_label, reference)


def _names(step: AnyStep) -> Iterator[tuple[str, str, Reference]]:
    for field in step.fields:
        if field.outputs:
            yield field.name, "Input", Reference(step.key, field.key)
        for output in field.outputs:
            reference = Reference(step.key, field.key, output)
            yield field.name, _words(output), reference
            yield field.name, output, reference
    for variable in step.variables:
        yield INTEGRATION, variable.name, Reference(step.key, variable.name)
    yield "", "Public URL", Reference(step.key, PUBLIC_URL)


def _words(output: str) -> str:
    """`itemsNotChecked` as "Items not checked"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", output).capitalize()


def _resolver_of(workflow: Workflow) -> _Resolver:
    """Made once for a workflow and kept with it, as its cached properties are."""
    kept: dict[str, object] = vars(workflow)
    found = kept.get("_resolver")
    if not isinstance(found, _Resolver):
        found = kept["_resolver"] = _Resolver(workflow)
    return found


class _Resolver:
    """Finds what a printed reference means in one workflow. Its tables are made when they are first
    asked: most texts hold braces, and few of these are of labels.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow

    @cached_property
    def labelled(self) -> list[_Labelled]:
        """All that has a label, in order."""
        return list(_labelled(self.workflow))

    @cached_property
    def by_name(self) -> dict[str, list[_Labelled]]:
        """By the label without number, folded."""
        found: dict[str, list[_Labelled]] = defaultdict(list)
        for one in self.labelled:
            found[folded(one.unnumbered)].append(one)
        return found

    @cached_property
    def printed(self) -> dict[str, Reference]:
        """By the label as printed. Of two that print the same the longer name is meant, or else the
        first, written last.
        """
        return {
            f"{{{one.text}{suffix}}}": replace(one.reference, format=form)
            for one in sorted(reversed(self.labelled), key=lambda one: len(one.text))
            for suffix, form in _PRINTED
        }

    @cached_property
    def longest(self) -> int:
        """The length of the longest printed label."""
        return max(map(len, self.printed), default=0)

    @cached_property
    def variables(self) -> list[tuple[str, str, _Labelled]]:
        """Every variable by its step and its name, folded."""
        return [
            (folded(one.step_name), folded(one.output_label), one)
            for one in self.labelled
            if one.field_name == INTEGRATION
        ]

    def at(self, text: str, token: re.Match[str]) -> tuple[str, Reference | None] | Unresolved:
        """The text taken from the token's place and the reference it means; None leaves it as it
        is.
        """
        start = token.start()
        own = _INSTANCE.match(text, start)
        if own is not None:
            form = _format_named((own["format"] or "").lower())
            return own[0], Reference(INSTANCE, own["name"].lower(), "", form)
        parameter = _PARAMETER.match(text, start)
        if parameter is not None and parameter["name"] in self.workflow.url_parameters:
            form = _format_named(parameter["format"] or "")
            return parameter[0], Reference(URL, parameter["name"], "", form)
        if token["ids"] is not None:
            return self.by_ids(token, start)
        if len(token[0]) > 1:
            return token[0], None
        return self.by_label(text, start)

    def by_ids(self, token: re.Match[str], start: int) -> tuple[str, Reference | None] | Unresolved:
        """A stored token of the old product: a JSON object of ids inside double braces."""
        ids = _read_ids(token["ids"])
        if ids is None:
            return "{", None
        step = self.workflow.step_by_id.get(_integer(ids.get("process_step")))
        name = ids.get("output_data_variable")
        reference = _by_ids(step, _integer(ids.get("process_step_action")), str(name or ""))
        if reference is None:
            return Unresolved(token[0], start, "No step or field has these ids. Choose it again.")
        written = str(ids.get("formatting") or "json").lower()
        return token[0], replace(reference, format=_format_named(written))

    def by_label(self, text: str, start: int) -> tuple[str, Reference | None] | Unresolved:
        """A label in single braces."""
        # Every printed label begins with a number. Names may hold braces: the longest label that
        # fits is meant.
        end = start + self.longest if text[start + 1 : start + 2].isdigit() else start
        while (end := text.rfind("}", start, end)) > start:
            label = text[start : end + 1]
            if label in self.printed:
                return label, self.printed[label]
        end = text.find("}", start, start + _LONGEST_LABEL)
        braced = text[start : end + 1]
        # Every label has its parts joined by this; most braces are not of labels.
        return self.by_names(braced, start) if "-" in braced else ("{", None)

    def by_names(self, braced: str, start: int) -> tuple[str, Reference | None] | Unresolved:
        """A label whose number, spacing or spelling is not exactly ours."""
        inner = _MARKDOWN_ESCAPE.sub(r"\1", braced[1:-1])
        number = _NUMBER.match(inner)
        named, form = _format_of(inner[number.end() :] if number else inner)
        found = self.by_name.get(folded(named)) or self.by_variable(folded(named))
        chosen = _only(found, number[0].strip().rstrip(".") if number else "")
        if chosen is not None:
            return braced, replace(chosen, format=form)
        if found:
            return Unresolved(
                braced, start, "Several steps or fields are called so. Rename one, or choose it."
            )
        if _LOOKS_LIKE_ONE.match(inner.strip()):
            return Unresolved(
                braced, start, "No step, field or variable is called so. Choose it again."
            )
        return "{", None

    def by_variable(self, name: str) -> list[_Labelled]:
        """Variables of integrations, whose middle part may be any name that the action had."""
        fits = [
            (step_name, one)
            for step_name, output, one in self.variables
            if name.startswith(f"{step_name} - ")
            and name.endswith(f" - {output}")
            and len(name) > len(step_name) + len(output) + 6
        ]
        longest = max((len(step_name) for step_name, _ in fits), default=0)
        return [one for step_name, one in fits if len(step_name) == longest]


def _only(found: list[_Labelled], number: str) -> Reference | None:
    """The one reference meant; the number decides only where the names do not."""
    references = list(dict.fromkeys(one.reference for one in found))
    if len(references) > 1:
        references = list(dict.fromkeys(one.reference for one in found if one.number == number))
    return references[0] if len(references) == 1 else None


def _format_of(label: str) -> tuple[str, Format]:
    """The label without its suffix, and the format that the suffix says."""
    trimmed = label.strip()
    for suffix, form in _SUFFIXES:
        if trimmed.lower().endswith(suffix):
            return trimmed[: -len(suffix)], form
    return trimmed, ""


def _format_named(name: str) -> Format:
    return next((form for _, form in _SUFFIXES if form == name), "")


def _read_ids(inner: str) -> dict[str, JSON] | None:
    """The object between double braces, also when Markdown or a JSON text has escaped it."""
    for spelled in (inner, inner.replace('\\"', '"'), _MARKDOWN_ESCAPE.sub(r"\1", inner)):
        try:
            ids = json.loads(f"{{{spelled}}}")
        except ValueError:
            continue
        return ids if "process_step" in ids else None
    return None


def _integer(value: JSON) -> int:
    text = str(value).strip()
    return int(text) if text.isdecimal() and len(text) < 20 else 0


def _by_ids(step: AnyStep | None, field_id: int, name: str) -> Reference | None:
    if step is None or step.id == 0:
        return None
    field = next((one for one in step.fields if one.id == field_id and field_id), None)
    if field is not None:
        is_default = name in ("", "inputValue", field.default_output)
        known = is_default or name in field.outputs
        output = "" if is_default else name
        return Reference(step.key, field.key, output) if known and field.outputs else None
    if folded(name).replace(" ", "_") in ("public_url", "publicurl"):
        return Reference(step.key, PUBLIC_URL)
    return Reference(step.key, name) if step.variable(name) is not None else None
