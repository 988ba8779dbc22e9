"""Twilio's refusals, with their exact codes, words and headers."""

from __future__ import annotations

import logging

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.sandbox.twilio.conftest import (
    ACCOUNT,
    ANN,
    KEY,
    SECRET,
    SERVICE,
    TOKEN,
    Refusal,
    Sandbox,
)


def said(error: TwilioRestException) -> tuple[int, int, str]:
    """What went over the wire: the SDK puts its own words before Twilio's."""
    return error.status, error.code, error.msg.partition(": ")[2]


@pytest.mark.parametrize(
    "to", ["+447700900123", "15017122661", "+1 501 712 2661", "+15555550100", "ann@example.org"]
)
def test_number_that_cannot_be(sandbox: Sandbox, refusal: Refusal, to: str) -> None:
    assert said(refusal(sandbox.send, to)) == (400, 60200, f"Invalid parameter `To`: {to}")


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ("Channel=sms", "To"),
        ("To=%2B15017122661", "Channel"),
        ("To=%2B15017122661&Channel=pigeon", "Channel"),
        ("To=%2B15017122661&Channel=sms&Locale=../x", "Locale"),
        ("To=%2B15017122661&Channel=sms&DeviceIp=1.2.3", "DeviceIp"),
        ("To=%2B15017122661&Channel=sms&Tags=nothing", "Tags"),
        ("To=%2B15017122661&Channel=sms&Tags=%7B%22a%22%3A%22%5Cud800%22%7D", "Tags"),
        ("To=%2B15017122661&Channel=sms&CustomFriendlyName=%00", "CustomFriendlyName"),
    ],
)
def test_bad_parameter_is_named(sandbox: Sandbox, body: str, parameter: str) -> None:
    answer = sandbox.post("Verifications", body)

    assert answer.json() == {
        "code": 60200,
        "message": f"Invalid parameter: {parameter}",
        "more_info": "https://www.twilio.com/docs/errors/60200",
        "status": 400,
    }
    assert answer.status_code == 400


def test_raw_plus_in_a_form_is_a_space(sandbox: Sandbox) -> None:
    raw = sandbox.post("Verifications", "To=+15017122661&Channel=sms")
    encoded = sandbox.post("Verifications", "To=%2B15017122661&Channel=sms")

    assert raw.json()["message"] == "Invalid parameter `To`:  15017122661"
    assert encoded.status_code == 201


