"""The requests of the verification workflows, with awkward values in them."""

from __future__ import annotations

import json
from itertools import count

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.instance import Instance, Status, StepRun
from waypost.engine.json_value import JSON
from waypost.engine.references import Context, Lookup, fill_links
from waypost.engine.rendering import RenderedRequest, render_request
from waypost.engine.step_types.http_request import HttpRequest
from waypost.workflows.ids import Identities, with_ids
from waypost.workflows.templates import read_templates

NAME = 'Ann "The <b>" O\'Neil'


def templates() -> tuple[Workflow, Workflow]:
    """Both workflows as published."""
    read = read_templates({"BASE": "https://way.example", "TWILIO_SERVICE_SID": "VA1"})
    paths = [
        path
        for workflow in read
        for step in workflow.steps
        for path in (
            workflow.key,
            f"{workflow.key}/{step.key}",
            *(f"{workflow.key}/{step.key}/{field.key}" for field in step.fields),
        )
    ]
    known = Identities(dict(zip(dict.fromkeys(paths), count(100), strict=False)))
    sub, main = (with_ids(workflow, known) for workflow in read)
    return sub, main


def rendered(workflow: Workflow, step: str, **runs: StepRun) -> RenderedRequest:
    lookup = Lookup(workflow, Instance(runs=runs), Context(7, "Acme", "https://way.example/s/"))
    call = workflow.step_by_key[step]
    assert isinstance(call, HttpRequest)
    request = render_request(call, lookup)
    assert not isinstance(request, Refusal), request
    return request


def filled_in(**values: JSON) -> StepRun:
    stored = {key: {"inputValue": value} for key, value in values.items()}
    return StepRun(status=Status.COMPLETED, visit=1, values=dict[str, JSON](stored))


DETAILS = filled_in(
    customer_name=NAME,
    customer_email="ann@example.org",
    phone_number="+15005550006",
    output_instance_id="41",
    target_outcome_of_check_step="501",
    action_id_of_radio_button="7001",
)


def test_the_mail_is_json_and_html_whatever_the_name() -> None:
    sub, _ = templates()

    request = rendered(sub, "send_instructions_email", provide_details=DETAILS)

    body = json.loads(fill_links(request.body, lambda step: f"token-of-{step}"))
    mail = body["personalizations"][0]
    assert mail["to"] == [{"email": "ann@example.org"}]
    content = mail["dynamic_template_data"]["email-content"]
    assert "Hi Ann &quot;The &lt;b&gt;&quot; O&#x27;Neil," in content
    assert "<a href='https://way.example/s/token-of-verification_instructions'" in content


def test_the_text_goes_to_the_number_in_digits() -> None:
    sub, _ = templates()

    request = rendered(sub, "send_text", provide_details=DETAILS)

    assert request.body == "To=%2B15005550006&Channel=sms"
    assert request.url == "https://verify.twilio.com/v2/Services/VA1/Verifications"


def test_the_code_cannot_add_to_the_form() -> None:
    sub, _ = templates()
    code = filled_in(code="12&To=+1")

    request = rendered(sub, "verify_code", provide_details=DETAILS, verify_yourself=code)

    assert request.body == "To=%2B15005550006&Code=12%26To%3D%2B1"


def test_a_wrong_code_is_reported_in_words() -> None:
    sub, _ = templates()
    checked = StepRun(status=Status.COMPLETED, visit=1, variables={"isOTPvalid": "pending"})

    request = rendered(sub, "report_failure", provide_details=DETAILS, verify_code=checked)

    assert request.url == "https://way.example/api/instances/41/complete_step/"
    assert json.loads(request.body) == {
        "step_id": "501",
        "actions": [
            {"action_id": "7001", "input_object": {"radioItemSelected": "Challenge expired"}}
        ],
    }


def test_the_result_of_sending_is_recorded_by_ids() -> None:
    sub, _ = templates()
    refused = StepRun(
        status=Status.FAILED_SKIPPED,
        visit=1,
        variables={"status": 429, "error_message": "Max send attempts reached"},
    )

    request = rendered(sub, "record_send_result", send_text=refused)

    form = sub.step_by_key["check_send_result"]
    body = json.loads(request.body)
    assert request.url == "https://way.example/api/instances/7/complete_step/"
    assert body["step_id"] == form.id
    assert body["actions"] == [
        {"action_id": form.fields[0].id, "input_object": {"radioItemSelected": "429"}},
        {
            "action_id": form.fields[1].id,
            "input_object": {"radioItemSelected": "Max send attempts reached"},
        },
        {"action_id": form.fields[2].id, "input_object": {}},
    ]


def test_the_details_are_sent_under_the_numbers_of_the_new_instance() -> None:
    sub, main = templates()
    names = ["step_id", "name_aid", "email_aid", "phone_aid", "instance_aid", "step_aid"]
    variables: dict[str, JSON] = {"id": 9001, "action_aid": 7}
    variables |= {name: number for number, name in enumerate(names, 1)}
    launched = StepRun(status=Status.COMPLETED, visit=1, variables=variables)

    launch = rendered(main, "launch_verification")
    request = rendered(main, "send_details", launch_verification=launched, customer_details=DETAILS)

    assert json.loads(launch.body) == {
        "process": f"https://way.example/api/processes/{sub.id}/",
        "name": "Acme-Verification",
    }
    outcome = main.step_by_key["verification_outcome"]
    body = json.loads(request.body)
    assert request.url == "https://way.example/api/instances/9001/complete_step/"
    assert body["step_id"] == 1
    assert [one["action_id"] for one in body["actions"]] == [2, 3, 4, 5, 6, 7]
    assert [one["input_object"]["inputValue"] for one in body["actions"]] == [
        NAME,
        "ann@example.org",
        "15005550006",
        "7",
        str(outcome.id),
        str(outcome.fields[0].id),
    ]
