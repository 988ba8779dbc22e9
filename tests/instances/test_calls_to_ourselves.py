"""Calls to ourselves: whose child an instance is, and answers that come too late."""

from __future__ import annotations

import pytest

from tests.instances.makers import Place, a_call, a_form, a_place, published, started
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.json_value import JSON
from waypost.engine.step_types.form import Form
from waypost.instances.actions import Done, NewInstance, complete_step, start_instance
from waypost.instances.answers import ApiCall
from waypost.instances.detail import InstanceDetail
from waypost.instances.queries import children
from waypost.instances.starting import DEEPEST
from waypost.integrations.origin_header import CallOrigin


def from_step(instance: InstanceDetail, step: str, visit: int = 1) -> ApiCall:
    """A call that this visit makes."""
    return ApiCall(CallOrigin(instance.row.uid, step, visit))


def a_child(place: Place, workflow: Workflow, call: ApiCall) -> InstanceDetail:
    """An instance that a call has started."""
    outcome = start_instance(place.lead, workflow.id, NewInstance(name="Child"), call)
    assert isinstance(outcome, Done), outcome
    return outcome.instance


def a_main(place: Place) -> InstanceDetail:
    """Launch, then a form for the outcome, then one that can return to the launch."""
    back = Button(label="Back", action="return", target="launch")
    on = Button(label="On", action="complete")
    routing = Routing(key="way", name="Way", buttons=(back, on))
    launch = a_call("launch", is_blocking=False)
    ask = Form(key="route", name="Route", fields=(routing,))
    outcome = a_form("outcome", is_blocking=False)
    return started(place, published(place, launch, outcome, ask))


@pytest.mark.django_db(transaction=True)
def test_a_visit_starts_one_child() -> None:
    place = a_place()
    main = a_main(place)
    workflow = published(place, a_form())

    child = a_child(place, workflow, from_step(main, "launch"))
    again = a_child(place, workflow, from_step(main, "launch"))

    assert again.id == child.id
    launch = main.workflow.steps[0]
    assert (child.row.parent_id, child.row.parent_step_id) == (main.id, launch.id)
    assert (child.row.parent_visit, child.row.depth) == (1, 1)
    assert [row.id for row in children(place.lead, main.id)] == [child.id]


@pytest.mark.django_db
def test_children_of_children_end_at_the_depth_limit() -> None:
    place = a_place()
    workflow = published(place, a_call("launch"))
    instance = started(place, workflow)
    for _ in range(DEEPEST):
        instance = a_child(place, workflow, from_step(instance, "launch"))

    call = from_step(instance, "launch")
    outcome = start_instance(place.lead, workflow.id, NewInstance(name="x"), call)

    assert isinstance(outcome, Refusal)
    assert outcome.code == "too_deep"


@pytest.mark.django_db
def test_a_call_whose_visit_is_over_completes_nothing() -> None:
    place = a_place()
    workflow = published(place, a_call("report", is_blocking=False), a_form())
    instance = started(place, workflow)
    step_id = workflow.steps[1].id

    late = complete_step(
        place.lead, instance.id, step_id, {}, call=from_step(instance, "report", visit=2)
    )
    now = complete_step(place.lead, instance.id, step_id, {}, call=from_step(instance, "report"))

    assert isinstance(late, Refusal)
    assert late.code == "superseded"
    assert isinstance(now, Done)
    assert now.instance.state.run("ask").by == "call"


@pytest.mark.django_db
def test_a_child_of_a_visit_that_a_return_has_reset_answers_nothing() -> None:
    place = a_place()
    main = a_main(place)
    flow = published(place, a_call("report"))
    old = a_child(place, flow, from_step(main, "launch"))
    outcome_id, route = main.workflow.steps[1].id, main.workflow.steps[2]
    back: dict[int, JSON] = {route.fields[0].id: {"action": "return"}}
    returned = complete_step(place.lead, main.id, route.id, back)
    assert isinstance(returned, Done)
    assert returned.instance.state.run("launch").visit == 2

    stale = complete_step(place.lead, main.id, outcome_id, {}, call=from_step(old, "report"))
    new = a_child(place, flow, from_step(returned.instance, "launch", visit=2))
    fresh = complete_step(place.lead, main.id, outcome_id, {}, call=from_step(new, "report"))

    assert isinstance(stale, Refusal)
    assert stale.code == "superseded"
    assert isinstance(fresh, Done)
