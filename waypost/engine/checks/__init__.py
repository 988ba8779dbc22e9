"""The check: everything about a workflow that would not work, before anybody runs it.

Pure; what needs the database or other parts of the program is added by `workflows.check`. Each file
is a subject; a new check is a function `(Workflow) -> Iterator[Finding]` and its line in `CHECKS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from waypost.engine.checks.answers import answer_findings
from waypost.engine.checks.certainty import certainty_findings
from waypost.engine.checks.conditions import condition_findings
from waypost.engine.checks.fields import field_findings
from waypost.engine.checks.filling import filling_findings
from waypost.engine.checks.groups import group_findings
from waypost.engine.checks.moments import moment_findings
from waypost.engine.checks.names import key_findings, name_findings
from waypost.engine.checks.own_ids import own_id_findings
from waypost.engine.checks.paths import path_findings
from waypost.engine.checks.people import people_findings
from waypost.engine.checks.placeholders import placeholder_findings
from waypost.engine.checks.public_texts import public_text_findings
from waypost.engine.checks.references import reference_findings
from waypost.engine.checks.reports import report_findings
from waypost.engine.checks.requests import request_findings
from waypost.engine.checks.routing import routing_findings
from waypost.engine.checks.targets import target_findings
from waypost.engine.checks.values import value_findings
from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding

Check: TypeAlias = Callable[[Workflow], Iterator[Finding]]
CheckBetween: TypeAlias = Callable[[Workflow, Mapping[str, Workflow]], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    name_findings,
    group_findings,
    people_findings,
    moment_findings,
    field_findings,
    routing_findings,
    condition_findings,
    certainty_findings,
    path_findings,
    reference_findings,
    request_findings,
    placeholder_findings,
    value_findings,
    target_findings,
    filling_findings,
    public_text_findings,
)
#: Those that also look into the other workflows that are known, by key.
CHECKS_BETWEEN: tuple[CheckBetween, ...] = (
    own_id_findings,
    answer_findings,
    report_findings,
)


def check_workflow(
    workflow: Workflow,
    further: Iterable[Finding] = (),
    others: Mapping[str, Workflow] | None = None,
    unseen: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    """Every finding that the workflow does not acknowledge, in the order of its parts.

    `further` are findings of other layers, acknowledged in the same way; `others` are the workflows
    that this one starts, or is started by, by key; `unseen` are codes that could not be looked for.
    """
    found = [*key_findings(workflow)]
    # Keys that stand twice would make every later finding point at the wrong step.
    if not found:
        found = [finding for check in CHECKS for finding in check(workflow)]
        found += [one for check in CHECKS_BETWEEN for one in check(workflow, others or {})]
        found += further
    silenced = set(workflow.acknowledged)
    kept = [one for one in found if not _is_acknowledged(one, silenced)]
    return tuple(_in_order(workflow, [*kept, *_idle_acknowledgements(workflow, found, unseen)]))


def errors_in(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that keep a workflow from being published."""
    return tuple(one for one in findings if one.severity == "error")


def _is_acknowledged(finding: Finding, silenced: set[str]) -> bool:
    is_named = bool(
        {finding.code, finding.acknowledgement, f"{finding.code}:{finding.step}"} & silenced
    )
    return finding.severity == "warning" and is_named


def _idle_acknowledgements(
    workflow: Workflow, found: list[Finding], unseen: frozenset[str]
) -> Iterator[Finding]:
    for number, written in enumerate(workflow.acknowledged):
        if written.partition(":")[0] in unseen:
            continue
        if not any(_is_acknowledged(one, {written}) for one in found):
            yield Finding(
                "idle_acknowledgement",
                f"`{written}` acknowledges a warning that there is not.",
                "Remove it from `acknowledged`.",
                "warning",
                attribute=f"acknowledged.{number}",
            )


def _in_order(workflow: Workflow, findings: list[Finding]) -> list[Finding]:
    """As the parts stand in the workflow: each step before its fields."""
    places = {(step.key, ""): (place, -1) for place, step in enumerate(workflow.steps)}
    for place, step in enumerate(workflow.steps):
        places |= {(step.key, field.key): (place, n) for n, field in enumerate(step.fields)}
    return sorted(findings, key=lambda one: places.get((one.step, one.field), (-1, -1)))
