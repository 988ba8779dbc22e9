"""Diagrams: all of a workflow is in its picture, nothing covers anything else."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from waypost.engine.conditions import Condition, Rule
from waypost.engine.definition import Workflow
from waypost.engine.field_types.routing import Button, Routing
from waypost.engine.instance import Status
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.form import Form
from waypost.engine.step_types.group import Group
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.step_types.parallel import Parallel
from waypost.workflows.diagram import diagram_svg
from waypost.workflows.diagram.layout import lay_out
from waypost.workflows.diagram.picture import Box, Frame, Line, Mark, Words

SVG = "{http://www.w3.org/2000/svg}"
AFTER_FIRST = Condition(rules=(Rule(source="first", operator="was_completed"),))


def a_workflow(*steps: AnyStep) -> Workflow:
    return Workflow(key="drawn", name="Drawn", steps=(Form(key="first", name="First"), *steps))


def boxes(workflow: Workflow) -> dict[str, Box]:
    return {one.step.key: one for one in lay_out(workflow).items if isinstance(one, Box)}


def drawn_texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own text
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]


@st.composite
def a_step(draw: st.DrawFn, key: str, within: str) -> AnyStep:
    """A step of any kind; no container within another."""
    name = draw(st.sampled_from(("Ask", "A name that is much longer than others are, really")))
    plain: AnyStep = draw(
        st.sampled_from(
            (
                Form(key=key, name=name),
                HttpRequest(key=key, name=name, url="https://a.example/"),
                Form(key=key, name=name) if within else Group(key=key, name=name),
                Form(key=key, name=name) if within else Parallel(key=key, name=name),
            )
        )
    )
    condition = draw(st.sampled_from((None, AFTER_FIRST)))
    return replace(plain, within=within, condition=condition, is_blocking=draw(st.booleans()))


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """Up to forty steps, some conditional, not waited for, or in containers."""
    steps: list[AnyStep] = []
    containers = [""]
    for number in range(draw(st.integers(0, 40))):
        within = draw(st.sampled_from(containers))
        step = draw(a_step(f"s{number}", within))
        steps.append(step)
        containers = ["", step.key] if step.holds else containers if within else [""]
    return a_workflow(*steps)


@given(workflows())
def test_every_step_is_drawn_once_and_covers_no_other(workflow: Workflow) -> None:
    picture = lay_out(workflow)

    shapes = [one for one in picture.items if isinstance(one, Box | Frame)]
    drawn = [one for one in shapes if isinstance(one, Box)]

    assert sorted(one.step.key for one in shapes) == sorted(workflow.step_by_key)
    assert all(one.x >= 0 and one.x + one.width <= picture.width for one in shapes)
    assert all(one.y >= 0 and one.y + one.height <= picture.height for one in shapes)
    assert not [(a.step.key, b.step.key) for a, b in combinations(drawn, 2) if covers(a, b)]


def covers(a: Box, b: Box) -> bool:
    return (
        a.x < b.x + b.width
        and b.x < a.x + a.width
        and a.y < b.y + b.height
        and b.y < a.y + a.height
    )


@given(workflows())
def test_any_workflow_makes_sound_svg(workflow: Workflow) -> None:
    root = ElementTree.fromstring(diagram_svg(workflow))  # noqa: S314 - our own text

    assert root.tag == f"{SVG}svg"
    assert not [one for one in root.iter() if "style" in one.attrib]


def test_steps_follow_each_other_downwards() -> None:
    workflow = a_workflow(Form(key="second", name="Second"), Form(key="third", name="Third"))

    tops = [box.y for box in boxes(workflow).values()]

    assert tops == sorted(tops)
    assert len({box.x for box in boxes(workflow).values()}) == 1


def test_a_condition_stands_on_the_edge_with_a_way_around() -> None:
    workflow = a_workflow(Form(key="asked", name="Asked", condition=AFTER_FIRST))

    items = lay_out(workflow).items
    around = [one for one in items if isinstance(one, Line) and one.kind == "skip"]
    questions = [one for one in items if isinstance(one, Mark) and one.kind == "question"]
    words = [one for one in items if isinstance(one, Words)]

    assert len(around) == len(questions) == len(words) == 1
    assert "First" in words[0].whole and "was completed" in words[0].whole
    assert questions[0].y < boxes(workflow)["asked"].y


def test_a_step_nobody_waits_for_stands_beside_the_way() -> None:
    workflow = a_workflow(
        Form(key="aside", name="Aside", is_blocking=False), Form(key="next", name="Next")
    )

    found = boxes(workflow)

    assert found["aside"].x > found["next"].x
    assert 'stroke-dasharray="5 3"' in diagram_svg(workflow)


def test_branches_of_a_parallel_stand_side_by_side_in_its_frame() -> None:
    workflow = a_workflow(
        Parallel(key="both", name="Both"),
        Form(key="left", name="Left", within="both"),
        Form(key="right", name="Right", within="both"),
    )

    found = boxes(workflow)
    frame = next(one for one in lay_out(workflow).items if isinstance(one, Frame))

    assert found["left"].y == found["right"].y
    assert found["left"].x + found["left"].width < found["right"].x
    assert frame.x < found["left"].x
    assert found["right"].x + found["right"].width < frame.x + frame.width


def test_a_branch_of_a_parallel_is_waited_for_whatever_it_says() -> None:
    workflow = a_workflow(
        Parallel(key="both", name="Both"),
        Form(key="branch", name="Branch", within="both", is_blocking=False),
    )

    assert boxes(workflow)["branch"].is_waited_for


def test_each_button_that_leads_elsewhere_has_its_way() -> None:
    buttons = (
        Button(label="Go on", action="complete"),
        Button(label="Again", action="return", target="first"),
        Button(label="To the end", action="skip_forward", target="last"),
        Button(label="Give up", action="decline"),
    )
    decide = Form(
        key="decide", name="Decide", fields=(Routing(key="way", name="Way", buttons=buttons),)
    )
    workflow = a_workflow(decide, Form(key="between", name="B"), Form(key="last", name="Last"))

    items = lay_out(workflow).items
    ways = {one.kind: one for one in items if isinstance(one, Line) and one.kind != "flow"}
    shapes = boxes(workflow)

    assert set(ways) == {"return", "forward", "stop"}
    assert ways["return"].points[-1][1] < shapes["decide"].y < ways["forward"].points[-1][1]
    assert ways["return"].points[-1][0] == shapes["first"].x + shapes["first"].width
    assert {"Again", "To the end", "Give up"} <= set(drawn_texts(diagram_svg(workflow)))
    assert "Go on" not in drawn_texts(diagram_svg(workflow))


def test_two_ways_beside_each_other_take_two_lanes() -> None:
    def back(key: str) -> Form:
        button = Button(label="Back", action="return", target="first")
        return Form(key=key, name=key, fields=(Routing(key="way", name="Way", buttons=(button,)),))

    items = lay_out(a_workflow(back("one"), back("two"))).items

    lanes = [one.points[1][0] for one in items if isinstance(one, Line) and one.kind == "return"]
    assert len(set(lanes)) == 2


def test_names_are_text_and_never_markup() -> None:
    workflow = a_workflow(Form(key="evil", name="<script>alert(1)</script>&\"'"))

    svg = diagram_svg(workflow, link_of=lambda step: f'/"><script>/{step.key}')

    assert "<script>" not in svg
    assert any("<script>" in text for text in drawn_texts(svg))


@pytest.mark.parametrize("state", Status)
def test_a_run_shows_in_its_steps(state: Status) -> None:
    svg = diagram_svg(a_workflow(), states={"first": state})

    assert f'class="diagram-step is-{state}"' in svg


def test_steps_lead_to_their_pages() -> None:
    workflow = a_workflow(Group(key="group", name="Group"))

    svg = diagram_svg(workflow, link_of=lambda step: f"/steps/{step.key}/")

    assert 'href="/steps/first/"' in svg
    assert 'href="/steps/group/"' in svg
