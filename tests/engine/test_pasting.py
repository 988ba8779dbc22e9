"""Pasted requests: guides, curl commands, headers, tables of variables, and putting them to use."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.engine.makers import a_call, a_form, a_workflow
from tests.engine.seed import main_workflow, seed_bodies, seed_text, sub_workflow
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.pasted_request import PastedRequest
from waypost.engine.pasting import read_request, resolved_request, use_request
from waypost.engine.step_types.http_request import HttpRequest

GUIDE = """
* **Method**: POST
* **URL**: `https://verify.example/v2/Services/SERVICE_SID/Verifications`
* **Headers:** Content-Type: application/x-www-form-urlencoded
* **Headers:**: Authorization: `Basic ENCODED_API_KEY`
* **Body** might look like the following:

  ```json theme={null}
  {
    "to": "{2. Details - Phone - Input (plain)}"
  }
  ```

  * Select to skip this step on failure.
  * Click **+ Add variable** and create an `error_message` variable with the value of `$.message`
    and a `status` variable with the value of `$.status`.
  * Make sure to make the step non-blocking (**... > Make non-blocking**)
"""
AS_SHOWN = """
Method: POST
URL: https://verify.example/v2/
Headers: Content-Type: application/json
Headers: Authorization: Bearer abc.def
Body might look like the following:
JSON
{
  "to": "{2. Details - Phone - Input (plain)}",

  "text": "Two
lines"
}
Save your changes.
"""


def headers_of(request: PastedRequest) -> list[tuple[str, str]]:
    """Its headers as pairs."""
    return [(one.name, one.value) for one in request.headers]


def paths_of(request: PastedRequest) -> dict[str, str]:
    """Its variables by name."""
    return {one.name: one.path for one in request.variables}


def test_the_block_of_a_guide_is_read_whole() -> None:
    request = read_request(GUIDE)

    assert request.method == "POST"
    assert request.url == "https://verify.example/v2/Services/SERVICE_SID/Verifications"
    assert headers_of(request) == [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Authorization", "Basic ENCODED_API_KEY"),
    ]
    assert request.body == '{\n  "to": "{2. Details - Phone - Input (plain)}"\n}'
    assert paths_of(request) == {"error_message": "$.message", "status": "$.status"}
    assert (request.skips_on_failure, request.is_non_blocking) == (True, True)
    assert request.placeholders == ("SERVICE_SID", "ENCODED_API_KEY")


def test_the_block_copied_from_the_page_as_shown_is_read_too() -> None:
    request = read_request(AS_SHOWN)

    assert headers_of(request)[1] == ("Authorization", "Bearer abc.def")
    assert request.body.startswith('{\n  "to"')
    assert request.body.endswith('lines"\n}')
    assert request.unread == ("Save your changes.",)


def test_a_second_request_stays_unread() -> None:
    request = read_request(
        "Method: POST\nURL: https://a.example/\nMethod: GET\nURL: https://b.example/"
    )

    assert (request.method, request.url) == ("POST", "https://a.example/")
    assert request.unread == ("Method: GET", "URL: https://b.example/")


@pytest.mark.parametrize(
    ("text", "method", "url", "headers", "body"),
    [
        ("curl https://a.example/x", "GET", "https://a.example/x", [], ""),
        (
            "curl -X POST 'https://a.example/' \\\n  -H 'Content-Type: application/json' \\\n"
            '  --data \'{"a": "{2. Details - Text - Input}"}\'',
            "POST",
            "https://a.example/",
            [("Content-Type", "application/json")],
            '{"a": "{2. Details - Text - Input}"}',
        ),
        (
            "$ curl -sS -XPUT --url https://a.example/ -d a=1 --data-urlencode b=2",
            "PUT",
            "https://a.example/",
            [("Content-Type", "application/x-www-form-urlencoded")],
            "a=1&b=2",
        ),
        (
            "curl https://a.example/ -u AC1:secret",
            "GET",
            "https://a.example/",
            [("Authorization", "Basic QUMxOnNlY3JldA==")],
            "",
        ),
        ("curl -G https://a.example/?x=1 -d y=2", "GET", "https://a.example/?x=1&y=2", [], ""),
        (
            "curl --json '{}' https://a.example/",
            "POST",
            "https://a.example/",
            [("Content-Type", "application/json")],
            "{}",
        ),
        ("curl -I https://a.example/ -o out --compressed", "HEAD", "https://a.example/", [], ""),
    ],
)
def test_curl_commands_are_read(
    text: str, method: str, url: str, headers: list[tuple[str, str]], body: str
) -> None:
    request = read_request(text)

    assert (request.method, request.url, headers_of(request), request.body) == (
        method,
        url,
        headers,
        body,
    )


def test_files_of_a_curl_command_are_said_to_be_left_out() -> None:
    request = read_request("curl https://a.example/ -F file=@a.png -d @body.json")

    assert request.unread == ("--form file=@a.png", "--data @body.json")


def test_a_request_as_it_is_sent_is_read() -> None:
    request = read_request("POST /v3/mail HTTP/1.1\nHost: a.example\nAccept: */*\n\n```\n{}\n```")

    assert (request.method, request.url) == ("POST", "https://a.example/v3/mail")
    assert headers_of(request) == [("Host", "a.example"), ("Accept", "*/*")]
    assert request.body == "{}"


@pytest.mark.parametrize("head", ["Key | Value", "Name | Value", "Header | Value"])
def test_a_table_of_headers_is_read(head: str) -> None:
    table = f"Headers:\n\n| {head} |\n|---|---|\n| Content-Type | `text/plain; charset=utf-8` |"

    request = read_request(f"Method: POST\n{table}\n| Accept | */* |")

    assert headers_of(request) == [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Accept", "*/*"),
    ]
    assert request.unread == ()


def test_a_list_of_headers_is_read() -> None:
    request = read_request("Content-Type: application/json\nX: 1\nAuthorization: `Bearer abc`")

    assert headers_of(request) == [
        ("Content-Type", "application/json"),
        ("X", "1"),
        ("Authorization", "Bearer abc"),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "| Name | Value |\n| --- | :-: |\n| step\\_id | \\$.process\\_snapshot.steps\\[0].id |",
        "Name\tValue\nstep_id\t$.process_snapshot.steps[0].id",
        "step_id = $.process_snapshot.steps[0].id",
        "`step_id`: `$.process_snapshot.steps[0].id`",
    ],
)
def test_tables_of_variables_are_read(table: str) -> None:
    request = read_request(table)

    assert paths_of(request) == {"step_id": "$.process_snapshot.steps[0].id"}
    assert request.unread == ()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('{"a": {Instance ID}}', PastedRequest(body='{"a": {Instance ID}}')),
        ("To=%2B{2. A - B - Input}&C=sms", PastedRequest(body="To=%2B{2. A - B - Input}&C=sms")),
        ("https://a.example/{InstanceID}/", PastedRequest(url="https://a.example/{InstanceID}/")),
        ("Nothing of it.", PastedRequest(unread=("Nothing of it.",))),
        ("", PastedRequest()),
    ],
)
def test_a_part_alone_is_read_for_what_it_is(text: str, part: PastedRequest) -> None:
    assert read_request(text) == part


@given(st.text("Method: URLHeadersBody$.`|*-{}[]\"'\n=/ curl-dX", max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    request = read_request(text)

    assert request.is_empty or text.strip()


def a_step(workflow: Workflow | Refusal) -> HttpRequest:
    """The integration `call` of the workflow."""
    assert isinstance(workflow, Workflow), workflow
    step = workflow.step_by_key["call"]
    assert isinstance(step, HttpRequest)
    return step


def test_a_whole_request_takes_the_place_of_what_was_there() -> None:
    call = a_call("x", "status=none", headers=(("X-Old", "1"),), body="old")

    step = a_step(use_request(a_workflow(call), "call", read_request(GUIDE)))

    assert step.url.endswith("/Verifications")
    assert [one.name for one in step.headers] == ["Content-Type"]
    assert [one.name for one in step.variables] == ["x", "status", "error_message"]
    assert (step.on_failure, step.is_blocking) == ("skip", False)


def test_a_part_leaves_the_rest_as_it_is() -> None:
    call = a_call(headers=(("X-Old", "1"), ("X-Kept", "2")), body="old")

    step = a_step(use_request(a_workflow(call), "call", read_request("x-old: 3\nX-New: 4")))

    assert [(one.name, one.value) for one in step.headers] == [
        ("X-Kept", "2"),
        ("x-old", "3"),
        ("X-New", "4"),
    ]
    assert (step.method, step.url, step.body) == ("POST", "https://api.example/", "old")


def test_a_secret_stays_to_be_stored_and_its_placeholder_does_not() -> None:
    secret = read_request("Authorization: Bearer abc.def")
    placeholder = read_request("Authorization: Bearer SENDGRID_API_KEY")
    workflow = a_workflow(a_call())

    assert len(a_step(use_request(workflow, "call", secret)).headers) == 1
    assert a_step(use_request(workflow, "call", placeholder)).headers == ()


def test_a_form_takes_no_request() -> None:
    refusal = use_request(a_workflow(a_form()), "details", read_request(GUIDE))

    assert isinstance(refusal, Refusal)
    assert refusal.code == "not_an_integration"


def test_unresolved_labels_of_every_part_are_told() -> None:
    pasted = read_request(
        "URL: https://a.example/{2. A - B - Input}\nX-A: {2. C - D - Input}\n"
        "Body: {3. E - F - Input}"
    )

    unresolved = resolved_request(pasted, sub_workflow())[1]

    assert [one.text for one in unresolved] == [
        "{2. C - D - Input}",
        "{2. A - B - Input}",
        "{3. E - F - Input}",
    ]


def seed_blocks() -> list[str]:
    """Each description of a request in the seed, from its method to the next one's."""
    return re.split(r"^.*(?=\* \*\*Method)", seed_text(), flags=re.MULTILINE)[1:]


