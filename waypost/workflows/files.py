"""Workflows as files: YAML with keys and no ids, read with the line of every fault, written in one
canonical way so that export, import and export again give the same bytes.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import msgspec

from waypost.engine import field_types, step_types
from waypost.engine.conditions import Condition, Rule, RuleGroup
from waypost.engine.definition import FORMAT, Workflow
from waypost.engine.dry_run import (
    AdvanceMove,
    AnswerMove,
    CompleteMove,
    DryRun,
    ExpectedRun,
    RestartMove,
    SkipMove,
)
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.routing import Button
from waypost.engine.finding import Finding
from waypost.engine.moment import Moment
from waypost.engine.step import Variable
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import Header, RetryPolicy
from waypost.workflows.canonical import IDS, Plain, plain
from waypost.workflows.parameters import (
    ParameterFault,
    filled,
    parameter_values,
    read_parameters,
)
from waypost.workflows.yaml_reading import Place, Value, YamlFault, YamlText, read_yaml
from waypost.workflows.yaml_writing import write_yaml

_STRUCTS: tuple[type[msgspec.Struct], ...] = (
    Workflow,
    *step_types.ALL,
    *field_types.ALL,
    *(Condition, RuleGroup, Rule, Moment, Variable, Header, RetryPolicy, Button),
    *(DryRun, ExpectedRun, CompleteMove, AnswerMove, SkipMove, RestartMove, AdvanceMove),
)
ATTRIBUTES = (
    frozenset({"type", "parameters"}).union(*(struct.__struct_fields__ for struct in _STRUCTS))
    - IDS
)
_FIRST = ("format", "key", "name", "type")
#: Parts whose keys are names that somebody chose.
_FREE = ("parameters", "dry_runs")
_LAST = ("variables", "fields", "steps")
_PATH = re.compile(r"^(?P<message>.*?)(?: - at `(?:key in )?(?P<path>\$.*)`)?$", re.DOTALL)
_PATH_PART = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+)\]")


@dataclass(frozen=True, slots=True)
class FileFinding:
    """A finding with the file and line it is about."""

    path: str
    line: int
    finding: Finding

    def __str__(self) -> str:
        found = self.finding
        return f"{self.path}:{self.line}: {found.code}: {found.message} → {found.remedy}"


@dataclass(frozen=True, slots=True)
class WorkflowFile:
    """A workflow as read from a file, and where its parts stand there."""

    path: str
    workflow: Workflow
    source: YamlText

    def located(self, finding: Finding) -> FileFinding:
        """The finding with its line."""
        return FileFinding(self.path, self.source.line_of(self._place(finding)), finding)

    def _place(self, finding: Finding) -> Place:
        place: Place = ()
        steps = self.workflow.steps
        number = next((n for n, step in enumerate(steps) if step.key == finding.step), None)
        if finding.step and number is not None:
            place = ("steps", number)
            fields = steps[number].fields
            number = next((n for n, one in enumerate(fields) if one.key == finding.field), None)
            place += ("fields", number) if finding.field and number is not None else ()
        return place + tuple(
            int(part) if part.isdecimal() else part for part in finding.attribute.split(".") if part
        )


def read_workflow(
    text: str,
    path: str = "workflow.yaml",
    given: Mapping[str, str] | None = None,
    uses_examples: bool = False,
) -> WorkflowFile | tuple[FileFinding, ...]:
    """The workflow in a file, its parameters filled with the given values; else every fault of its
    form. Whether it would run is for `check_workflow`.
    """
    source = read_yaml(text)
    if isinstance(source, YamlFault):
        fault = Finding("not_yaml", source.message, source.remedy)
        return (FileFinding(path, source.line, fault),)
    value, faults = _substituted(source.value, given or {}, uses_examples)
    faults = faults or list(_faults(value, source))
    if faults:
        return tuple(_found(fault, path, source) for fault in faults)
    return WorkflowFile(path, msgspec.convert(value, Workflow), source)


def read_definition(value: Value) -> Workflow | tuple[tuple[str, Finding], ...]:
    """The workflow in a value that came as JSON; else every fault of its form with its place, such
    as `steps.0.fields.1`.
    """
    value, faults = _substituted(value, {}, uses_examples=False)
    faults = faults or list(_faults(value, YamlText(value, dict.fromkeys(_places(value), 1))))
    if faults:
        return tuple(
            (".".join(map(str, one.place)), Finding(one.code, one.message, one.remedy))
            for one in faults
        )
    return msgspec.convert(value, Workflow)


def write_workflow(workflow: Workflow) -> str:
    """The file of a workflow: no ids, nothing that is as by default, a blank line before a step."""
    whole = plain(workflow, has_ids=False) | {"format": workflow.format}
    steps = cast("list[Plain]", _tidy(whole.pop("steps")))
    runs = cast("list[Plain]", whole.pop("dry_runs", []))
    head = write_yaml(cast("dict[str, Plain]", _tidy(whole)))
    tail = f"\n{_spaced('dry_runs', runs)}" if runs else ""
    return head + (_spaced("steps", steps) if steps else "steps: []\n") + tail


def _spaced(name: str, items: list[Plain]) -> str:
    """A list with a blank line between its items."""
    written = [write_yaml({name: [item]}).partition("\n")[2] for item in items]
    return f"{name}:\n" + "\n".join(written)


def write_json(workflow: Workflow) -> str:
    """The same as `write_workflow`, as JSON; `read_workflow` takes it too."""
    whole = plain(workflow, has_ids=False) | {"format": workflow.format}
    return json.dumps(_tidy(whole), indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class _Fault:
    """A fault of form at a place in the document."""

    place: Place
    code: str
    message: str
    remedy: str


def _substituted(
    value: Value, given: Mapping[str, str], uses_examples: bool
) -> tuple[Value, list[_Fault]]:
    """The document without its `parameters` and with their values; or what is wrong with them."""
    if not isinstance(value, dict) or "parameters" not in value:
        return value, []
    rest = {key: part for key, part in value.items() if key != "parameters"}
    try:
        values = parameter_values(read_parameters(value["parameters"]), given, uses_examples)
        if isinstance(values, list):
            return rest, [_of_parameter(fault) for fault in values]
        return filled(rest, values), []
    except ParameterFault as fault:
        return rest, [_of_parameter(fault)]


def _of_parameter(fault: ParameterFault) -> _Fault:
    return _Fault(fault.place, fault.code, fault.message, fault.remedy)


def _faults(value: Value, source: YamlText) -> Iterator[_Fault]:
    """Every part that cannot be read: each field by itself, each step without its fields, then the
    workflow without its steps, so that one fault does not hide the next.
    """
    if not isinstance(value, dict):
        yield _Fault((), "not_a_workflow", "There is no workflow in this file.", _BEGIN)
        return
    yield from _given_at_publishing(source)
    yield from _format_fault(value)
    steps = value.get("steps")
    if isinstance(steps, list):
        for number, step in enumerate(steps):
            yield from _step_faults(step, ("steps", number))
        value = value | {"steps": []}
    runs = value.get("dry_runs")
    if isinstance(runs, list):
        for number, run in enumerate(runs):
            yield from _conversion_fault(run, DryRun, ("dry_runs", number))
        value = value | {"dry_runs": []}
    yield from _conversion_fault(value, Workflow, ())


def _places(value: Value, around: Place = ()) -> Iterator[Place]:
    parts = enumerate(value) if isinstance(value, list) else ()
    for name, part in value.items() if isinstance(value, dict) else parts:
        yield (*around, name)
        yield from _places(part, (*around, name))


def _step_faults(step: Value, place: Place) -> Iterator[_Fault]:
    fields = step.get("fields") if isinstance(step, dict) else None
    if isinstance(fields, list):
        for number, one in enumerate(fields):
            yield from _conversion_fault(one, AnyField, (*place, "fields", number))
        step = cast("dict[str, Value]", step) | {"fields": []}
    yield from _conversion_fault(step, AnyStep, place)


def _given_at_publishing(source: YamlText) -> Iterator[_Fault]:
    for place in source.lines:
        if place and place[0] not in _FREE and place[-1] in IDS:
            yield _Fault(
                place,
                "unknown_key",
                f"`{place[-1]}` does not belong into a file.",
                "Remove it: ids are given at publishing and belong to the keys.",
            )


def _format_fault(value: dict[str, Value]) -> Iterator[_Fault]:
    number = value.get("format", FORMAT)
    if isinstance(number, int) and number > FORMAT:
        yield _Fault(
            ("format",),
            "unknown_format",
            f"The file has format {number}; this release reads up to {FORMAT}.",
            "Update Waypost, or export the workflow from the older release.",
        )


def _conversion_fault(value: Value, target: object, place: Place) -> Iterator[_Fault]:
    try:
        msgspec.convert(value, target)
    except msgspec.ValidationError as error:
        yield _read_error(str(error), place)


def _read_error(text: str, around: Place) -> _Fault:
    """msgspec's sentence (`Expected …, got … - at `$.a[0].b``) as a fault at a place."""
    parts = _PATH.match(text)
    message, path = (parts["message"], parts["path"] or "") if parts else (text, "")
    place = around + tuple(
        int(index) if index else name for name, index in _PATH_PART.findall(path)
    )
    name = next(iter(re.findall(r"`(\w+)`", message)), "")
    if "unknown field" in message:
        return _Fault((*place, name), "unknown_key", f"There is no `{name}` here.", _similar(name))
    if "missing required field" in message:
        return _Fault(place, "missing_key", f"`{name}` is missing here.", f"Add `{name}: …`.")
    if "Invalid value" in message or "Invalid enum value" in message:
        return _Fault(place, "wrong_value", f"{message}.", _choices(place))
    return _Fault(place, "wrong_type", f"{message}.", _as_type(message))


