"""What a step says about other steps, said about the ones that took their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as changed

from msgspec.structs import replace

from waypost.engine.conditions import Condition, Rule
from waypost.engine.definition import Workflow
from waypost.engine.dry_run import AdvanceMove, DryRun, ExpectedRun, Move
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.routing import Routing
from waypost.engine.moment import Moment
from waypost.engine.references import Reference, change_id_paths, parse
from waypost.engine.step_types import AnyStep
from waypost.engine.texts import change_texts


def repointed(step: AnyStep, keys: Mapping[str, str]) -> AnyStep:
    """The step with every mention of an old key of `keys` as one of its new key."""
    step = change_texts(_alone(step), lambda text: _text(text, keys)).steps[0]
    return replace(
        step,
        condition=_condition(step.condition, keys),
        schedule=_moment(step.schedule, keys),
        deadline=_moment(step.deadline, keys),
        fields=tuple(_field(field, keys) for field in step.fields),
    )


def with_key(workflow: Workflow, key: str, step_keys: Mapping[str, str] | None = None) -> Workflow:
    """The workflow under another key; the literal ids of its own parts follow, and so do those of
    steps that got new keys.
    """
    steps = step_keys or {}

    def moved(path: str) -> str:
        own, *rest = path.split("/")
        if own != workflow.key:
            return path
        return "/".join((key, *(steps.get(one, one) for one in rest[:1]), *rest[1:]))

    renamed = {workflow.key: key}
    runs = tuple(repointed_run(one, workflow.key, renamed, steps) for one in workflow.dry_runs)
    changed = change_texts(workflow, lambda text: change_id_paths(text, moved))
    return replace(changed, key=key, dry_runs=runs)


def _alone(step: AnyStep) -> Workflow:
    return Workflow(key="alone", name="", steps=(step,))


def _text(text: str, keys: Mapping[str, str]) -> str:
    return "".join(
        str(changed(part, step=keys.get(part.step, part.step)))
        if isinstance(part, Reference)
        else part
        for part in parse(text)
    )


def _source(source: str, keys: Mapping[str, str]) -> str:
    step, dot, rest = source.partition(".")
    return f"{keys.get(step, step)}{dot}{rest}"


def _condition(condition: Condition | None, keys: Mapping[str, str]) -> Condition | None:
    if condition is None:
        return None
    groups = tuple(replace(one, rules=_rules(one.rules, keys)) for one in condition.groups)
    return replace(condition, rules=_rules(condition.rules, keys), groups=groups)


def _rules(rules: tuple[Rule, ...], keys: Mapping[str, str]) -> tuple[Rule, ...]:
    return tuple(replace(rule, source=_source(rule.source, keys)) for rule in rules)


def _moment(moment: Moment | None, keys: Mapping[str, str]) -> Moment | None:
    return moment and replace(moment, source=_source(moment.source, keys))


def _field(field: AnyField, keys: Mapping[str, str]) -> AnyField:
    field = replace(field, condition=_condition(field.condition, keys))
    if not isinstance(field, Routing):
        return field
    buttons = tuple(
        replace(one, target=keys.get(one.target, one.target), target_id=0) for one in field.buttons
    )
    return replace(field, buttons=buttons)


def repointed_run(
    run: DryRun, own: str, renamed: Mapping[str, str], steps: Mapping[str, str]
) -> DryRun:
    """A dry run with new keys of workflows, and of steps of its own workflow."""

    def move(one: Move) -> Move:
        if isinstance(one, AdvanceMove):
            return one
        key = steps.get(one.step, one.step) if one.workflow in ("", own) else one.step
        return replace(one, step=key, workflow=renamed.get(one.workflow, one.workflow))

    def expected(one: ExpectedRun) -> ExpectedRun:
        keys = steps if one.workflow == own else {}
        return replace(
            one,
            workflow=renamed.get(one.workflow, one.workflow),
            steps={keys.get(key, key): status for key, status in one.steps.items()},
            values={_moved_value(path, keys): text for path, text in one.values.items()},
        )

    moves, expects = map(move, run.moves), map(expected, run.expects)
    return replace(run, moves=tuple(moves), expects=tuple(expects))


def _moved_value(path: str, keys: Mapping[str, str]) -> str:
    step, dot, name = path.partition(".")
    return keys.get(step, step) + dot + name
