"""Handlebars: one row a rule of SendGrid's page, and what must be refused."""

from __future__ import annotations

import pytest

from waypost.sandbox.sendgrid.handlebars import HandlebarsError, Json, check, render

DATE = "2020-01-01T23:05:09.000Z"

CASES: list[tuple[str, dict[str, Json], str]] = [
    ("plain text", {}, "plain text"),
    ("Hi {{name}}!", {"name": "Ann"}, "Hi Ann!"),
    ("{{a}}", {"a": "<b>&\"'`="}, "&lt;b&gt;&amp;&quot;&#x27;&#x60;&#x3D;"),
    ("{{{a}}}|{{& a}}", {"a": "<br>"}, "<br>|<br>"),
    ("{{{email-subject}}}", {"email-subject": "Hello & <i>you</i>"}, "Hello & <i>you</i>"),
    ("{{a.b.c}}{{a.x.y}}", {"a": {"b": {"c": 1}}}, "1"),
    ("{{missing}}|{{none}}", {"none": None}, "|"),
    ("{{yes}} {{no}} {{n}} {{f}}", {"yes": True, "no": False, "n": 0, "f": 1.0}, "true false 0 1"),
    ("{{list}} {{map}}", {"list": [1, "b"], "map": {}}, "1,b [object Object]"),
    ("{{[odd name]}} {{a.[0].b}}", {"odd name": "x", "a": [{"b": "y"}]}, "x y"),
    ("{{! note }}a{{!-- }} {{x}} --}}b", {}, "ab"),
    (r"\{{kept}} {{a}}", {"a": 1}, "{{kept}} 1"),
    ("a {{~x~}} b", {"x": "-"}, "a-b"),
    ("{{#if a}}A{{else if b}}B{{else}}C{{/if}}", {"a": 1}, "A"),
    ("{{#if a}}A{{else if b}}B{{else}}C{{/if}}", {"b": 1}, "B"),
    ("{{#if a}}A{{else if b}}B{{else}}C{{/if}}", {}, "C"),
    ("{{#if a}}A{{else if b}}B{{else if c}}C{{/if}}", {"c": "x"}, "C"),
    ("{{#if a}}A{{^}}B{{/if}}", {}, "B"),
    ("{{#if e}}y{{else}}n{{/if}}", {"e": []}, "n"),
    ("{{#if e}}y{{else}}n{{/if}}", {"e": {}}, "y"),
    ("{{#unless a}}no{{else}}yes{{/unless}}", {"a": 0}, "no"),
    ("{{#each xs}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}", {"xs": "ab"}, ""),
    (
        "{{#each xs}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}",
        {"xs": ["a", "b"]},
        "0a,1b",
    ),
    ("{{#each xs}}{{#if @first}}>{{/if}}{{n}}{{this.n}}{{/each}}", {"xs": [{"n": 1}]}, ">11"),
    ("{{#each m}}{{@key}}={{this}};{{/each}}", {"m": {"a": 1, "b": 2}}, "a=1;b=2;"),
    ("{{#each xs}}{{@root.n}}{{../n}}{{/each}}", {"xs": [1], "n": "r"}, "rr"),
    ("{{#each xs}}{{#if this}}{{../n}}{{/if}}{{/each}}", {"xs": [1], "n": "r"}, "r"),
    ("{{#each xs}}x{{else}}none{{/each}}", {"xs": []}, "none"),
    (
        "{{#each a}}{{#each b}}{{../c}}{{this}}{{/each}}{{/each}}",
        {"a": [{"b": [1, 2], "c": "x"}]},
        "x1x2",
    ),
    ('{{insert name "default=Customer"}}', {}, "Customer"),
    ('{{insert name "default=Customer"}}', {"name": "Ann"}, "Ann"),
    ('{{insert name "friend"}}', {"name": ""}, "friend"),
    ("{{{insert name '<b>'}}}{{insert name '<b>'}}", {}, "<b>&lt;b&gt;"),
    ('{{formatDate d "MMMM DD, YYYY h:mm:ss A"}}', {"d": DATE}, "January 01, 2020 11:05:09 PM"),
    ('{{formatDate d "YYYY-MM-DD"}}', {"d": 1577919909}, "2020-01-01"),
    ('{{formatDate d "YYYY-MM-DD"}}', {"d": 1577919909000}, "2020-01-01"),
    ('{{formatDate d "YYYY"}}', {"d": "soon"}, "Invalid date"),
    ("{{#equals a b}}y{{else}}n{{/equals}}", {"a": 3, "b": "3"}, "y"),
    ("{{#notEquals a 4}}y{{else}}n{{/notEquals}}", {"a": 3}, "y"),
    ("{{#equals a 'x'}}y{{else}}n{{/equals}}", {"a": "x"}, "y"),
    ("{{#greaterThan a 2}}y{{else}}n{{/greaterThan}}", {"a": "10"}, "y"),
    ("{{#lessThan a b}}y{{else}}n{{/lessThan}}", {"a": 1, "b": 2}, "y"),
    ("{{#greaterThan 0 length xs}}y{{else}}n{{/greaterThan}}", {"xs": [1]}, "n"),
    ("{{#lessThan 0 (length xs)}}y{{else}}n{{/lessThan}}", {"xs": [1]}, "y"),
    ("{{length xs}}", {"xs": [1, 2]}, "2"),
    ("{{#and a b}}y{{else}}n{{/and}}", {"a": 1}, "n"),
    ("{{#or a b}}y{{else}}n{{/or}}", {"b": 1}, "y"),
    ("{{#if (and a (equals b 2))}}y{{/if}}", {"a": 1, "b": 2}, "y"),
    ("a\n{{#if x}}\n b\n{{/if}}\nc", {"x": 1}, "a\n b\nc"),
    ("{ {single} } }}", {}, "{ {single} } }}"),
]


