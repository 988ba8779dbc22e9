"""Providers are data that stands in its list; what may be sent twice follows from it."""

from __future__ import annotations

from pathlib import Path

import pytest

import waypost.integrations.providers as providers
from tests.integrations.sites import a_door
from waypost.integrations.door import Door
from waypost.integrations.providers import ALL, may_resend, provider_for

OWN = "https://waypost.example"
SERVICE = "/v2/Services/VA0123456789abcdef0123456789abcdef"
LIVE = Door(own_origin=OWN, origin_map={"https://core.nextmatter.com": OWN})
SANDBOX = a_door(OWN, origin_map={"https://verify.twilio.com": OWN})


def test_every_provider_file_stands_in_the_list() -> None:
    files = Path(providers.__file__).parent.glob("*.py")

    assert {provider.name for provider in ALL} == {f.stem for f in files} - {"__init__"}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://verify.twilio.com/v2/Services", "twilio"),
        ("https://api.sendgrid.com/v3/mail/send", "sendgrid"),
        ("https://core.nextmatter.com/api/instances/", "waypost"),
        (f"{OWN}/api/instances/", "waypost"),
        (f"{OWN}/v2/Services", "twilio"),
        (f"{OWN}/v3/mail/send", "sendgrid"),
        ("https://verify.twilio.com.evil.example/", None),
        ("https://example.com/v2/Services", None),
        ("no url", None),
    ],
)
def test_url_names_its_provider(url: str, name: str | None) -> None:
    provider = provider_for(url, SANDBOX)

    assert (provider.name if provider else None) == name


@pytest.mark.parametrize("path", [f"{SERVICE}/VerificationCheck", f"{SERVICE}/Verifications/"])
def test_real_twilio_is_not_asked_twice_and_the_sandbox_is(path: str) -> None:
    url = f"https://verify.twilio.com{path}"

    assert not may_resend(url, "post", LIVE)
    assert may_resend(url, "POST", SANDBOX)


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", f"https://verify.twilio.com{SERVICE}/Verifications/VE1"),
        ("POST", f"https://verify.twilio.com{SERVICE}/Verifications/VE1"),
        ("POST", "https://api.sendgrid.com/v3/mail/send"),
        ("POST", "https://core.nextmatter.com/api/instances/7/complete_step/"),
        ("POST", "https://example.com/anything"),
        ("POST", "no url"),
    ],
)
def test_everything_else_is_sent_again(method: str, url: str) -> None:
    assert may_resend(url, method, LIVE)


def test_mapping_twilio_to_another_server_does_not_make_it_the_sandbox() -> None:
    door = Door(own_origin=OWN, origin_map={"https://verify.twilio.com": "http://10.0.0.9"})

    assert not may_resend(f"https://verify.twilio.com{SERVICE}/VerificationCheck", "POST", door)


def test_call_is_found_by_method_and_path() -> None:
    twilio = provider_for("https://verify.twilio.com/", LIVE)
    assert twilio is not None

    call = twilio.call_for("POST", f"{SERVICE}/VerificationCheck")

    assert call is not None
    assert call.name == "check_verification"
    assert twilio.call_for("GET", f"{SERVICE}/VerificationCheck") is None
    assert twilio.call_for("POST", f"{SERVICE}/VerificationCheck/more") is None
