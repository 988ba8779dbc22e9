"""Sample values: what a request is tried with before anything has run."""

from __future__ import annotations

from tests.engine.makers import LINK_BASE, a_call, a_form, a_workflow
from waypost.engine.field_types.email import Email
from waypost.engine.field_types.phone import Phone
from waypost.engine.rendering import RenderedRequest, render_request
from waypost.engine.samples import sample_lookup, samples_of

FORM = a_form(
    Email(key="mail", name="Mail"), Phone(key="phone", name="Phone", default_output="digits")
)


def rendered(body: str, texts: dict[str, str] | None = None, *variables: str) -> str:
    """The body of a call that is tried with these texts."""
    call = a_call(body=body)
    workflow = a_workflow(FORM, a_call(*variables, key="before"), call)
    lookup = sample_lookup(samples_of(call, workflow), texts or {}, workflow, LINK_BASE)
    request = render_request(call, lookup)
    assert isinstance(request, RenderedRequest)
    return request.body


def test_each_reference_has_one_sample_whatever_its_formats() -> None:
    call = a_call(
        url="https://api.example/{{=details.phone}}",
        body='{"a": "{{=details.mail|json}}", "b": "{{=details.mail|url}} {{=instance.id}}"}',
    )

    found = samples_of(call, a_workflow(FORM, call))

    assert {one.key: one.text for one in found} == {
        "details.phone": "15005550006",
        "details.mail": "ann@example.org",
        "instance.id": "1001",
    }
    assert found[0].label == "2. Details: Phone"


def test_a_request_is_rendered_with_samples_and_ones_own_values() -> None:
    body = '{"to": "{{=details.mail}}", "phone": "{{=details.phone}}"}'

    assert rendered(body, {"details.mail": 'a"b@example.org'}) == (
        '{"to": "a\\"b@example.org", "phone": "15005550006"}'
    )


def test_a_variable_keeps_the_type_its_sample_has() -> None:
    assert rendered('{"step": {{=before.step_id}}}', {"before.step_id": "77"}, "step_id") == (
        '{"step": 77}'
    )


def test_a_variable_with_a_default_is_tried_with_it() -> None:
    assert rendered('{"why": "{{=before.why}}"}', {}, "why=Challenge expired") == (
        '{"why": "Challenge expired"}'
    )


def test_a_public_link_stays_a_placeholder_that_nobody_can_enter() -> None:
    call = a_call(body='{"link": "{{=details.public_url}}"}')

    (link,) = samples_of(call, a_workflow(FORM, call))

    assert link.is_link
    assert LINK_BASE in rendered(call.body, {"details.public_url": "https://evil.example/"})
