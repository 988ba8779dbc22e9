"""The request of an integration step with values in."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.makers import a_call, a_lookup, a_workflow, lookup_of_phone, lookup_of_variable
from waypost.engine.errors import Refusal
from waypost.engine.field_types.phone import Phone
from waypost.engine.json_value import clean_text
from waypost.engine.references import Lookup
from waypost.engine.rendering import RenderedRequest, render_request, request_fault
from waypost.engine.step_types.http_request import HttpRequest

NOTHING = a_lookup(a_workflow())
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
SAFE = st.text().filter(lambda text: clean_text(text) == text)


def sent(step: HttpRequest, lookup: Lookup = NOTHING) -> RenderedRequest:
    """The request, which must not be refused."""
    request = render_request(step, lookup)
    assert isinstance(request, RenderedRequest), request
    return request


@pytest.mark.parametrize("step_url", ["https://x.example/a", "HTTP://x.example:81/a?b=c#d"])
def test_a_url_without_references_is_sent_as_written(step_url: str) -> None:
    assert sent(a_call(url=f" {step_url} \n")).url == step_url


def test_values_in_a_url_are_encoded_once() -> None:
    url = "https://x.example/instances/{{=call.x}}/do/?q={{=call.x|url}}&r=%2B"

    assert sent(a_call(url=url), lookup_of_variable("a b/é?%2")).url == (
        "https://x.example/instances/a%20b%2F%C3%A9%3F%252/do/?q=a%20b%2F%C3%A9%3F%252&r=%2B"
    )
    assert sent(a_call(url=url), lookup_of_variable(9001)).url == (
        "https://x.example/instances/9001/do/?q=9001&r=%2B"
    )


@pytest.mark.parametrize(
    "url",
    [
        "{{=call.x}}",
        "{{=call.x}}://x.example/",
        "https://{{=call.x}}/",
        "https://x.example{{=call.x}}/",
        "https://x.example:{{=call.x}}/",
        "https://x.example{{=call.x}}",
        "https://a@{{=call.x}}/",
        "x.example/a",
        "ftp://x.example/",
        "",
    ],
)
def test_no_value_names_the_host(url: str) -> None:
    refusal = render_request(a_call(url=url), lookup_of_variable("evil.example"))

    assert isinstance(refusal, Refusal)
    assert refusal.code == "invalid_url"
    assert request_fault(a_call(url=url)) == refusal


@pytest.mark.parametrize("value", [None, "", ".", ".."])
def test_a_part_of_the_path_cannot_vanish(value: str | None) -> None:
    step = a_call(url="https://x.example/things/{{=call.x}}/delete")

    refusal = render_request(step, lookup_of_variable(value))

    assert isinstance(refusal, Refusal)
    assert "{{=call.x}}" in refusal.message


@given(SAFE)
def test_no_value_alters_a_url(value: str) -> None:
    step = a_call(url="https://x.example/a/-{{=call.x}}/b?c={{=call.x}}&d=1#e{{=call.x}}")

    parts = urlsplit(sent(step, lookup_of_variable(value)).url)

    assert parts.netloc == "x.example"
    assert parts.path.count("/") == 3
    assert parse_qs(parts.query, keep_blank_values=True) == {"c": [value], "d": ["1"]}


def test_no_value_adds_a_header() -> None:
    step = a_call(headers=(("X-Name ", "Hi {{=call.x|plain}}"),))

    request = sent(step, lookup_of_variable("Ann\r\nX-Admin: 1\x00"))

    assert request.headers == (("X-Name", "Hi AnnX-Admin: 1"),)


def test_a_header_name_that_is_none_is_refused() -> None:
    refusal = render_request(a_call(headers=(("Content-Type: x", "y"),)), NOTHING)

    assert isinstance(refusal, Refusal)
    assert refusal.code == "invalid_header"


def test_a_body_without_a_type_is_json() -> None:
    request = sent(a_call(body='{"a": {{=call.x}},}'), lookup_of_variable("5"))

    assert request.body == '{"a": 5}'
    assert request.headers == (("Content-Type", "application/json"),)


def test_no_body_needs_no_type() -> None:
    assert sent(a_call(body=" \n")) == RenderedRequest("POST", "https://api.example/", (), "")


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "application/x+json"])
def test_json_types_are_checked(media_type: str) -> None:
    step = a_call(body="{", headers=(("content-type", media_type),))

    refusal = render_request(step, NOTHING)

    assert isinstance(refusal, Refusal)
    assert refusal.code == "invalid_json"
    assert request_fault(step) == refusal


@pytest.mark.parametrize("reference", ["details.phone", "details.phone|url", "details.phone|plain"])
def test_a_form_is_sent_as_written_with_values_encoded_once(reference: str) -> None:
    step = a_call(body=f"To=%2B{{{{={reference}}}}}&Channel=sms\n", headers=FORM)
    phone = Phone(key="phone", name="Phone", default_output="digits")

    request = sent(step, lookup_of_phone("+15005550006", phone))

    assert request.body == "To=%2B15005550006&Channel=sms"


@given(SAFE)
def test_no_value_alters_a_form(value: str) -> None:
    step = a_call(body="To=%2B1&Code={{=call.x}}&Z=1", headers=FORM)

    body = sent(step, lookup_of_variable(value)).body

    assert parse_qs(body, keep_blank_values=True) == {"To": ["+1"], "Code": [value], "Z": ["1"]}


def test_other_bodies_take_values_in_their_format() -> None:
    step = a_call(
        body="<a>{{=call.x|html}}</a>\n{{=call.x|plain}}", headers=(("Content-Type", "text/xml"),)
    )

    assert sent(step, lookup_of_variable("<&>")).body == "<a>&lt;&amp;&gt;</a>\n<&>"
