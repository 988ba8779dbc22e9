"""References: their grammar, their values, and texts for people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.makers import (
    LINK_BASE,
    a_call,
    a_form,
    a_lookup,
    a_run,
    a_workflow,
    lookup_of_text,
    lookup_of_variable,
)
from waypost.engine.field_types.checklist import Checklist
from waypost.engine.field_types.phone import Phone
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.formatting import format_value, percent_encoded, render_text
from waypost.engine.instance import READABLE, Status
from waypost.engine.json_value import JSON
from waypost.engine.references import (
    FORMATS,
    Format,
    Reference,
    fill_links,
    ids_in,
    link_placeholder,
    malformed_in,
    missing,
    parse,
    references_in,
    resolve_ids,
)

KEYS = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,8}", fullmatch=True)
REFERENCES = st.builds(
    Reference, KEYS, KEYS, st.one_of(st.just(""), KEYS), st.sampled_from(("", *FORMATS))
)


@given(REFERENCES)
def test_a_printed_reference_is_read_back(reference: Reference) -> None:
    assert parse(str(reference)) == (reference,)


@given(st.lists(st.one_of(st.text(), REFERENCES.map(str))))
def test_the_pieces_of_a_text_joined_are_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)

    assert "".join(str(part) for part in parse(text)) == text


@pytest.mark.parametrize(
    "text", ["{}", "{{x}}", "{{instance}}", "{a: {b: 1}}", "{{= a.b}}", "{{=a}}"]
)
def test_other_braces_are_text(text: str) -> None:
    assert parse(text) == (text,)


@pytest.mark.parametrize(
    "text", ["{{= a.b}}", "{{=a}}", "{{=a.b|xml}}", "{{=a.b", "{{=id a/b/c/d}}"]
)
def test_a_malformed_reference_is_reported(text: str) -> None:
    assert malformed_in(f"x {text} y {{{{=a.b}}}} {{{{=id w/s}}}}")


def test_sound_references_and_ids_are_not_reported() -> None:
    assert malformed_in("{{=a.b}} {{=a.b.c|html}} {{=id w}} {{=id w/s/f}} {{x}} {") == ()


def test_ids_are_resolved_and_unknown_ones_stay() -> None:
    known = {"sub": 77, "sub/details/name": 7001}
    text = "{{=id sub}} {{=id sub/details/name}} {{=id sub/nothing}} {{=a.b}}"

    assert ids_in(text) == ("sub", "sub/details/name", "sub/nothing")
    assert resolve_ids(text, known.get) == "77 7001 {{=id sub/nothing}} {{=a.b}}"


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        ('say "hi"\nnow', "json", 'say \\"hi\\"\\nnow'),
        ('say "hi"\nnow', "", 'say \\"hi\\"\\nnow'),
        ('say "hi"\nnow', "plain", 'say "hi"\nnow'),
        (["Option A", "Option B"], "json", '["Option A", "Option B"]'),
        (["Option A", "Option B"], "plain", "Option A, Option B"),
        ("a b&c/+ü", "url", "a%20b%26c%2F%2B%C3%BC"),
        ("<b>'&\"", "html", "&lt;b&gt;&#x27;&amp;&quot;"),
        (429, "plain", "429"),
        (429, "json", "429"),
        (True, "plain", "true"),
        (None, "json", ""),
        (None, "plain", ""),
    ],
)
def test_values_are_written_in_their_format(value: JSON, form: Format, written: str) -> None:
    assert format_value(value, form) == written


@pytest.mark.parametrize("status", sorted(set(Status) - READABLE))
def test_only_values_of_ended_steps_are_read(status: Status) -> None:
    workflow = a_workflow(a_call("x", "y=default"))
    run = a_run(variables={"x": "old", "y": "old"}, status=status)
    lookup = a_lookup(workflow, call=run)

    assert render_text("[{{=call.x}}] [{{=call.y}}]", lookup) == "[] [default]"


def test_variables_of_a_failed_and_passed_call_are_read() -> None:
    lookup = a_lookup(
        a_workflow(a_call("x")), call=a_run(variables={"x": 429}, status=Status.FAILED_SKIPPED)
    )

    assert lookup.value(Reference("call", "x")) == 429


@pytest.mark.parametrize("found", [None, ""])
def test_a_variable_that_found_nothing_is_its_default(found: JSON) -> None:
    lookup = a_lookup(a_workflow(a_call("x=Challenge expired")), call=a_run(variables={"x": found}))

    assert lookup.value(Reference("call", "x")) == "Challenge expired"


def test_the_instance_tells_its_id_and_name() -> None:
    lookup = a_lookup(a_workflow())

    assert render_text("{{=instance.id}}-{{=instance.name}}", lookup) == "9001-Acme"


def test_an_output_may_be_named() -> None:
    items = Checklist(key="items", name="Items", items=("A", "B", "C"))
    phone = Phone(key="phone", name="Phone")
    values: dict[str, JSON] = {
        "items": {"inputValue": {"itemsChecked": ["A"], "itemsNotChecked": ["B", "C"]}},
        "phone": {"inputValue": "+15005550006"},
    }
    lookup = a_lookup(a_workflow(a_form(items, phone)), details=a_run(values))

    assert render_text("{{=details.items.itemsNotChecked|plain}}", lookup) == "B, C"
    assert render_text("{{=details.phone}} {{=details.phone.digits}}", lookup) == (
        "+15005550006 15005550006"
    )


def test_the_public_link_of_a_later_step_is_known_at_once() -> None:
    lookup = a_lookup(a_workflow(a_form(key="now"), a_form(key="later")))

    text = render_text("Go to {{=later.public_url}}.", lookup)

    assert fill_links(text, lambda step: f"token-of-{step}") == (
        f"Go to {LINK_BASE}token-of-later."
    )


def test_a_link_stays_fillable_when_encoded() -> None:
    encoded = percent_encoded(LINK_BASE + link_placeholder("later") + "?a b")

    assert fill_links(encoded, lambda step: "TOKEN") == (
        "https%3A%2F%2Fway.example%2Fs%2FTOKEN%3Fa%20b"
    )


def test_no_value_can_pose_as_a_link() -> None:
    lookup = lookup_of_variable(link_placeholder("later"))

    text = render_text("{{=call.x|plain}}", lookup)

    assert fill_links(text, lambda step: "TOKEN") == "link:later"


def test_a_value_that_looks_like_a_reference_stays_text() -> None:
    lookup = lookup_of_text("{{=instance.id}}")

    assert render_text("{{=details.x|plain}}", lookup) == "{{=instance.id}}"


def test_values_bring_no_markup_into_markdown() -> None:
    lookup = lookup_of_text("[x](http://evil) <b> **y**")

    assert render_text("Hi {{=details.x}}", lookup, "markdown") == (
        r"Hi \[x\]\(http\:\/\/evil\) \<b\> \*\*y\*\*"
    )


def test_a_value_of_several_lines_stays_in_its_paragraph_of_markdown() -> None:
    lookup = lookup_of_text("one\n\n    # two")

    assert render_text("{{=details.x}}", lookup, "markdown") == "one\\\n\\\n\\# two"


def test_values_bring_no_markup_into_html() -> None:
    lookup = lookup_of_text("<b>")

    assert render_text("<i>{{=details.x}}{{=details.x|html}}</i>", lookup, "html") == (
        "<i>&lt;b&gt;&lt;b&gt;</i>"
    )


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("(once done): {{=later.public_url}}", "(once done): <{link}>"),
        ("[the form]({{=later.public_url}})", "[the form]({link})"),
        ("<a href='{{=later.public_url}}'>", "<a href='{link}'>"),
    ],
)
def test_a_link_in_markdown_is_one_to_click(text: str, rendered: str) -> None:
    lookup = a_lookup(a_workflow(a_form(key="later")))

    filled = fill_links(render_text(text, lookup, "markdown"), lambda step: "T")

    assert filled == rendered.replace("{link}", f"{LINK_BASE}T")


@pytest.mark.parametrize(
    ("text", "is_missing"),
    [
        ("{{=instance.id}}", False),
        ("{{=instance.lead}}", True),
        ("{{=details.x}}", False),
        ("{{=details.x.inputValue}}", False),
        ("{{=details.x.street}}", True),
        ("{{=details.y}}", True),
        ("{{=details.public_url}}", False),
        ("{{=details.public_url.x}}", True),
        ("{{=call.status}}", False),
        ("{{=nowhere.x}}", True),
    ],
)
def test_a_reference_to_nothing_says_what_to_do(text: str, is_missing: bool) -> None:
    workflow = a_workflow(a_form(ShortText(key="x", name="X")), a_call("status"))

    assert bool(missing(references_in(text)[0], workflow)) is is_missing
