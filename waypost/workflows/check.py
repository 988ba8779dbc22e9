"""The whole check of workflows: the engine's rules, JSONPath, providers, and the workspace."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import structs

from waypost.engine.checks import check_workflow, errors_in
from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.labels import resolve_labels, unescape_jsonpath
from waypost.engine.step_types import AnyStep
from waypost.engine.texts import change_texts
from waypost.workflows.checks.around import Surroundings, others_named, paths_in, people_named
from waypost.workflows.checks.credentials import credential_findings
from waypost.workflows.checks.json_paths import json_path_findings
from waypost.workflows.checks.names import id_findings, people_findings
from waypost.workflows.checks.providers import provider_findings
from waypost.workflows.checks.servers import server_findings
from waypost.workflows.dry_run.repeating import findings_of_dry_runs

__all__ = [
    "Surroundings",
    "docs_url",
    "findings_before_publishing",
    "findings_of",
    "normalised",
    "paths_in",
    "people_named",
]

CheckAround: TypeAlias = Callable[[Workflow, Surroundings], Iterator[Finding]]

CHECKS = (json_path_findings, provider_findings)
CHECKS_AROUND: tuple[CheckAround, ...] = (
    credential_findings,
    people_findings,
    id_findings,
    server_findings,
)
#: Warnings that only a workspace shows, or only the other workflow: an acknowledgement of one is
#: not idle where these are not known.
OF_WORKSPACES = frozenset(
    {"missing_credential", "revoked_credential", "credential_elsewhere", "other_server"}
)
OF_OTHERS = frozenset({"nobody_answers", "radio_may_refuse", "empty_into_radio", "may_be_empty"})


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
    workflow: Workflow,
    surroundings: Surroundings | None = None,
    others: Mapping[str, Workflow] | None = None,
) -> tuple[Finding, ...]:
    """Everything wrong with a workflow; without surroundings only what it says itself, beside the
    `others`.
    """
    further = [finding for check in CHECKS for finding in check(workflow)]
    if surroundings is not None:
        further += [one for check in CHECKS_AROUND for one in check(workflow, surroundings)]
        others = surroundings.workflows if others is None else others
    known = {key: one for key, one in (others or {}).items() if key != workflow.key}
    unseen = OF_WORKSPACES if surroundings is None else frozenset[str]()
    if not known or others_named(workflow) - set(known):
        unseen |= OF_OTHERS
    return check_workflow(workflow, further, known, unseen)


def findings_before_publishing(
    workflows: Iterable[Workflow], surroundings: Surroundings | None, others: Mapping[str, Workflow]
) -> dict[str, tuple[Finding, ...]]:
    """The same by workflow key, and every saved dry run that ends differently.

    Dry runs are repeated where nothing else is wrong: what is broken cannot be played.
    """
    listed = tuple(workflows)
    found = {one.key: findings_of(one, surroundings, others) for one in listed}
    broken = {key for key, findings in found.items() if errors_in(findings)}
    sound = {key: one for key, one in others.items() if key not in broken}
    for workflow in listed:
        if workflow.key not in broken:
            found[workflow.key] += findings_of_dry_runs(workflow, sound)
    return found


def docs_url(code: str) -> str:
    """Where the product explains a finding."""
    return f"/help/findings/#{code}"


def _unescaped(step: AnyStep) -> AnyStep:
    variables = tuple(
        structs.replace(one, name=one.name.replace("\\_", "_"), path=unescape_jsonpath(one.path))
        for one in step.variables
    )
    return structs.replace(step, variables=variables)
