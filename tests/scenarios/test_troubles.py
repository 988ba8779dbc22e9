"""Paths G, H, I and M: what goes wrong on the way and must not stop a verification."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.scenarios.between import Between, Call, Wanted
from tests.scenarios.customer import links_in
from tests.scenarios.runs import GO_ON, chosen
from tests.scenarios.verification import ALWAYS_TOO_MANY, Verification, World

ASSIGNEE = """
SELECT p.kind, p.name FROM open_step o JOIN principal p ON p.id = o.assignee_id
WHERE o.instance_id = %s AND o.step_id = %s AND NOT o.is_failed
"""


def test_g_refused_record_of_the_sending_is_made_by_hand(world: World, between: Between) -> None:
    verification = world.verify().begin()
    sub = verification.sub
    sub.wait_for(4)
    refusal = {"code": "invalid_value", "detail": "Not this time.", "fields": {}}
    between.answer(completion_of(sub.id), 400, refusal)

    verification.ask_for_code()
    sub.wait_for(6, "failed_skipped")

    assert sub.statuses[7] == "active"
    assert world.stack.sql(ASSIGNEE, sub.id, sub.process.step_id(7)) == [("team", "Verification")]
    assert sub.failed_for_the_tech_lead() == 0
    sub.completed(7, chosen("pending"), chosen(""), {})
    verification.finish_with_code()
    assert verification.main.value(5)["inputValue"] == {"radioItemSelected": "Successful"}
    assert sub.statuses[6] == "failed_skipped"


def test_h_early_link_says_not_yet_and_opens_later(world: World) -> None:
    verification = world.verify().begin()
    browser = verification.browser
    instructions = verification.read_instructions()
    link = links_in(instructions.html)[-1]
    before = verification.sub.steps

    early = browser.open(link)

    assert early.status == 200
    assert "Not available yet" in early.text
    assert early.form is None
    assert verification.sub.steps == before
    browser.send(instructions)
    verification.sub.wait_for(10)
    opened = browser.open(link)
    assert opened.status == 200
    assert opened.form is not None
    browser.send(opened, verification.code())
    verification.main.wait_for(7)


def test_i_second_report_is_refused_and_nobody_is_troubled(world: World) -> None:
    verification = world.verify(ALWAYS_TOO_MANY).begin()
    verification.ask_for_code()
    sub, main = verification.sub, verification.main
    sub.wait_for(14)
    main.wait_for(6)

    sub.completed(14, {}, GO_ON)
    sub.wait_until("completed")

    assert [one.status for one in sub.exchanges(8)] == [200]
    assert [one.status for one in sub.exchanges(15)] == [400]
    assert "step_already_completed" in str(sub.exchanges(15)[0].response)
    assert (sub.statuses[8], sub.statuses[15]) == ("completed", "failed_skipped")
    assert sub.failed_for_the_tech_lead() == main.failed_for_the_tech_lead() == 0
    assert main.value(5)["inputValue"] == {"radioItemSelected": "Max send attempts reached"}
    assert main.events("step_completed", 5) == 1


#: The number of the call's step, and whether it is one of the main workflow.
LOST = {"launch": (3, True), "details": (4, True), "check": (11, False)}


@pytest.fixture(scope="module")
def lost(world: World, between: Between) -> dict[str, Verification]:
    """Three verifications whose worker was killed after one of their calls had its effect and
    before it took the answer.
    """
    launch, details, check = (world.verify() for _ in range(3))
    check.begin()
    page = check.browser.open(check.reach_code_page())
    held = [
        between.hold(call_with("/api/instances/", f"For {launch.email}-Verification")),
        between.hold(call_with("/complete_step/", details.email)),
        between.hold(call_with("/VerificationCheck", check.phone[1:])),
    ]
    launch.begin()
    details.begin()
    check.browser.send(page, check.code())
    assert all(hold.arrived.wait(60) for hold in held)

    world.stack.kill("waypost.cli", "worker")
    for hold in held:
        hold.let_go.set()

    for one in (launch, details):
        one.finish()
    check.main.wait_for(7)
    check.sub.wait_until("completed")
    return {"launch": launch, "details": details, "check": check}


@pytest.mark.parametrize("name", LOST)
def test_m_answer_lost_with_the_worker_is_replayed(
    lost: dict[str, Verification], between: Between, name: str
) -> None:
    verification = lost[name]
    number, is_main = LOST[name]
    run = verification.main if is_main else verification.sub

    assert len(verification.subs) == 1
    assert verification.main.value(5)["inputValue"] == {"radioItemSelected": "Successful"}
    assert "failed_skipped" not in run.statuses.values()
    assert run.events("call_answered", number) == 1
    assert run.events("call_failed", number) == 0
    assert (len(verification.mails()), len(verification.texts())) == (2, 1)
    key = run.exchanges(number)[-1].key
    sent = Counter(call.headers.get("Idempotency-Key") for call in between.passed)
    assert sent[key] == 2


def completion_of(instance_id: int) -> Wanted:
    """A call that completes a step of this instance."""
    return lambda call: call.path == f"/api/instances/{instance_id}/complete_step/"


def call_with(path: str, text: str) -> Wanted:
    """A call whose path ends so, with this in its body."""

    def is_it(call: Call) -> bool:
        return call.path.endswith(path) and text.encode() in call.body

    return is_it
