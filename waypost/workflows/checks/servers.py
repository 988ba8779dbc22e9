"""The check of calls that are meant for this server: that they come back to it."""

from __future__ import annotations

from collections.abc import Iterator

from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.own_calls import completion_of, launch_of
from waypost.engine.references import ids_in
from waypost.engine.step_types.http_request import HttpRequest
from waypost.integrations.failures import RequestRefused
from waypost.integrations.target import origin_of
from waypost.workflows.checks.around import Surroundings


def server_findings(workflow: Workflow, around: Surroundings) -> Iterator[Finding]:
    """Calls with ids of ours that go to somebody else."""
    for step in workflow.steps if around.own_origins else ():
        if not isinstance(step, HttpRequest) or not _names_ours(step):
            continue
        origin = _origin(step.url)
        if origin and origin not in around.own_origins:
            yield Finding(
                "other_server",
                f"{step.name} asks {origin} for a step or instance of this server.",
                f"Write {' or '.join(sorted(around.own_origins))} at the beginning of the URL.",
                "warning",
                step.key,
                attribute="url",
            )


def _names_ours(step: HttpRequest) -> bool:
    """Whether a call shaped like our API's names our own instance or ids."""
    completion = completion_of(step)
    if completion is not None and completion.is_own:
        return True
    is_shaped = completion is not None or launch_of(step) is not None
    return is_shaped and bool(ids_in(step.body) or ids_in(step.url))


def _origin(url: str) -> str:
    try:
        return origin_of(url)
    except RequestRefused:
        return ""
