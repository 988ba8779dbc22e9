"""The check of workflows that start each other: that somebody answers, and only once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from waypost.engine.definition import Workflow
from waypost.engine.field_types.routing import Routing
from waypost.engine.finding import Finding
from waypost.engine.own_calls import Completion, Launch, completion_of, own_calls
from waypost.engine.own_places import Place, Places
from waypost.engine.reasoning import Every, Worlds, worlds_of
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest


def report_findings(workflow: Workflow, others: Mapping[str, Workflow]) -> Iterator[Finding]:
    """Reports that are missing, made twice or refused, and launches that are made twice."""
    worlds = worlds_of(workflow)
    reports = list(_reports(workflow))
    if reports:
        yield from _unreported(worlds, reports)
        yield from _twice(worlds, reports)
    places = Places(workflow, others)
    yield from _unanswered(places)
    yield from _started_again(places)


def _reports(workflow: Workflow) -> Iterator[tuple[HttpRequest, Completion]]:
    """Calls that complete a step of the instance that some field of ours names."""
    for step in own_calls(workflow.steps, Completion):
        call = completion_of(step)
        asked = call.instance.reference if call else None
        source = workflow.step_by_key.get(asked.step) if asked else None
        if call and asked and source and source.field(asked.name):
            yield step, call


def _unreported(worlds: Worlds, reports: list[tuple[HttpRequest, Completion]]) -> Iterator[Finding]:
    silent = Every(tuple(worlds.skipped(step) for step, _ in reports))
    if worlds.possible(silent):
        names = ", ".join(step.name for step, _ in reports)
        yield Finding(
            "may_end_unreported",
            f"The workflow can end without any of its reports ({names}): the instance that waits "
            "for one waits for ever.",
            "Let the conditions of the reports cover every case between them.",
            "warning",
            reports[-1][0].key,
            attribute="condition",
        )


def _twice(worlds: Worlds, reports: list[tuple[HttpRequest, Completion]]) -> Iterator[Finding]:
    """Reports to one step that may both be made; the second is refused."""
    reported: set[str] = set()
    for (first, one), (second, other) in combinations(reports, 2):
        is_same = (one.instance, one.step) == (other.instance, other.step)
        if not is_same or second.on_failure == "skip" or second.key in reported:
            continue
        if worlds.possible(Every((worlds.ran(first), worlds.ran(second)))):
            reported.add(second.key)
            yield Finding(
                "double_report",
                f"{first.name} and {second.name} may both report to the same step; the second is "
                "refused, because the step is completed.",
                "Make their conditions exclude each other, or skip the second on failure.",
                "warning",
                second.key,
                attribute="on_failure",
            )


def _unanswered(places: Places) -> Iterator[Finding]:
    """Steps of ours that are named to an instance which never reports."""
    children = places.children()
    for step in own_calls(places.workflow.steps, Completion):
        call = completion_of(step)
        child = None if call is None or call.is_own else places.instance_of(call)
        if call is None or child is None or child.key not in {c.key for c in children.values()}:
            continue
        if any(_reports(child)):
            continue
        for waiting in _handed_out(places, call):
            yield Finding(
                "nobody_answers",
                f"{waiting.name} waits for {child.name}, which never completes a step elsewhere.",
                f"Add a call to {child.name} that completes {waiting.name} with the outcome.",
                "warning",
                waiting.key,
            )


def _handed_out(places: Places, call: Completion) -> Iterator[AnyStep]:
    """The steps of ours whose ids the call gives away."""
    for filled in call.filled:
        leads = places.at(filled.value, "step") if filled.value else None
        if isinstance(leads, Place) and leads.workflow is places.workflow and leads.field is None:
            yield leads.step


def _started_again(places: Places) -> Iterator[Finding]:
    """Returns past a launch whose answer a step waits for."""
    workflow = places.workflow
    calls = [completion_of(step) for step in own_calls(workflow.steps, Completion)]
    waits = any(
        True for call in calls if call and not call.is_own for _ in _handed_out(places, call)
    )
    launches = list(own_calls(workflow.steps, Launch)) if waits else []
    for step, field, number, target in _returns(workflow):
        place = workflow.position_by_key
        for launch in launches:
            if place[target] <= place[launch.key] < place[step.key]:
                finding = Finding(
                    "starts_again",
                    f"“{field.buttons[number].label}” passes {launch.name} again: a second "
                    "instance starts while the first may still be running, and what that one "
                    "reports is refused.",
                    "Stop the first instance, or return behind the launch; acknowledge it if the "
                    "first has always ended.",
                    "warning",
                    step.key,
                    field.key,
                )
                yield replace(finding, attribute=f"buttons.{number}")


def _returns(workflow: Workflow) -> Iterator[tuple[AnyStep, Routing, int, str]]:
    """Every button that returns: its step, field, place, and where it leads."""
    for step in workflow.steps:
        for field in step.fields:
            for number, button in enumerate(field.buttons if isinstance(field, Routing) else ()):
                is_known = button.target in workflow.position_by_key
                if button.action == "return" and is_known and isinstance(field, Routing):
                    yield step, field, number, button.target
