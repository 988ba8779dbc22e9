"""Services, lists, rate limits and attempts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.twilio.conftest import ACCOUNT, ANN, BOB, SERVICE, TOKEN, Refusal, Sandbox
from tests.sandbox.twilio.contract import CONTRACT
from waypost.sandbox.keys import sha256_hex
from waypost.sandbox.models import Account


def test_contract_is_here_to_compare_with() -> None:
    if not CONTRACT.exists():
        pytest.skip(f"answers were not compared with Twilio's OpenAPI: {CONTRACT} is missing")


def test_service_is_made_changed_and_deleted(sandbox: Sandbox, refusal: Refusal) -> None:
    services = sandbox.sdk.verify.v2.services

    made = services.create(friendly_name="Shop 24", code_length=8, totp_issuer="Shop")
    changed = services(made.sid).update(friendly_name="Shop", dtmf_input_required=False)

    assert (made.code_length, made.dtmf_input_required, made.custom_code_enabled) == (
        8,
        True,
        False,
    )
    assert made.totp == {"issuer": "Shop", "time_step": 30, "code_length": 6, "skew": 1}
    assert made.links["verifications"] == f"{sandbox.url}/v2/Services/{made.sid}/Verifications"
    assert (changed.friendly_name, changed.code_length) == ("Shop", 8)
    assert changed.dtmf_input_required is False
    assert services(made.sid).delete() is True
    assert refusal(services(made.sid).fetch).code == 20404


@pytest.mark.parametrize(
    ("parameter", "wanted"),
    [
        ("FriendlyName", {"friendly_name": "x" * 31}),
        ("FriendlyName", {"friendly_name": "call 12345"}),
        ("FriendlyName", {"friendly_name": "http://a.example"}),
        ("CodeLength", {"friendly_name": "A", "code_length": 3}),
        ("CodeLength", {"friendly_name": "A", "code_length": 11}),
        ("Totp.Skew", {"friendly_name": "A", "totp_skew": 3}),
    ],
)
def test_bad_service_setting(
    sandbox: Sandbox, refusal: Refusal, parameter: str, wanted: dict[str, str | int]
) -> None:
    refused = refusal(sandbox.sdk.verify.v2.services.create, **wanted)

    assert refused.msg == f"Unable to create record: Invalid parameter: {parameter}"


def test_list_goes_over_three_pages_and_back(sandbox: Sandbox) -> None:
    services = sandbox.sdk.verify.v2.services
    made = [SERVICE] + [services.create(friendly_name=f"S {n}").sid for n in range(6)]

    listed = [service.sid for service in services.list(page_size=3)]
    second = services.page(page_size=3).next_page()
    first = second.previous_page()

    assert listed == made[::-1]
    assert [service.sid for service in second] == made[1:4][::-1]
    assert [service.sid for service in first] == made[4:][::-1]
    assert first.previous_page_url is None
    assert second.next_page_url.startswith(sandbox.url)


@pytest.mark.parametrize("query", ["PageSize=0", "PageSize=1001", "Page=x", "PageToken=x"])
def test_bad_paging(sandbox: Sandbox, query: str) -> None:
    url = f"{sandbox.url}/v2/Services?{query}"

    assert sandbox.http.get(url, auth=(ACCOUNT, TOKEN), timeout=10).json()["code"] == 60200


def test_forged_host_does_not_get_into_links(sandbox: Sandbox) -> None:
    answer = sandbox.http.get(
        f"{sandbox.url}/v2/Services?PageSize=1",
        auth=(ACCOUNT, TOKEN),
        headers={"Host": "evil.example"},
        timeout=10,
    )

    assert "evil" not in answer.text


def test_accounts_do_not_see_each_other(sandbox: Sandbox, refusal: Refusal) -> None:
    other = "AC" + "d" * 32
    Account.objects.create(sid=other, auth_token_sha256=sha256_hex("other"))
    verify = sandbox.sdk_for(other, "other").verify.v2
    attempt = sandbox.send().send_code_attempts[0]["attempt_sid"]

    assert verify.services.list() == []
    assert refusal(verify.services(SERVICE).fetch).code == 20404
    assert refusal(verify.verification_attempts(attempt).fetch).code == 20404
    checks = verify.services(SERVICE).verification_checks
    assert refusal(checks.create, to=ANN, code=sandbox.code()).code == 20404


def test_rate_limit_counts_the_key_that_is_sent(sandbox: Sandbox, refusal: Refusal) -> None:
    limit = sandbox.service.rate_limits.create(unique_name="visitor.ip", description="by address")
    bucket = sandbox.service.rate_limits(limit.sid).buckets.create(max=2, interval=60)
    sandbox.pass_time(60 - datetime.now(UTC).timestamp() % 60)
    sandbox.send(ANN, rate_limits={"visitor.ip": "1.2.3.4"})
    sandbox.send(BOB, rate_limits={"visitor.ip": "1.2.3.4"})

    refused = refusal(sandbox.send, "+12025550123", rate_limits={"visitor.ip": "1.2.3.4"})
    elsewhere = sandbox.send("+12025550123", rate_limits={"visitor.ip": "5.6.7.8"})
    sandbox.pass_time(60)
    later = sandbox.send("+12025550124", rate_limits={"visitor.ip": "1.2.3.4"})

    assert (bucket.max, bucket.interval) == (2, 60)
    assert (refused.status, refused.code) == (429, 60203)
    assert elsewhere.status == later.status == "pending"


def test_refused_send_is_not_counted_in_a_bucket(sandbox: Sandbox, refusal: Refusal) -> None:
    limit = sandbox.service.rate_limits.create(unique_name="ip")
    sandbox.service.rate_limits(limit.sid).buckets.create(max=2, interval=86_400)
    sandbox.switch(max_sends=1)
    sandbox.send(ANN, rate_limits={"ip": "1"})
    refusal(sandbox.send, ANN, rate_limits={"ip": "1"})

    assert sandbox.send(BOB, rate_limits={"ip": "1"}).status == "pending"


def test_service_wide_limit(sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.switch(max_sends_per_minute=1)
    sandbox.pass_time(60 - datetime.now(UTC).timestamp() % 60)
    sandbox.send(ANN)

    assert refusal(sandbox.send, BOB).code == 20429


def test_rate_limit_administration(sandbox: Sandbox, refusal: Refusal) -> None:
    limits = sandbox.service.rate_limits
    limit = limits.create(unique_name="a_b-c.d")
    buckets = limits(limit.sid).buckets
    bucket = buckets.create(max=5, interval=60)

    assert refusal(limits.create, unique_name="a_b-c.d").code == 60208
    assert refusal(limits.create, unique_name="a b").msg.endswith("UniqueName format is invalid")
    assert refusal(buckets.create, max=1, interval=60).code == 60211
    assert limits(limit.sid).update(description="new").description == "new"
    assert buckets(bucket.sid).update(max=9).max == 9
    assert [found.sid for found in buckets.list()] == [bucket.sid]
    assert [found.sid for found in limits.list()] == [limit.sid]
    assert buckets(bucket.sid).fetch().interval == 60
    assert limits(limit.sid).fetch().unique_name == "a_b-c.d"
    assert buckets(bucket.sid).delete() and limits(limit.sid).delete()
    assert refusal(limits(limit.sid).fetch).code == 20404


def test_attempts_and_their_summary(sandbox: Sandbox) -> None:
    sid = sandbox.send(ANN).sid
    sandbox.check(sandbox.code(ANN))
    sandbox.send(BOB, channel="call")
    sandbox.send("+12025550123")
    verify = sandbox.sdk.verify.v2
    after = datetime.now(UTC) - timedelta(hours=1)

    every = verify.verification_attempts.list()
    german = verify.verification_attempts.list(country="DE", channel="call")
    converted = verify.verification_attempts.list(status="converted", verification_sid=sid)
    summary = verify.verification_attempts_summary().fetch(
        date_created_after=after, verify_service_sid=SERVICE
    )

    assert len(every) == 3
    assert german[0].channel_data["to"] == BOB
    assert converted[0].channel_data["status"] == "confirmed"
    assert verify.verification_attempts(every[0].sid).fetch().sid == every[0].sid
    assert (summary.total_attempts, summary.total_converted) == (3, 1)
    assert summary.conversion_rate_percentage == "33.333333333"


def test_attempt_of_an_expired_verification(sandbox: Sandbox) -> None:
    sandbox.send()
    sandbox.pass_time(601)

    attempts = sandbox.sdk.verify.v2.verification_attempts.list(status="unconverted")

    assert attempts[0].channel_data["status"] == "expired"
