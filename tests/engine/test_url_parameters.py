"""URL parameters: declared names, what a start keeps of an address, and how texts refer to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.engine.makers import LINK_BASE, a_call, a_form
from tests.engine.play import Play
from waypost.engine.beginnings import new_step
from waypost.engine.checks import check_workflow
from waypost.engine.commands import Start
from waypost.engine.definition import Workflow
from waypost.engine.edits import add_step
from waypost.engine.errors import Refusal
from waypost.engine.events import InstanceStarted
from waypost.engine.formatting import render_text
from waypost.engine.instance import NEW, Status, StepRun
from waypost.engine.known_references import known_references
from waypost.engine.labels import label_of, resolve_labels, show_labels
from waypost.engine.naming import instance_name
from waypost.engine.references import Context, Lookup, Reference, missing
from waypost.engine.samples import samples_of
from waypost.engine.segments import Segment, segments_of
from waypost.engine.step_types import AnyStep

CONTEXT = Context(9001, "", LINK_BASE)


def a_flow(*steps: AnyStep, parameters: tuple[str, ...] = ("country", "time")) -> Workflow:
    """A workflow that declares these URL parameters."""
    return Workflow(key="flow", name="Flow", steps=steps or (a_form(),), url_parameters=parameters)


def started(workflow: Workflow, **given: str) -> Play:
    """An instance right after a start with these parameters."""
    play = Play(workflow)
    play.do(Start("Example run", url_parameters=given))
    return play


def test_a_start_keeps_what_is_declared_and_drops_the_rest() -> None:
    play = started(a_flow(), time="Monday", country="Spain", utm_source="mail")

    assert play.instance.url_parameters == {"country": "Spain", "time": "Monday"}


def test_a_value_is_cut_and_cleaned() -> None:
    play = started(a_flow(), country="\x00\ue000Sp\ud800ain", time="x" * 1001)

    assert play.instance.url_parameters == {"country": "Spain", "time": "x" * 1000}


@given(st.dictionaries(st.sampled_from(["country", "time", "other"]), st.text()))
def test_the_history_alone_brings_the_parameters_back(given: dict[str, str]) -> None:
    play = started(a_flow(), **given)

    assert play.replayed() == play.instance
    assert set(play.instance.url_parameters) == {"country", "time"} & set(given)


def test_the_parameters_of_a_start_can_be_erased() -> None:
    assert "url_parameters" in InstanceStarted.personal


def test_a_reference_has_the_value_of_the_start() -> None:
    play = started(a_flow(), country="Spain & more")
    lookup = Lookup(play.workflow, play.instance, CONTEXT)

    text = render_text("[{{=url.country|url}}] [{{=url.time}}]", lookup)

    assert text == "[Spain%20%26%20more] []"


def test_a_name_may_hold_a_parameter() -> None:
    named = structs.replace(
        a_flow(), has_automatic_names=True, name_template="{{=url.country}} {{=instance.id}}"
    )

    assert instance_name(named, "", CONTEXT, {"country": "Spain"}) == "Spain 9001"
    assert check_workflow(named) == ()


def test_a_reference_to_an_undeclared_parameter_dangles() -> None:
    workflow = a_flow()

    assert missing(Reference("url", "country"), workflow) == ""
    assert "declared" in missing(Reference("url", "city"), workflow)
    assert "outputs" in missing(Reference("url", "country", "label"), workflow)


def test_a_step_that_is_called_url_stays_what_references_mean() -> None:
    workflow = a_flow(a_call("country", key="url"), a_form())
    run = StepRun(status=Status.COMPLETED, visit=1, variables={"country": "from the call"})
    state = structs.replace(NEW, runs={"url": run}, url_parameters={"country": "Spain"})

    value = Lookup(workflow, state, CONTEXT).value(Reference("url", "country"))

    assert value == "from the call"
    assert label_of(Reference("url", "country"), workflow).startswith("2. Call")


def test_a_new_step_never_takes_the_word_for_itself() -> None:
    step = new_step("form", "URL")
    assert not isinstance(step, Refusal)

    added = add_step(a_flow(), step, "details", "")

    assert not isinstance(added, Refusal)
    assert "url" not in added.step_by_key


def test_declared_parameters_are_offered_at_every_step_and_for_names() -> None:
    workflow = a_flow()

    offered = [one for one in known_references(workflow, "details") if one.reference.step == "url"]

    assert [(one.label, one.step_name, one.sample) for one in offered] == [
        ("country", "URL parameters", "Sample country"),
        ("time", "URL parameters", "Sample time"),
    ]
    assert offered[0] in known_references(workflow, "")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("From {country}!", "From {{=url.country}}!"),
        ('{"from": {country}}', '{"from": {{=url.country}}}'),
        ("{time (plain)}", "{{=url.time|plain}}"),
        ("{{country}}", "{{country}}"),
        ("{city} { country }", "{city} { country }"),
    ],
)
def test_a_bare_name_in_braces_is_read_when_it_is_declared(text: str, stored: str) -> None:
    assert resolve_labels(text, a_flow()) == (stored, ())


def test_a_bare_name_in_braces_is_text_where_nothing_is_declared() -> None:
    assert resolve_labels("{country}", a_flow(parameters=())) == ("{country}", ())


def test_a_printed_parameter_is_read_back() -> None:
    workflow = a_flow()

    printed = show_labels("{{=url.country|html}}", workflow)

    assert printed == "{country (html)}"
    assert resolve_labels(printed, workflow)[0] == "{{=url.country|html}}"


def test_an_editor_shows_the_bare_name() -> None:
    workflow = a_flow()

    assert segments_of("{country}", workflow, "details") == (
        Segment("{{=url.country}}", label="country"),
    )


def test_a_request_is_tried_with_a_sample_of_each_parameter() -> None:
    call = a_call(body='{"from": "{{=url.country}}"}')

    (sample,) = samples_of(call, a_flow(call))

    assert (sample.key, sample.label, sample.text) == (
        "url.country",
        "URL parameter: country",
        "Sample country",
    )
