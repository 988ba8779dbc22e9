"""The check of what conditions can come to: those that never or always hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from waypost.engine.checks.conditions import faults_of
from waypost.engine.conditions import Condition, Rule
from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.reasoning import RAN, Ended, Every, Formula, Not, Worlds, worlds_of
from waypost.engine.sentences import condition_phrase
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import containers_of

#: Conditions with more rules are only looked at as a whole.
_MOST_RULES = 8


def certainty_findings(workflow: Workflow) -> Iterator[Finding]:
    """Conditions of steps and fields whose outcome is settled before anything has happened."""
    worlds = worlds_of(workflow)
    for step in workflow.steps:
        around = tuple(Ended(one.key, RAN) for one in containers_of(workflow, step.key))
        asked = _Asked(workflow, worlds, step, around)
        yield from asked.findings(step.condition)
        within = replace(asked, given=(*around, Ended(step.key, RAN)))
        for field in step.fields:
            for finding in within.findings(field.condition):
                yield replace(finding, field=field.key)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The turn of one step; `given` is what has come about by then."""

    workflow: Workflow
    worlds: Worlds
    step: AnyStep
    given: tuple[Formula, ...]

    def findings(self, condition: Condition | None) -> Iterator[Finding]:
        """What is settled about a condition of the step."""
        if condition is None or not (condition.rules or condition.groups):
            return
        # What is wrong with a single rule is said already, and would only be said twice.
        if next(faults_of(self.workflow, self.step, condition), None) is not None:
            return
        whole = self.worlds.formula(condition)
        if not self._possible(whole):
            yield self._never(condition)
        elif not self._possible(Not(whole)):
            yield self._always()
        else:
            yield from self._dead_rules(condition)

    def _possible(self, formula: Formula) -> bool:
        wanted = Every((formula, *self.given))
        return self.worlds.possible(wanted, by_hand=True, now=self.step.key)

    def _never(self, condition: Condition) -> Finding:
        why = self._contradiction(condition)
        said = condition_phrase(why, self.workflow)
        return Finding(
            "never_holds",
            f"This can never hold, so {self.step.name} would always be passed: {said}.",
            "Change or remove one of these rules, or the condition of the step they look at.",
            "warning",
            self.step.key,
            attribute="condition",
        )

    def _always(self) -> Finding:
        return Finding(
            "always_holds",
            f"The condition in {self.step.name} holds whatever happens before.",
            "Remove it, or compare with something that can also be otherwise.",
            "warning",
            self.step.key,
            attribute="condition",
        )

    def _contradiction(self, condition: Condition) -> Condition:
        """As few of the rules as still contradict each other."""
        rules = condition.rules
        if condition.match == "any" or condition.groups or len(rules) > _MOST_RULES:
            return condition
        for rule in rules:
            fewer = tuple(one for one in rules if one is not rule)
            if fewer and not self._possible(self.worlds.formula(Condition(rules=fewer))):
                rules = fewer
        return Condition(rules=rules)

    def _dead_rules(self, condition: Condition) -> Iterator[Finding]:
        """Rules that never hold, beside others that may."""
        for place, rule in _placed(condition):
            alone = Condition(rules=(rule,))
            if not self._possible(self.worlds.formula(alone)):
                yield Finding(
                    "never_holds",
                    f"This can never hold: {condition_phrase(alone, self.workflow)}.",
                    "Remove the rule, or correct what it compares.",
                    "warning",
                    self.step.key,
                    attribute=place,
                )


def _placed(condition: Condition) -> Iterator[tuple[str, Rule]]:
    """The rules that may be dead although the whole may hold: not those that it needs."""
    is_needed = condition.match == "all"
    for number, rule in enumerate(condition.rules):
        if not is_needed and len(condition.rules) + len(condition.groups) > 1:
            yield f"condition.rules.{number}", rule
    for place, group in enumerate(condition.groups):
        if not is_needed or group.match == "any":
            for number, rule in enumerate(group.rules):
                yield f"condition.groups.{place}.rules.{number}", rule
