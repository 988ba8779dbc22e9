"""The life of a verification, row by row, as Twilio lives it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.twilio.conftest import ANN, BOB, SERVICE, Refusal, Sandbox
from waypost.sandbox.twilio.models import Counter


def test_first_send_is_pending_with_a_code_on_the_phone(sandbox: Sandbox) -> None:
    verification = sandbox.send()

    assert (verification.status, verification.valid) == ("pending", False)
    assert verification.sid.startswith("VE") and len(verification.sid) == 34
    assert verification.lookup == {} and verification.sna is None
    assert [entry["channel"] for entry in verification.send_code_attempts] == ["SMS"]
    assert isinstance(verification.date_created, datetime)
    assert abs(datetime.now(UTC) - verification.date_created) < timedelta(minutes=1)
    text = sandbox.texts()[0]["body"]
    assert text == f"Your Waypost verification code is: {sandbox.code()}"
    assert len(sandbox.code()) == 6


def test_right_code_approves(sandbox: Sandbox) -> None:
    verification = sandbox.send()

    check = sandbox.check(sandbox.code())

    assert (check.status, check.valid, check.sid) == ("approved", True, verification.sid)


def test_wrong_code_is_no_error(sandbox: Sandbox) -> None:
    sandbox.send()

    check = sandbox.check(sandbox.wrong_code())

    assert (check.status, check.valid) == ("pending", False)


def test_check_by_verification_sid(sandbox: Sandbox) -> None:
    sid = sandbox.send().sid

    check = sandbox.service.verification_checks.create(code=sandbox.code(), verification_sid=sid)

    assert check.status == "approved"


def test_approved_verification_is_gone(sandbox: Sandbox, refusal: Refusal) -> None:
    sid = sandbox.send().sid
    code = sandbox.code()
    sandbox.check(code)

    again = refusal(sandbox.check, code)
    fetched = refusal(sandbox.service.verifications(sid).fetch)

    assert (again.status, again.code) == (404, 20404)
    expected = f"The requested resource /v2/Services/{SERVICE}/VerificationCheck was not found"
    assert again.msg == f"Unable to create record: {expected}"
    assert (fetched.status, fetched.code) == (404, 20404)


def test_resend_keeps_sid_and_code_also_on_another_channel(sandbox: Sandbox) -> None:
    first = sandbox.send()
    code = sandbox.code()

    second = sandbox.send(channel="call")
    third = sandbox.send(channel="whatsapp")

    assert first.sid == second.sid == third.sid
    assert {text["code"] for text in sandbox.texts()} == {code}
    channels = [entry["channel"] for entry in third.send_code_attempts]
    assert channels == ["SMS", "CALL", "whatsapp"]
    assert third.channel == "whatsapp"


def test_resend_does_not_prolong_the_window(sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.send()
    sandbox.pass_time(590)
    sandbox.send()
    code = sandbox.code()
    sandbox.pass_time(11)

    refused = refusal(sandbox.check, code)

    assert refused.status == 404


def test_sixth_send_is_refused_and_sends_nothing(sandbox: Sandbox, refusal: Refusal) -> None:
    for _ in range(5):
        sandbox.send()

    refused = refusal(sandbox.send)

    assert (refused.status, refused.code) == (429, 60203)
    assert refused.msg == "Unable to create record: Max send attempts reached"
    assert len(sandbox.texts()) == 5


def test_sends_start_anew_after_the_window(sandbox: Sandbox) -> None:
    first, *_ = [sandbox.send() for _ in range(5)]
    sandbox.pass_time(601)

    later = sandbox.send()

    assert later.sid != first.sid
    assert len(later.send_code_attempts) == 1


def test_sixth_check_is_refused_and_stays_refused(sandbox: Sandbox, refusal: Refusal) -> None:
    sid = sandbox.send().sid
    code, wrong = sandbox.code(), sandbox.wrong_code()
    for _ in range(5):
        assert sandbox.check(wrong).status == "pending"

    sixth, seventh = refusal(sandbox.check, code), refusal(sandbox.check, code)

    assert (sixth.status, sixth.code) == (seventh.status, seventh.code) == (429, 60202)
    assert sixth.msg == "Unable to create record: Max check attempts reached"
    fetched = sandbox.service.verifications(sid).fetch()
    assert (fetched.status, fetched.valid) == ("max_attempts_reached", False)


def test_fifth_check_may_still_be_right(sandbox: Sandbox) -> None:
    sandbox.send()
    code, wrong = sandbox.code(), sandbox.wrong_code()
    for _ in range(4):
        sandbox.check(wrong)

    assert sandbox.check(code).status == "approved"


def test_start_after_too_many_checks_waits_for_the_window(
    sandbox: Sandbox, refusal: Refusal
) -> None:
    first = sandbox.send()
    wrong = sandbox.wrong_code()
    for _ in range(5):
        sandbox.check(wrong)
    refusal(sandbox.check, wrong)

    refused = refusal(sandbox.send)
    sandbox.pass_time(601)
    later = sandbox.send()

    assert (refused.status, refused.code) == (429, 60202)
    assert later.sid != first.sid


def test_expired_verification_is_gone(sandbox: Sandbox, refusal: Refusal) -> None:
    sid = sandbox.send().sid
    code = sandbox.code()
    sandbox.pass_time(601)

    checked = refusal(sandbox.check, code)
    fetched = refusal(sandbox.service.verifications(sid).fetch)

    assert (checked.status, checked.code, fetched.code) == (404, 20404, 20404)


def test_expiry_answers_60323_where_the_switch_says_so(sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.switch(expiry_error="60323", ttl_seconds=60)
    sandbox.send()
    sandbox.pass_time(61)

    refused = refusal(sandbox.check, "123456")

    assert (refused.status, refused.code) == (403, 60323)
    assert refused.msg == "Unable to create record: Challenge expired"


def test_canceled_stays_to_be_seen_and_frees_the_number(sandbox: Sandbox, refusal: Refusal) -> None:
    for _ in range(5):
        sid = sandbox.send().sid
    code = sandbox.code()

    canceled = sandbox.service.verifications(sid).update(status="canceled")
    checked = refusal(sandbox.check, code)
    again = sandbox.send()

    assert (canceled.status, canceled.valid) == ("canceled", False)
    assert sandbox.service.verifications(sid).fetch().status == "canceled"
    assert checked.status == 404
    assert again.sid != sid and len(again.send_code_attempts) == 1


def test_update_approves_and_then_it_is_gone(sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.send()

    approved = sandbox.service.verifications(ANN).update(status="approved")

    assert (approved.status, approved.valid) == ("approved", True)
    assert refusal(sandbox.service.verifications(ANN).fetch).status == 404
    assert refusal(sandbox.service.verifications(ANN).update, status="canceled").status == 404


def test_fetch_by_number_with_a_raw_plus_in_the_path(sandbox: Sandbox) -> None:
    sid = sandbox.send().sid

    assert sandbox.service.verifications(ANN).fetch().sid == sid


def test_check_of_a_number_that_never_had_one(sandbox: Sandbox, refusal: Refusal) -> None:
    assert refusal(sandbox.check, "123456", to=BOB).code == 20404


def test_numbers_do_not_share_verifications(sandbox: Sandbox) -> None:
    first, second = sandbox.send(ANN), sandbox.send(BOB)

    assert first.sid != second.sid
    assert sandbox.check(sandbox.code(BOB), to=BOB).status == "approved"
    assert sandbox.service.verifications(ANN).fetch().status == "pending"


def test_resend_policy_new_sends_another_code(sandbox: Sandbox) -> None:
    sandbox.switch(resend_policy="new", max_sends=10)
    sids = {sandbox.send().sid for _ in range(4)}

    codes = [text["code"] for text in sandbox.texts()]

    assert len(sids) == 1
    assert len(set(codes)) > 1
    assert sandbox.check(codes[0]).status == "approved"


def test_spacing_refuses_a_hasty_resend(sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.switch(spacing_seconds=30)
    sandbox.send()

    refused = refusal(sandbox.send)
    sandbox.pass_time(31)

    assert (refused.status, refused.code) == (429, 60212)
    assert len(sandbox.send().send_code_attempts) == 2


def test_own_limits_of_sends_and_checks(sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.switch(max_sends=1, max_checks=1)
    sandbox.send()

    sandbox.check(sandbox.wrong_code())

    assert refusal(sandbox.send).code == 60203
    assert refusal(sandbox.check, sandbox.code()).code == 60202


def test_polling_is_limited_to_sixty_a_minute(sandbox: Sandbox, refusal: Refusal) -> None:
    verification = sandbox.service.verifications(sandbox.send().sid)
    sandbox.pass_time(60 - datetime.now(UTC).timestamp() % 60)
    verification.fetch()
    Counter.objects.filter(hits=1).update(hits=59)

    assert verification.fetch().status == "pending"
    refused = refusal(verification.fetch)

    assert (refused.status, refused.code) == (429, 20429)


@pytest.mark.parametrize("length", [4, 10])
def test_code_has_the_length_of_the_service(sandbox: Sandbox, length: int) -> None:
    sandbox.service.update(code_length=length)
    sandbox.send()

    assert len(sandbox.code()) == length
    assert sandbox.check(sandbox.code()).status == "approved"