def _similar(name: str) -> str:
    close = difflib.get_close_matches(name, sorted(ATTRIBUTES), 1)
    hint = f"Did you mean `{close[0]}`? " if close else "Remove it. "
    return f"{hint}docs/how-to/workflow-files.md lists what belongs where."


def _choices(place: Place) -> str:
    if place and place[-1] == "type":
        kinds = field_types.ALL if "fields" in place else step_types.ALL
        return f"Choose from: {', '.join(str(kind.__struct_config__.tag) for kind in kinds)}."
    return "docs/how-to/workflow-files.md lists the values."


def _as_type(message: str) -> str:
    if message.startswith("Expected `str`"):
        return "Put the text in quotes."
    if message.startswith("Expected `array`"):
        return "Write a list: each item on its own line after `- `."
    if message.startswith("Expected `object`"):
        return "Write `key: value` pairs, further in than this line."
    return "Write a value of that type."


def _found(fault: _Fault, path: str, source: YamlText) -> FileFinding:
    finding = Finding(fault.code, fault.message, fault.remedy)
    return FileFinding(path, source.line_of(fault.place), finding)


def _tidy(value: Plain) -> Plain:
    """In the order of reading: names first, long parts last."""
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    first = [key for key in _FIRST if key in value]
    last = [key for key in _LAST if key in value]
    middle = [key for key in value if key not in (*first, *last)]
    return {key: _tidy(value[key]) for key in (*first, *middle, *last)}


_BEGIN = "Begin it with `key:`, `name:` and `steps:`; see docs/how-to/workflow-files.md."
