"""The check of people, workflows and steps that a workflow names: that the workspace has them."""

from __future__ import annotations

from collections.abc import Iterator

from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.workflows.checks.around import Surroundings, paths_in, people_named


def people_findings(workflow: Workflow, around: Surroundings) -> Iterator[Finding]:
    """People who are no members."""
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


def id_findings(workflow: Workflow, around: Surroundings) -> Iterator[Finding]:
    """Ids of other workflows that lead nowhere."""
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
    workflow = around.workflows.get(key)
    if workflow is None or not rest:
        return workflow is not None
    step = workflow.step_by_key.get(rest[0])
    return step is not None and (len(rest) == 1 or step.field(rest[1]) is not None)