def test_every_request_of_the_seed_is_understood() -> None:
    requests = [read_request(block) for block in seed_blocks()]

    bodies = {"".join(body.split()) for body in seed_bodies()}
    assert len(requests) == 9
    assert [one.method for one in requests] == ["POST"] * 9
    assert all(one.url.startswith("https://") for one in requests)
    assert [len(one.headers) for one in requests] == [2] * 9
    assert all("".join(one.body.split()) in bodies for one in requests)


def test_the_variables_and_failures_of_the_seed_are_understood() -> None:
    requests = [read_request(block) for block in seed_blocks()]

    assert [len(one.variables) for one in requests] == [0, 2, 0, 0, 2, 0, 0, 9, 0]
    assert [one.skips_on_failure for one in requests] == [place in (1, 4) for place in range(9)]
    assert paths_of(requests[7])["action_aid"] == "$.process_snapshot.steps[0].actions[5].id"


def test_the_requests_of_the_seed_resolve_in_their_workflows() -> None:
    for block in seed_blocks():
        workflow = main_workflow() if "Launch OTP SMS" in block else sub_workflow()

        unresolved = resolved_request(read_request(block), workflow)[1]

        assert unresolved == ()


def test_using_a_request_keeps_the_other_steps() -> None:
    workflow = sub_workflow()

    used = use_request(workflow, "send_text", read_request(GUIDE))

    assert isinstance(used, Workflow)
    assert [one.key for one in used.steps] == [one.key for one in workflow.steps]
    assert structs.replace(used, steps=()) == structs.replace(workflow, steps=())