def test_json_body_is_refused_with_a_hint_in_the_log(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = sandbox.post(
            "Verifications", '{"To":"+15017122661"}', Content_Type="application/json"
        )

    assert (answer.status_code, answer.json()["code"]) == (400, 60200)
    assert "application/x-www-form-urlencoded" in caplog.text


@pytest.mark.parametrize("code", ["NOTRECEIVED", "123"])
def test_code_of_another_length_is_a_bad_parameter(
    sandbox: Sandbox, refusal: Refusal, code: str
) -> None:
    sandbox.send()

    assert said(refusal(sandbox.check, code)) == (400, 60200, "Invalid parameter: Code")


def test_check_without_a_target(sandbox: Sandbox, refusal: Refusal) -> None:
    refused = refusal(sandbox.service.verification_checks.create, code="123456")

    assert said(refused) == (400, 60221, "No target verification specified")


@pytest.mark.parametrize(
    ("username", "password"), [(ACCOUNT, "wrong"), ("AC" + "0" * 32, TOKEN), (KEY, TOKEN)]
)
def test_wrong_credentials(
    sandbox: Sandbox, refusal: Refusal, username: str, password: str
) -> None:
    services = sandbox.sdk_for(username, password).verify.v2.services

    assert said(refusal(services.create, friendly_name="A")) == (401, 20003, "Authenticate")


def test_no_credentials(sandbox: Sandbox) -> None:
    answer = sandbox.http.get(f"{sandbox.url}/v2/Services", timeout=10)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Basic w6k=", "Basic \xe9", "Bearer x"])
def test_broken_authorization_header(sandbox: Sandbox, header: str) -> None:
    answer = sandbox.http.get(
        f"{sandbox.url}/v2/Services", headers={"Authorization": header}, timeout=10
    )

    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_api_key_acts_for_its_account(sandbox: Sandbox) -> None:
    verify = sandbox.sdk_for(KEY, SECRET).verify.v2

    assert verify.services(SERVICE).fetch().account_sid == ACCOUNT


def test_unknown_service_and_path(sandbox: Sandbox, refusal: Refusal) -> None:
    other = sandbox.sdk.verify.v2.services("VA" + "0" * 32)

    unknown = refusal(other.verifications.create, to=ANN, channel="sms")
    entities = sandbox.post("Entities", "Identity=ff483d1ff591898a")

    expected = f"The requested resource /v2/Services/{'VA' + '0' * 32}/Verifications was not found"
    assert said(unknown) == (404, 20404, expected)
    assert (entities.status_code, entities.json()["code"]) == (404, 20404)


def test_wrong_method(sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/v2/Services/{SERVICE}/Verifications"

    answer = sandbox.http.delete(url, auth=(ACCOUNT, TOKEN), timeout=10)

    assert (answer.status_code, answer.json()["code"]) == (405, 20004)
    assert answer.json()["message"] == "Method not allowed"


@pytest.mark.parametrize("path", ["Verifications/%00", "RateLimits/%00", "%00"])
def test_zero_byte_in_a_path_is_not_found(sandbox: Sandbox, path: str) -> None:
    url = f"{sandbox.url}/v2/Services/{SERVICE}/{path}"

    assert sandbox.http.get(url, auth=(ACCOUNT, TOKEN), timeout=10).status_code == 404


def test_ordinary_headers_and_retry_after(sandbox: Sandbox) -> None:
    body = "To=%2B15017122661&Channel=sms"
    for _ in range(5):
        fine = sandbox.post("Verifications", body)

    refused = sandbox.post("Verifications", body)

    assert fine.headers["Twilio-Request-Id"].startswith("RQ")
    assert float(fine.headers["Twilio-Request-Duration"]) >= 0
    assert fine.headers["Twilio-Concurrent-Requests"] == "1"
    assert 590 <= int(refused.headers["Retry-After"]) <= 601
    assert refused.headers["Twilio-Reached-Rate-Limit"] == "send-attempts"


def test_custom_code_only_where_the_service_allows_it(sandbox: Sandbox, refusal: Refusal) -> None:
    refused = refusal(sandbox.send, custom_code="AB12cd")
    sandbox.service.update(custom_code_enabled=True)
    sandbox.send(custom_code="AB12cd")

    assert said(refused) == (403, 60204, "Custom code not allowed")
    assert sandbox.check("AB12cE").status == "pending"
    assert sandbox.check("AB12cd").status == "approved"


def test_payment_is_bound_to_the_code(sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.service.update(psd2_enabled=True)
    missing = refusal(sandbox.send)
    sandbox.send(amount="$5", payee="Bob")
    code = sandbox.code()

    unsaid = refusal(sandbox.check, code)

    assert said(missing) == said(unsaid) == (400, 60206, "'Amount' & 'Payee' params are required")
    assert refusal(sandbox.send, channel="call", amount="$5", payee="Bob").code == 60214
    assert sandbox.check(code, amount="$500", payee="Bob").status == "pending"
    assert sandbox.check(code, amount="$5", payee="Bob").status == "approved"


def test_mail_needs_a_mailer(sandbox: Sandbox, refusal: Refusal) -> None:
    refused = refusal(sandbox.send, "ann@example.org", "email")
    url = f"{sandbox.url}/v2/Services/{SERVICE}"
    sandbox.http.post(
        url, {"MailerSid": "MD" + "0" * 32}, auth=(ACCOUNT, TOKEN), timeout=10
    ).raise_for_status()
    sandbox.send("ann@example.org", "email")

    assert said(refused) == (400, 60217, "A Mailer must be associated with the service")
    code = sandbox.code("ann@example.org")
    assert sandbox.check(code, to="ann@example.org").status == "approved"


def test_channels_countries_and_prefixes_can_be_off(sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.switch(disabled_channels="whatsapp", denied_countries="DE", blocked_prefixes="+1501712")

    assert said(refusal(sandbox.send, channel="whatsapp"))[1:] == (
        60223,
        "Delivery channel disabled: WHATSAPP",
    )
    assert refusal(sandbox.send, channel="sna").code == 60223
    assert said(refusal(sandbox.send, "+4915112345678"))[:2] == (403, 60605)
    assert said(refusal(sandbox.send, ANN))[:2] == (403, 60410)
    assert sandbox.send(ANN, risk_check="disable").status == "pending"


def test_landlines_and_premium_numbers_take_no_sms(sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.service.update(lookup_enabled=True, skip_sms_to_landlines=True)
    expected = (403, 60205, "SMS is not supported by landline phone number")

    assert said(refusal(sandbox.send, "+49301234567")) == expected
    assert said(refusal(sandbox.send, "+19005551234")) == expected
    assert sandbox.send("+4915112345678").lookup["carrier"]["type"] == "mobile"


def test_message_shapes(sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.service.update(do_not_share_warning_enabled=True)
    sandbox.send(app_hash="He42w354ol9", custom_friendly_name="AppName")

    code = sandbox.code()
    warning = "Don’t share this code with anyone; our employees will never ask for the code"  # noqa: RUF001
    expected = f"<#> Your AppName verification code is: {code}. {warning} He42w354ol9"
    assert sandbox.texts()[0]["body"] == expected
    assert refusal(sandbox.send, channel="call", app_hash="He42w354ol9").code == 60602
    assert refusal(sandbox.send, custom_friendly_name="x" * 480).code == 60247
    assert refusal(sandbox.send, template_sid="HJ" + "0" * 32).code == 60228


def test_auto_never_comes_back_as_a_channel(sandbox: Sandbox) -> None:
    assert sandbox.send(channel="auto").channel == "sms"
