"""What providers and this server itself answer in a dry run."""

from __future__ import annotations

import json

import msgspec
import pytest

from tests.workflows.dry_run.makers import (
    ASK,
    CHECK,
    FORM_TYPE,
    OWN,
    VERIFY,
    a_call,
    a_flow,
    answers,
    enter,
    played,
    statuses,
)
from waypost.api.examples import ANSWERS
from waypost.engine.definition import Workflow
from waypost.engine.dry_run import AdvanceMove, AnswerMove
from waypost.engine.json_value import JSON
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import HttpRequest
from waypost.integrations.outputs import read_answer
from waypost.workflows.dry_run.world import Delivered, Exchanged, World

TO = "To=%2B15005550006"
SENDS = a_call(
    "status", "message", key="send", url=VERIFY, headers=FORM_TYPE, body=f"{TO}&Channel=sms"
)


def passed(call: HttpRequest, key: str = "") -> HttpRequest:
    return msgspec.structs.replace(call, key=key or call.key, on_failure="skip")


def a_check(code: str = "123456", key: str = "check") -> HttpRequest:
    return passed(a_call("status", key=key, url=CHECK, headers=FORM_TYPE, body=f"{TO}&Code={code}"))


def found(world: World, key: str) -> dict[str, JSON]:
    return world.runs[0].state.run(key).variables


def body_of(world: World, key: str) -> JSON:
    (body,) = (one.body for one in world.log if isinstance(one, Exchanged) and one.step == key)
    return read_answer(body)


def test_a_text_with_a_code_is_delivered_and_the_code_is_approved() -> None:
    world = played(a_flow(SENDS, a_check()))

    (text,) = (one for one in world.log if isinstance(one, Delivered))
    assert (text.kind, text.to, text.text) == (
        "text",
        "+15005550006",
        "Your verification code is: 123456",
    )
    assert found(world, "check")["status"] == "approved"


def test_a_wrong_code_stays_pending_and_the_sixth_is_refused() -> None:
    checks = [a_check("000000", f"check_{number}") for number in range(6)]

    world = played(a_flow(SENDS, *checks))

    assert [status for _, status in answers(world)] == [201, *[200] * 5, 429]
    assert found(world, "check_0")["status"] == "pending"


def test_the_sixth_text_to_a_number_is_refused_as_by_twilio() -> None:
    sends = [passed(SENDS, f"send_{number}") for number in range(6)]

    world = played(a_flow(*sends))

    assert [status for _, status in answers(world)] == [*[201] * 5, 429]
    assert found(world, "send_5") == {"status": 429, "message": "Max send attempts reached"}


def test_a_code_expires_after_ten_minutes() -> None:
    flow = a_flow(SENDS, ASK, a_check())

    world = played(flow, AdvanceMove(minutes=10), enter("ask"))

    assert answers(world)[-1] == ("check", 404)


@pytest.mark.parametrize(("code", "status"), [("60200", 400), ("60203", 429), ("60205", 403)])
def test_a_provider_gives_any_of_its_known_answers(code: str, status: int) -> None:
    world = played(a_flow(passed(SENDS)), AnswerMove(step="send", code=code))

    assert answers(world) == [("send", status)]
    assert found(world, "send")["message"]


def test_a_mail_is_delivered_with_its_words() -> None:
    content = "<p>Hi <b>Ann</b></p>"
    mail: dict[str, JSON] = {
        "personalizations": [{"to": [{"email": "ann@example.org"}]}],
        "subject": "Hello",
        "content": [{"type": "text/html", "value": content}],
    }
    call = a_call(url="https://api.sendgrid.com/v3/mail/send", body=json.dumps(mail))

    world = played(a_flow(call))

    (delivered,) = (one for one in world.log if isinstance(one, Delivered))
    assert (delivered.to, delivered.subject, delivered.text) == (
        "ann@example.org",
        "Hello",
        "Hi Ann",
    )
    assert answers(world) == [("call", 202)]


def completing(instance: str, step: str, actions: str = "") -> HttpRequest:
    body = f'{{"step_id": {step}, "actions": [{actions}]}}'
    return passed(a_call("code", url=f"{OWN}/{instance}/complete_step/", body=body))


def a_flow_calling(call: HttpRequest, *steps: AnyStep) -> Workflow:
    return a_flow(msgspec.structs.replace(call, is_blocking=False), *steps)


def test_a_call_completes_a_step_of_its_own_instance() -> None:
    action = '{"action_id": {{=id flow/ask/text}}, "input_object": {"inputValue": "by itself"}}'
    flow = a_flow_calling(completing("{{=instance.id}}", "{{=id flow/ask}}", action), ASK)

    world = played(flow)

    assert statuses(world) == {"call": "completed", "ask": "completed"}
    assert world.runs[0].state.run("ask").values == {"text": {"inputValue": "by itself"}}


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (completing("999", "1"), "not_found"),
        (completing("{{=instance.id}}", "999"), "unknown_step"),
        (completing("{{=instance.id}}", "{{=id flow/call}}"), "step_is_automatic"),
        (
            completing("{{=instance.id}}", "{{=id flow/ask}}", '{"action_id": 999}'),
            "unknown_action",
        ),
    ],
)
def test_a_call_that_asks_something_wrong_gets_the_real_refusal(
    call: HttpRequest, code: str
) -> None:
    world = played(a_flow_calling(call, ASK))

    assert found(world, "call") == {"code": code}


def test_a_blocking_call_for_the_next_step_is_told_not_yet_until_it_is_given_up() -> None:
    flow = a_flow(completing("{{=instance.id}}", "{{=id flow/ask}}"), ASK)

    waiting = played(flow)
    later = played(flow, AdvanceMove(minutes=15))

    assert statuses(waiting) == {"call": "active", "ask": "not_started"}
    assert body_of(waiting, "call") == {
        "code": "step_not_active",
        "detail": "Ask is not reached yet. Try again when its turn has come.",
        "fields": {},
    }
    assert statuses(later) == {"call": "failed_skipped", "ask": "active"}


def test_an_instance_is_answered_in_the_shape_of_the_api() -> None:
    read = a_call(url=f"{OWN}/{{{{=instance.id}}}}/")
    world = played(a_flow(msgspec.structs.replace(read, method="GET"), ASK))

    answer = body_of(world, "call")

    assert isinstance(answer, dict)
    described = ANSWERS["read_instance"]
    assert isinstance(described, dict)
    assert list(answer) == list(described)
