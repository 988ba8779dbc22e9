"""The whole check of workflows: the engine's rules, JSONPath, and what only a workspace knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jsonpath import JSONPathEnvironment, JSONPathError
from msgspec import structs

from waypost.engine.checks import check_workflow, errors_in
from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.labels import resolve_labels, unescape_jsonpath
from waypost.engine.references import ids_in
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.texts import change_texts, texts_in
from waypost.workflows.dry_run.repeating import findings_of_dry_runs

_JSONPATH = JSONPathEnvironment(strict=True)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a workspace has that workflows name. `steps` maps workflow keys to step keys to field
    keys; `emails` are in small letters. `workflows` are those that calls may start, by key.
    """

    credentials: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    steps: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    workflows: Mapping[str, Workflow] = field(default_factory=dict)


def normalised(workflow: Workflow, stored: Collection[str] = ()) -> Workflow:
    """The workflow as it is stored: printed references as stored ones, names of variables and
    JSONPath without the backslashes of Markdown. Texts that were stored before stay as they are.
    """
    # First, because references call a variable by its plain name.
    plain = structs.replace(workflow, steps=tuple(_unescaped(step) for step in workflow.steps))
    return change_texts(
        plain, lambda text: text if text in stored else resolve_labels(text, plain)[0]
    )


def findings_of(
    workflow: Workflow, surroundings: Surroundings | None = None
) -> tuple[Finding, ...]:
    """Everything wrong with a workflow; without surroundings only what it says itself."""
    further = [*_path_findings(workflow)]
    if surroundings is not None:
        further += _missing_credentials(workflow, surroundings)
        further += _unknown_people(workflow, surroundings)
        further += _unknown_ids(workflow, surroundings)
    return check_workflow(workflow, further)


def findings_before_publishing(
    workflow: Workflow, surroundings: Surroundings | None, others: Mapping[str, Workflow]
) -> tuple[Finding, ...]:
    """The same, and every saved dry run that ends differently: they are repeated once nothing else
    is wrong, because a broken workflow cannot be played.
    """
    found = findings_of(workflow, surroundings)
    if errors_in(found):
        return found
    return found + findings_of_dry_runs(workflow, others)


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


def step_and_field_keys(workflow: Workflow) -> Mapping[str, frozenset[str]]:
    """The keys of the fields of each step, as `Surroundings.steps` holds them."""
    return {step.key: frozenset(one.key for one in step.fields) for step in workflow.steps}


def _unescaped(step: AnyStep) -> AnyStep:
    variables = tuple(
        structs.replace(one, name=one.name.replace("\\_", "_"), path=unescape_jsonpath(one.path))
        for one in step.variables
    )
    return structs.replace(step, variables=variables)


def _path_findings(workflow: Workflow) -> Iterator[Finding]:
    for step in workflow.steps:
        for number, variable in enumerate(step.variables):
            problem = _path_problem(unescape_jsonpath(variable.path))
            if problem:
                yield Finding(
                    "invalid_jsonpath",
                    f"`{variable.path}` is no JSONPath: {problem}.",
                    "Write a path from the root, such as $.id or $.items[0].name.",
                    step=step.key,
                    attribute=f"variables.{number}.path",
                )


def _path_problem(path: str) -> str:
    if not path.startswith("$"):
        return "it does not begin with $"
    try:
        _JSONPATH.compile(path)
    except JSONPathError as error:
        return str(error).partition("\n")[0].rstrip(".")
    except RecursionError:
        return "it is nested too deep"
    return ""


def _missing_credentials(workflow: Workflow, around: Surroundings) -> Iterator[Finding]:
    for step in workflow.steps:
        name = step.credential if isinstance(step, HttpRequest) else ""
        if name and name not in around.credentials:
            yield Finding(
                "missing_credential",
                f"{step.name} uses the credential `{name}`, which is not stored here.",
                f"Store a credential named {name}, or choose another in the step.",
                "warning",
                step.key,
                attribute="credential",
            )


def _unknown_people(workflow: Workflow, around: Surroundings) -> Iterator[Finding]:
    for step, attribute, named in people_named(workflow):
        kind, _, email = named.partition(":")
        if kind == "user" and email.lower() not in around.emails:
            yield Finding(
                "unknown_user",
                f"{email} is no member of this workspace.",
                "Invite them first, or name somebody else.",
                step=step,
                attribute=attribute,
            )


def _unknown_ids(workflow: Workflow, around: Surroundings) -> Iterator[Finding]:
    for path, step, field_key, attribute in paths_in(workflow):
        key, *rest = path.split("/")
        if key == workflow.key or _is_known(around, key, rest):
            continue
        yield Finding(
            "unknown_id",
            f"{{{{=id {path}}}}} names something that this workspace does not have.",
            f"Import {key} too, in the same command or before.",
            step=step,
            field=field_key,
            attribute=attribute,
        )


def _is_known(around: Surroundings, key: str, rest: list[str]) -> bool:
    steps = around.steps.get(key)
    if steps is None or not rest:
        return steps is not None
    fields = steps.get(rest[0])
    return fields is not None and (len(rest) == 1 or rest[1] in fields)
