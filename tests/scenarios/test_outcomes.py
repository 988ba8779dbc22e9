"""Paths A to F and L: how a verification may end, and what main step 5 then says."""

from __future__ import annotations

from tests.scenarios.between import Between
from tests.scenarios.runs import GO_ON, STOP, routed, text
from tests.scenarios.verification import ALWAYS_TOO_MANY, World

OUTCOME = "radioItemSelected"
#: The fields of "Provide details" in their order.
DETAILS = (
    "customer_name",
    "customer_email",
    "phone_number",
    "output_instance_id",
    "target_outcome_of_check_step",
    "action_id_of_radio_button",
)


def test_a_right_code_ends_in_successful(world: World) -> None:
    verification = world.verify().begin()

    verification.finish()

    sub, main = verification.sub, verification.main
    reported = dict.fromkeys((2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 16), "completed")
    assert sub.statuses == reported | dict.fromkeys((8, 14, 15), "skipped")
    assert main.value(5)["inputValue"] == {OUTCOME: "Successful"}
    assert main.statuses == {
        **dict.fromkeys((2, 3, 4, 5), "completed"),
        **{6: "skipped", 7: "active"},
    }
    assert main.active == {7}
    assert sub.shown["completed_time"] is not None
    assert sub.shown["name"] == f"{main.shown['name']}-Verification"
    assert (len(verification.mails()), len(verification.texts())) == (2, 1)
    assert [len(sub.exchanges(number)) for number in (3, 5, 6, 9, 11, 12, 16)] == [1] * 7
    main.completed(7, {"inputValue": "Here you are."})
    assert main.status == "completed"


def test_b_too_many_sends_are_reported_and_main_may_try_again(world: World) -> None:
    verification = world.verify(ALWAYS_TOO_MANY).begin()

    verification.ask_for_code()
    sub, main = verification.sub, verification.main
    sub.wait_for(14)
    main.wait_for(6)

    assert sub.value(7, 0)["inputValue"] == {OUTCOME: "429"}
    assert sub.value(7, 1)["inputValue"] == {OUTCOME: "Max send attempts reached"}
    assert sub.statuses == {
        **dict.fromkeys((2, 3, 4, 6, 7, 8), "completed"),
        **dict.fromkeys((9, 10, 11, 12, 13), "skipped"),
        **{5: "failed_skipped", 14: "active", 15: "not_started", 16: "not_started"},
    }
    assert main.value(5)["inputValue"] == {OUTCOME: "Max send attempts reached"}
    assert main.active == {6}

    main.completed(6, routed("return", main.process.step_id(3)))
    world.stack.wait_until(lambda: len(verification.subs) == 2)
    verification.sub.wait_for(2, "completed")

    assert verification.subs[0].statuses[14] == "active"
    assert main.steps[3]["visit"] == 2


def test_c_wrong_code_then_the_right_one_after_a_return(world: World) -> None:
    verification = world.verify().begin()
    code_page = verification.fail()
    code, sub, main = verification.code(), verification.sub, verification.main
    assert sub.value(13, 0)["inputValue"] == {OUTCOME: "pending"}
    assert main.active == {5}

    sub.completed(14, {}, routed("return", sub.process.step_id(2)))

    assert sub.active == {2}
    steps = sub.steps
    assert {number: step["visit"] for number, step in steps.items() if number < 15} == {
        2: 2,
        **dict.fromkeys(range(3, 15), 1),
    }
    assert set(sub.statuses.values()) == {"active", "not_started"}
    offered = [steps[2]["prefill"][key] for key in DETAILS]
    assert offered[:2] == [text(verification.name), text(verification.email)]
    shown = world.colleague.open(f"{world.stack.url}/instances/{sub.id}/").html
    assert f'value="{verification.email}"' in shown
    assert not any(step.get("prefill") for number, step in steps.items() if number in (7, 13))

    sub.completed(2, *offered)
    verification.ask_for_code(mails=3)
    sub.wait_for(10)
    assert verification.mailed_link(mails=4) == code_page
    page = verification.browser.open(code_page)
    assert verification.code() == code
    assert code not in page.html
    verification.browser.send(page, code)
    sub.wait_until("completed")
    main.wait_for(7)

    assert {number: step["visit"] for number, step in sub.steps.items()} == dict.fromkeys(
        range(2, 17), 2
    ) | {15: 1, 16: 1}
    assert main.value(5)["inputValue"] == {OUTCOME: "Successful"}
    assert main.events("step_completed", 5) == 1
    assert [one.status for one in sub.exchanges(16)] == [200]
    assert sub.exchanges(15) == sub.exchanges(8) == []


def test_d_wrong_code_that_a_colleague_confirms(world: World) -> None:
    verification = world.verify().begin()
    verification.fail()
    sub, main = verification.sub, verification.main

    sub.completed(14, {}, GO_ON)
    sub.wait_until("completed")
    main.wait_for(6)

    assert main.value(5)["inputValue"] == {OUTCOME: "Challenge expired"}
    assert main.active == {6}
    assert sub.statuses[15] == "completed"
    assert sub.statuses[16] == "skipped"
    main.completed(6, GO_ON)
    assert main.statuses[7] == "skipped"
    assert main.status == "completed"


def test_e_code_that_never_came(world: World) -> None:
    verification = world.verify().begin()

    verification.enter("NOTRECEIVED")
    sub, main = verification.sub, verification.main
    sub.wait_for(14)

    assert [sub.statuses[number] for number in (11, 12, 13)] == ["skipped"] * 3
    assert main.active == {5}
    sub.completed(14, {}, GO_ON)
    main.wait_for(6)
    sub.wait_until("completed")
    assert main.value(5)["inputValue"] == {OUTCOME: "Challenge expired"}
    assert sub.exchanges(11) == sub.exchanges(12) == []


def test_f_decline_stops_the_verification_and_main_waits_on(world: World) -> None:
    verification = world.verify().begin()
    verification.fail()
    sub, main = verification.sub, verification.main

    shown = sub.completed(14, {}, STOP)

    assert shown["aborted_time"] is not None
    assert shown["completed_time"] is None
    assert shown["active_step_ids"] == []
    assert sub.status == "aborted"
    assert sub.statuses[14] == "declined"
    assert (sub.statuses[15], sub.statuses[16]) == ("not_started", "not_started")
    assert main.active == {5}
    assert main.status == "running"


def test_l_answer_of_an_old_verification_does_not_decide_a_new_one(
    world: World, between: Between
) -> None:
    verification = world.verify()
    digits = verification.phone[1:]
    between.answer(
        lambda call: call.path.endswith("/Verifications") and digits.encode() in call.body,
        429,
        {"code": 60203, "message": "Max send attempts reached", "status": 429},
    )
    verification.begin()
    verification.ask_for_code()
    main, old = verification.main, verification.sub
    main.wait_for(6)
    old.wait_for(14)
    main.completed(6, routed("return", main.process.step_id(3)))
    world.stack.wait_until(lambda: len(verification.subs) == 2)
    main.wait_for(5)

    old.completed(14, {}, GO_ON)
    old.wait_until("completed")

    assert old.statuses[15] == "failed_skipped"
    assert [one.status for one in old.exchanges(15)] == [400]
    assert "superseded" in str(old.exchanges(15)[0].response)
    assert main.active == {5}
    assert main.steps[5]["visit"] == 2
    page = verification.ask_for_code(mails=2)
    verification.sub.wait_for(10)
    verification.browser.send(verification.browser.open(page), verification.code())
    main.wait_for(7)
    assert main.value(5)["inputValue"] == {OUTCOME: "Successful"}
    assert main.events("step_completed", 5) == 2
