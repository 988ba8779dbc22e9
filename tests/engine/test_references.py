"""References: their grammar, their values, and texts for people."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.makers import (
    LINK_BASE,
    a_call,
    a_form,
    a_lookup,
    a_workflow,
)
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.formatting import format_value, render_text
from waypost.engine.instance import READABLE, Status
from waypost.engine.json_value import JSON
from waypost.engine.references import (
    FORMATS,
    Format,
    Reference,
    fill_links,
    ids_in,
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


@settings(max_examples=40)
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
