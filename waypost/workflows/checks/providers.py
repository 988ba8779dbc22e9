"""The check of what is known about providers: calls that do not do the same a second time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from waypost.engine.definition import Workflow
from waypost.engine.field_types.routing import Routing
from waypost.engine.finding import Finding
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest
from waypost.integrations.failures import RequestRefused
from waypost.integrations.providers import ALL
from waypost.integrations.target import read_target


def provider_findings(workflow: Workflow) -> Iterator[Finding]:
    """Returns to before a call that the provider answers otherwise while its first one stands."""
    place = workflow.position_by_key
    repeated = [(step, said) for step in workflow.steps if (said := _again(step))]
    for step in workflow.steps if repeated else ():
        for field in step.fields:
            for number, button in enumerate(field.buttons if isinstance(field, Routing) else ()):
                target = place.get(button.target, len(place))
                passed = [one for one in repeated if target <= place[one[0].key] < place[step.key]]
                if button.action == "return" and passed:
                    call, said = passed[0]
                    yield Finding(
                        "not_anew",
                        f"“{button.label}” calls {call.name} again: {said}",
                        "Say so in the text beside the button, and acknowledge this.",
                        "warning",
                        step.key,
                        field.key,
                        f"buttons.{number}",
                    )


def _again(step: AnyStep) -> str:
    return _said(step.method, step.url) if isinstance(step, HttpRequest) else ""


@lru_cache(maxsize=1024)
def _said(method: str, url: str) -> str:
    """What the provider does at a second call; empty for all others."""
    try:
        target = read_target(url)
    except RequestRefused:
        return ""
    provider = next((one for one in ALL if target.origin in one.origins), None)
    call = provider.call_for(method, target.path) if provider else None
    return call.again if call else ""
