"""Lenient JSON bodies: what is let pass, and that no value can alter a request."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.makers import a_call, a_form, a_lookup, a_run, a_workflow, lookup_of_variable
from waypost.engine.errors import Refusal
from waypost.engine.field_types.short_text import ShortText
from waypost.engine.json_value import JSON
from waypost.engine.jsonbody import JsonTemplate, normalise
from waypost.engine.references import Lookup

NOTHING = a_lookup(a_workflow())
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(10**18), 10**18), st.text())
VALUES = st.recursive(
    st.one_of(SCALARS, st.floats(allow_nan=False, allow_infinity=False)),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)


def rendered(text: str, lookup: Lookup = NOTHING) -> JSON:
    """The body as a strict reader understands it."""
    template = normalise(text)
    assert isinstance(template, JsonTemplate), template
    result: JSON = json.loads(template.render(lookup))
    return result


@given(VALUES)
def test_valid_json_means_the_same_afterwards(value: JSON) -> None:
    assert rendered(json.dumps(value)) == value
    assert rendered(json.dumps(value, ensure_ascii=False, indent=1)) == value


@given(VALUES)
def test_no_value_alters_the_request(value: JSON) -> None:
    body = '{"a": "-{{=call.x}}-", "{{=call.x|plain}}": {{=call.x|plain}}, "z": [1, {{=call.x}}]}'

    found = rendered(body, lookup_of_variable(value))

    assert isinstance(found, dict)
    assert [key for key in found if key in ("a", "z")] == ["a", "z"]
    assert len(found) <= 3
    assert isinstance(found["a"], str)
    assert isinstance(found["z"], list)
    assert len(found["z"]) == 2


@pytest.mark.parametrize("key", ["a", "z"])
def test_a_key_out_of_a_value_replaces_no_other(key: str) -> None:
    body = '{"a": 1, "{{=call.x}}": "taken over", "z": 2}'

    assert rendered(body, lookup_of_variable(key)) == {"a": 1, "z": 2}


@given(st.text(alphabet='{}[]":,\\/*\n 1at{{=a.b}}'))
def test_any_text_is_sound_json_or_refused(text: str) -> None:
    template = normalise(text)

    if isinstance(template, JsonTemplate):
        json.loads(template.render(NOTHING))
    else:
        assert template.code == "invalid_json"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, // why\n "b": 2}', {"a": 1, "b": 2}),
        ('{"a": /* why\n so */ 1}', {"a": 1}),
        ('{"u": "https://x/*y*/", "v": "//"}', {"u": "https://x/*y*/", "v": "//"}),
        ('{"a": "b"// end', Refusal),
        ('{"a": "one\ntwo\tthree"}', {"a": "one\ntwo\tthree"}),
        ('{"a": [1, 2,], }', {"a": [1, 2]}),
        ("[,]", Refusal),
        ("[1 2]", Refusal),
        ('{"a" 1}', Refusal),
        ("{a: 1}", Refusal),
        ("{'a': 1}", Refusal),
        ('{"a": yes}', Refusal),
        ('{"a": 01}', Refusal),
        ('{"a": NaN}', Refusal),
        ('{"a": "\\x"}', Refusal),
        ('{"a": "open', Refusal),
        ("{} {}", Refusal),
        ("/* open", Refusal),
        ("", Refusal),
        ("[" * 200 + "]" * 200, Refusal),
        ('"\\ud83d\\ude00"', "😀"),
        ('\ufeff{"a":\u00a01}', {"a": 1}),
        ('{"a": 12345678901234567890}', {"a": 12345678901234567890}),
    ],
)
def test_what_builders_paste_is_read_or_refused(text: str, value: object) -> None:
    if value is Refusal:
        assert isinstance(normalise(text), Refusal)
    else:
        assert rendered(text) == value


def test_a_refusal_says_where_and_what_to_do() -> None:
    refusal = normalise('{\n  "a": 1\n  "b": 2\n}')

    assert refusal == Refusal(
        "invalid_json",
        "The JSON body is wrong at line 3, column 3: put a comma or } here; a text with a "
        "reference in it needs double quotes.",
    )


@pytest.mark.parametrize(
    ("value", "unquoted", "quoted"),
    [
        (501, 501, "501"),
        ("501", 501, "501"),
        (" 501 ", 501, " 501 "),
        ("007", "007", "007"),
        ("1.5e3", 1500.0, "1.5e3"),
        ("true", True, "true"),
        ("null", None, "null"),
        ("9" * 40, "9" * 40, "9" * 40),
        ("word", "word", "word"),
        ('"},"x":{"', '"},"x":{"', '"},"x":{"'),
        ("", None, ""),
        (None, None, ""),
        (["A", "B"], ["A", "B"], '["A", "B"]'),
        (True, True, "true"),
    ],
)
def test_a_value_becomes_what_its_place_asks_for(value: JSON, unquoted: JSON, quoted: JSON) -> None:
    lookup = lookup_of_variable(value)

    assert rendered("[{{=call.x}}]", lookup) == [unquoted]
    assert rendered('["{{=call.x}}"]', lookup) == [quoted]


@pytest.mark.parametrize("form", ["", "|json", "|plain", "|url"])
def test_a_text_is_escaped_once_whatever_its_format(form: str) -> None:
    lookup = lookup_of_variable('Ann "A"\nLee')

    assert rendered(f'{{"name": "Hi {{{{=call.x{form}}}}}!"}}', lookup) == {
        "name": 'Hi Ann "A"\nLee!'
    }


def test_html_in_a_mail_is_escaped_for_html_and_json() -> None:
    lookup = lookup_of_variable('<b>"Ann"</b>')

    assert rendered('{"content": "{{=call.x|html}}"}', lookup) == {
        "content": "&lt;b&gt;&quot;Ann&quot;&lt;/b&gt;"
    }


def test_lists_in_quotes_are_text_in_their_format() -> None:
    lookup = lookup_of_variable(["A", "B"])

    assert rendered('["{{=call.x|plain}}", "{{=call.x|json}}"]', lookup) == ["A, B", '["A", "B"]']


def test_comments_may_hold_references() -> None:
    assert rendered('{"a": 1 // {{=call.x}}\n}', lookup_of_variable("\n,")) == {"a": 1}


def test_a_number_behind_a_reference_is_refused() -> None:
    assert isinstance(normalise('{"a": {{=call.x}}5}'), Refusal)
    assert isinstance(normalise('{"a": "\\{{=call.x}}"}'), Refusal)


def test_skipped_sources_are_empty_never_the_token() -> None:
    lookup = a_lookup(a_workflow(a_form(ShortText(key="f", name="F")), a_call("v")))
    body = '["{{=details.f}}", {{=details.f}}, "{{=call.v}}", {{=call.v}}, {{=gone.x}}]'

    assert rendered(body, lookup) == ["", None, "", None, None]


def test_values_that_no_database_takes_are_cleaned() -> None:
    lookup = a_lookup(a_workflow(a_call("x")), call=a_run(variables={"x": ["a\x00\ud800b"]}))

    assert rendered("{{=call.x}}", lookup) == ["ab"]
