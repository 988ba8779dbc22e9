"""The check of people: leads and assignees that can be somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding

#: Whom a step may be for without naming anybody.
ROLES = ("workflow_lead", "instance_lead", "starter", "external")

_NAMED = re.compile(r"team:\s*\S.*|user:[^\s@]+@[^\s@]+")


def people_findings(workflow: Workflow) -> Iterator[Finding]:
    """Leads and assignees that are nobody."""
    yield from _lead_findings(workflow)
    for step in workflow.steps:
        if step.assignee not in ROLES and not _NAMED.fullmatch(step.assignee):
            yield Finding(
                "unknown_assignee",
                f"`{step.assignee}` is nobody.",
                f"Choose from {', '.join(ROLES)}, team:<name> and user:<e-mail>.",
                step=step.key,
                attribute="assignee",
            )


def _lead_findings(workflow: Workflow) -> Iterator[Finding]:
    for attribute in ("lead", "tech_lead"):
        written = getattr(workflow, attribute)
        if written and not _NAMED.fullmatch(written):
            yield Finding(
                "unknown_lead",
                f"`{written}` is nobody.",
                "Write user:<e-mail>, or team:<name>, or leave it out for whoever imports.",
                attribute=attribute,
            )
