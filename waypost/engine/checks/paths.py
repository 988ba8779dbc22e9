"""The check of ways through the workflow: steps out of reach, links nobody gets, endless rounds."""

from __future__ import annotations

from collections.abc import Iterator

from waypost.engine.definition import Workflow
from waypost.engine.field_types.routing import Routing
from waypost.engine.finding import Finding
from waypost.engine.instance import Status
from waypost.engine.reasoning import Ended, Every, Worlds, ends_before, worlds_of
from waypost.engine.references import PUBLIC_URL, references_in
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import containers_of, holds_up
from waypost.engine.texts import step_texts

_NOT_DONE = frozenset({Status.SKIPPED, Status.FAILED_SKIPPED})


def path_findings(workflow: Workflow) -> Iterator[Finding]:
    """Steps that are never reached, and steps that wait for somebody who does not know."""
    yield from _unreached(workflow)
    yield from _untold(workflow)


def _unreached(workflow: Workflow) -> Iterator[Finding]:
    """The first step that each routing always leaves out, with how many follow it."""
    for step in workflow.steps:
        routing = _only_way(workflow, step)
        if routing is None:
            continue
        later = [one for one in workflow.steps if ends_before(workflow, step.key, one.key)]
        left_out = later[: _next_reached(workflow, routing, later)]
        if left_out:
            more = f" and {len(left_out) - 1} more" if len(left_out) > 1 else ""
            yield Finding(
                "unreachable_step",
                f"No button of {step.name} leads on to {left_out[0].name}{more}.",
                f"Give {step.name} a button that continues, or remove what is never reached.",
                "warning",
                left_out[0].key,
            )


def _only_way(workflow: Workflow, step: AnyStep) -> Routing | None:
    """The routing that everybody who gets past the step has to answer; None if there are ways
    around it.
    """
    ways = [field for field in step.fields if isinstance(field, Routing)]
    held = (step, *containers_of(workflow, step.key))
    if len(ways) != 1 or any(one.condition or not holds_up(workflow, one) for one in held):
        return None
    is_asked = ways[0].is_required and ways[0].condition is None and ways[0].buttons
    return ways[0] if is_asked else None


def _next_reached(workflow: Workflow, routing: Routing, later: list[AnyStep]) -> int:
    """How many of the later steps come before the first that a button leads to."""
    places = [len(later)]
    for button in routing.buttons:
        if button.action == "complete":
            places.append(0)
        if button.action == "skip_forward":
            places += [n for n, one in enumerate(later) if one.key == button.target]
    return min(places)


def _untold(workflow: Workflow) -> Iterator[Finding]:
    worlds = worlds_of(workflow)
    told = _told_by(workflow)
    for step in workflow.steps:
        if step.is_external and step.waits_for == "person" and not step.holds:
            tellers = [one for one in told.get(step.key, []) if _in_time(workflow, one, step)]
            finding = _untold_finding(worlds, step, tellers)
            if finding is not None:
                yield finding


def _told_by(workflow: Workflow) -> dict[str, list[AnyStep]]:
    """The steps whose texts hold the public link of each step."""
    found: dict[str, list[AnyStep]] = {}
    for step in workflow.steps:
        for placed in step_texts(step):
            for reference in references_in(placed.text):
                if reference.name == PUBLIC_URL and step.key != reference.step:
                    listed = found.setdefault(reference.step, [])
                    listed += [] if step in listed else [step]
    return found


def _in_time(workflow: Workflow, teller: AnyStep, step: AnyStep) -> bool:
    """Whether the link can be told while the step still waits for it."""
    return not ends_before(workflow, step.key, teller.key)


def _untold_finding(worlds: Worlds, step: AnyStep, tellers: list[AnyStep]) -> Finding | None:
    if not tellers:
        return Finding(
            "untold_form",
            f"{step.name} waits for somebody outside, but nothing tells them where it is.",
            f"Put the public link {{{{={step.key}.{PUBLIC_URL}}}}} into a mail or text before it, "
            "or acknowledge this if a colleague passes the link on.",
            "warning",
            step.key,
            attribute="assignee",
        )
    # Who was shown the link in a form before may not wait for it any more; a mail is the summons.
    counted = [one for one in tellers if one.waits_for == "call"] or tellers
    silent = tuple(Ended(one.key, _NOT_DONE) for one in counted)
    if not worlds.possible(Every((worlds.ran(step), *silent))):
        return None
    names = ", ".join(one.name for one in counted)
    return Finding(
        "telling_may_be_skipped",
        f"{step.name} may start without {names}, and then waits for somebody who was not told.",
        f"Give {step.name} the condition of {counted[0].name}, or tell them in every case.",
        "warning",
        step.key,
        attribute="condition",
    )
