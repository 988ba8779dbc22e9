"""Random workflows, played: what the reasoning calls impossible never happens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.engine.play import Play, a_workflow
from waypost.engine.checks.certainty import certainty_findings
from waypost.engine.commands import CompleteStep, SkipStep
from waypost.engine.definition import Workflow
from waypost.engine.events import StepActivated, StepSkipped
from waypost.engine.instance import OPEN
from waypost.engine.json_value import JSON
from waypost.engine.reasoning import Ended, Every, Worlds

Part = dict[str, object]

FIELDS: dict[str, Part] = {
    "choice": {"type": "radio", "items": ["A", "B"]},
    "open": {"type": "radio", "items": ["A"], "accepts_other": True, "accepts_empty": True},
    "text": {"type": "short_text"},
    "count": {"type": "number", "minimum": 0, "is_whole": True},
    "boxes": {"type": "checklist", "items": ["A", "B", "C"]},
    "day": {"type": "date"},
}
VALUES: dict[str, st.SearchStrategy[JSON]] = {
    "choice": st.sampled_from(["A", "B"]),
    "open": st.sampled_from(["A", "B", "ab", ""]),
    "text": st.sampled_from(["", "A", "AB", "xay", "b"]),
    "count": st.integers(0, 4),
    "boxes": st.lists(st.sampled_from(["A", "B", "C"]), unique=True).map(list[JSON]),
    "day": st.sampled_from(["2026-01-01", "2026-01-02", "2026-01-05"]),
}
WORDS = st.sampled_from(["A", "B", "ab", "a"])
NUMBERS = st.integers(-1, 4)
DATES = st.sampled_from(["2026-01-01", "2026-01-02"])
OPERATORS: dict[str, tuple[tuple[str, st.SearchStrategy[object]], ...]] = {
    "choice": (("is", WORDS), ("is_not", WORDS), ("is_any_of", WORDS.map(lambda one: [one]))),
    "open": (("is", WORDS), ("contains", WORDS), ("is_none_of", st.just(["A", "B"]))),
    "text": (
        *(("is", WORDS), ("starts_with", WORDS), ("ends_with", WORDS), ("contains", WORDS)),
        *(("does_not_contain", WORDS), ("matches", st.sampled_from(["^a", "b$"]))),
    ),
    "count": (("equals", NUMBERS), ("less_than", NUMBERS), ("at_least", NUMBERS)),
    "boxes": (
        *(("contains", WORDS), ("contains_all_of", st.just(["A", "B"]))),
        *(("is_exactly", st.just(["A"])), ("does_not_contain", WORDS)),
    ),
    "day": (("on", DATES), ("before", DATES), ("after", DATES)),
}


@st.composite
def rules(draw: st.DrawFn, place: int) -> Part:
    earlier = f"s{draw(st.integers(1, place - 1))}"
    if draw(st.integers(0, 4)) == 0:
        operator = draw(st.sampled_from(["was_completed", "was_skipped"]))
        return {"source": earlier, "operator": operator}
    name = draw(st.sampled_from(sorted(FIELDS)))
    source = f"{earlier}.{name}"
    if draw(st.integers(0, 4)) == 0:
        return {"source": source, "operator": draw(st.sampled_from(["is_empty", "is_not_empty"]))}
    operator, values = draw(st.sampled_from(OPERATORS[name]))
    return {"source": source, "operator": operator, "value": draw(values)}


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    return a_workflow(*(draw(forms(place)) for place in range(1, draw(st.integers(3, 6)))))


@st.composite
def forms(draw: st.DrawFn, place: int) -> Part:
    required = draw(st.sets(st.sampled_from(sorted(FIELDS))))
    fields = [{"key": key, "is_required": key in required} | one for key, one in FIELDS.items()]
    form: Part = {"key": f"s{place}", "fields": fields, "is_blocking": draw(st.integers(0, 3)) > 0}
    if place > 1 and draw(st.integers(0, 3)) > 0:
        match = draw(st.sampled_from(["all", "any"]))
        chosen = draw(st.lists(rules(place), min_size=1, max_size=3))
        form["condition"] = {"match": match, "rules": chosen}
    return form


def played(workflow: Workflow, data: st.DataObject) -> Play:
    """One way through: each open step is completed, or passed by hand, in any order."""
    play = Play(workflow).start()
    for _ in range(2 * len(workflow.steps)):
        waiting = [key for key, run in play.instance.runs.items() if run.status in OPEN]
        if not waiting:
            break
        key = data.draw(st.sampled_from(sorted(waiting)))
        if data.draw(st.integers(0, 5)) == 0:
            play.do(SkipStep(key))
            continue
        values = {name: data.draw(one) for name, one in VALUES.items()}
        play.do(CompleteStep(key, dict[str, JSON](values), by="person"))
    return play


@given(workflow=workflows(), data=st.data())
def test_what_is_called_settled_never_goes_the_other_way(
    workflow: Workflow, data: st.DataObject
) -> None:
    settled = {
        one.step: one.code for one in certainty_findings(workflow) if one.attribute == "condition"
    }

    play = played(workflow, data)

    began = {event.step for event, _ in play.history if isinstance(event, StepActivated)}
    passed = {
        event.step
        for event, _ in play.history
        if isinstance(event, StepSkipped) and event.because == "condition"
    }
    assert not {step for step, code in settled.items() if code == "never_holds"} & began
    assert not {step for step, code in settled.items() if code == "always_holds"} & passed


@given(workflow=workflows(), data=st.data())
def test_every_way_that_is_gone_is_possible(workflow: Workflow, data: st.DataObject) -> None:
    worlds = Worlds(workflow)

    play = played(workflow, data)

    ended = {key: run.status for key, run in play.instance.runs.items() if run.status not in OPEN}
    gone = Every(tuple(Ended(key, frozenset({status})) for key, status in ended.items()))
    assert worlds.possible(gone, by_hand=True), ended
