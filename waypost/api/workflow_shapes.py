"""Drafts, findings and versions in the words of the wire."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from waypost.api.shapes import moment
from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.json_value import JSON
from waypost.workflows.canonical import plain
from waypost.workflows.drafts import Draft
from waypost.workflows.queries import WorkflowSummary
from waypost.workflows.readable import DiffLine
from waypost.workflows.versions import VersionSummary


def workflow_url(workflow_id: int) -> str:
    """The URI of a workflow."""
    return f"{settings.PUBLIC_URL}/api/workflows/{workflow_id}/"


def workflow_row(summary: WorkflowSummary) -> dict[str, JSON]:
    """A workflow in a list."""
    return {
        "id": summary.id,
        "url": workflow_url(summary.id),
        "key": summary.key,
        "name": summary.name,
        "published_version": summary.version_number,
    }


def workflow_object(draft: Draft) -> dict[str, JSON]:
    """The draft of a workflow, with what the check says of it."""
    return {
        "id": draft.workflow_id,
        "url": workflow_url(draft.workflow_id),
        "key": draft.workflow.key,
        "name": draft.workflow.name,
        "published_version": draft.published_number,
        "revision": draft.revision,
        "definition": definition_of(draft.workflow),
        "findings": [finding_object(one) for one in draft.findings],
    }


def definition_of(workflow: Workflow) -> dict[str, JSON]:
    """The definition as its file has it: keys, no ids, nothing that is as by default."""
    return plain(workflow, has_ids=False) | {"format": workflow.format}


def check_object(findings: Iterable[Finding]) -> dict[str, JSON]:
    """What the check found."""
    found = tuple(findings)
    return {
        "is_publishable": all(one.severity != "error" for one in found),
        "findings": [finding_object(one) for one in found],
    }


def finding_object(finding: Finding) -> dict[str, JSON]:
    """One finding; places are keys."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "remedy": finding.remedy,
        "step": finding.step,
        "field": finding.field,
        "attribute": finding.attribute,
        "acknowledgement": finding.acknowledgement,
    }


def version_row(version: VersionSummary) -> dict[str, JSON]:
    """A version in a list."""
    return {
        "number": version.number,
        "published_time": moment(version.published_at),
        "published_by": version.published_by,
        "is_current": version.is_current,
    }


def change_object(line: DiffLine) -> dict[str, JSON]:
    """A difference in words."""
    return {"step": line.step, "text": line.text, "old": line.old, "new": line.new}
