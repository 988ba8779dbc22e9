"""The check of credentials: stored, in use, and allowed where they are sent."""

from __future__ import annotations

from collections.abc import Iterator

from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.step_types.http_request import HttpRequest
from waypost.integrations.failures import RequestRefused
from waypost.integrations.target import origin_of
from waypost.workflows.checks.around import Surroundings


def credential_findings(workflow: Workflow, around: Surroundings) -> Iterator[Finding]:
    """Credentials that a call could not use."""
    for step in workflow.steps:
        if isinstance(step, HttpRequest) and step.credential:
            finding = _finding(step, around)
            if finding is not None:
                yield finding


def _finding(step: HttpRequest, around: Surroundings) -> Finding | None:
    name = step.credential
    if name in around.revoked:
        return _found(
            step,
            "revoked_credential",
            f"{step.name} uses the credential `{name}`, which was revoked.",
            "Enter a new secret for it, or choose another in the step.",
        )
    if name not in around.credentials:
        return _found(
            step,
            "missing_credential",
            f"{step.name} uses the credential `{name}`, which is not stored here.",
            f"Store a credential named {name}, or choose another in the step.",
        )
    allowed, origin = around.origins.get(name), _origin(step.url)
    if allowed and origin and origin not in allowed:
        return _found(
            step,
            "credential_elsewhere",
            f"The credential `{name}` of {step.name} may not be sent to {origin}.",
            f"Choose another, or add that address to it. It goes to {', '.join(sorted(allowed))}.",
        )
    return None


def _origin(url: str) -> str:
    try:
        return origin_of(url)
    except RequestRefused:
        return ""


def _found(step: HttpRequest, code: str, message: str, remedy: str) -> Finding:
    return Finding(code, message, remedy, "warning", step.key, attribute="credential")