@pytest.mark.parametrize(("source", "values", "expected"), CASES)
def test_template_renders_as_sendgrid_documents(
    source: str, values: dict[str, Json], expected: str
) -> None:
    assert render(source, values) == expected


def test_date_moves_into_the_offset_asked_for() -> None:
    source = '{{formatDate d "dddd ddd D M YY HH:mm Z ZZ" o}}'

    text = render(source, {"d": DATE, "o": "-0800"})

    assert text == "Wednesday Wed 1 1 20 15:05 -08:00 -0800"


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("{{#if a}}x", "line 1: {{#if}} is never closed"),
        ("x{{/if}}", "closes nothing"),
        ("{{#if a}}x{{/each}}", "write {{/if}}"),
        ("\n{{name", "line 2: a {{ is never closed"),
        ("{{}}", "name a value"),
        ("{{> header}}", "partials are not supported"),
        ("{{#with a}}x{{/with}}", "{{#with}} is not known"),
        ("{{upper name}}", "'upper' is not known"),
        ("{{#equals a}}x{{/equals}}", "takes 2 value(s), not 1"),
        ("{{xs.0}}", "items.[0]"),
        ("{{#if (and a b}}x{{/if}}", "never closed"),
        ("{{a=b}}", "is not a name"),
        ("{{#if a}}1{{else}}2{{else}}3{{/if}}", "second {{else}}"),
        ("{{#if a}}" * 60 + "{{/if}}" * 60, "nested deeper"),
        ("{{" + "../" * 300_000 + "a}}", "longer than"),
        ("{{" + "[a].[" * 200_000 + "}}", "line 1"),
        ("{{length " + "(length " * 60 + "a" + ")" * 60 + "}}", "nested deeper"),
        ("x" * 1_048_577, "longer than"),
    ],
)
def test_wrong_template_is_refused_with_place_and_remedy(source: str, part: str) -> None:
    with pytest.raises(HandlebarsError) as refusal:
        check(source)

    assert part in str(refusal.value)


def test_loops_are_bounded_in_steps() -> None:
    rows: list[Json] = list(range(1000))

    with pytest.raises(HandlebarsError, match="steps"):
        render("{{#each xs}}{{#each @root.xs}}{{this}}{{/each}}{{/each}}", {"xs": rows})


def test_deep_values_are_refused() -> None:
    deep: Json = []
    for _ in range(2000):
        deep = [deep]

    with pytest.raises(HandlebarsError, match="nested too deep"):
        render("{{deep}}", {"deep": deep})


def test_output_is_bounded_in_length() -> None:
    values: dict[str, Json] = {"xs": [1] * 50, "long": "x" * 100_000}

    with pytest.raises(HandlebarsError, match="4 MB"):
        render("{{#each xs}}{{@root.long}}{{/each}}", values)


@pytest.mark.parametrize("piece", ["{{!--", "{{!", '{{"', "{{#if a ", "{{((", "{{{a", "{{#if a}}"])
def test_hostile_template_is_refused_at_once(piece: str) -> None:
    with pytest.raises(HandlebarsError):
        check(piece * (1_000_000 // len(piece)))


def test_values_are_never_read_as_template() -> None:
    assert render("{{a}}", {"a": "{{b}}", "b": "secret"}) == "{{b}}"


def test_python_attributes_are_out_of_reach() -> None:
    assert render("{{a.__class__}}{{this.__len__}}", {"a": "x"}) == ""
