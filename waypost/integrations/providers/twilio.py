"""Twilio Verify v2 (https://www.twilio.com/docs/verify/api)."""

from __future__ import annotations

from waypost.integrations.kinds import Kind
from waypost.integrations.provider import Answer, Call, Provider

_FORM = "application/x-www-form-urlencoded"
_SERVICE = "/v2/Services/{service}"
_NO_NUMBER = "Invalid parameter `To`"
_LANDLINE = "SMS is not supported by landline phone number"
_MOST_SENDS = "Max send attempts reached"
_MOST_CHECKS = "Max check attempts reached"
_NOT_FOUND = "The requested resource was not found"
_OUTPUTS = (("status", "$.status"), ("error_message", "$.message"))

TWILIO = Provider(
    name="twilio",
    title="Twilio Verify",
    origins=("https://verify.twilio.com",),
    credential_kind=Kind.BASIC,
    probe_path="/v2/Services/${TWILIO_SERVICE_SID}",
    hidden_label="Auth token",
    shown_label="Account SID",
    # The code is as good as a password while it lives.
    hidden_fields=("Code", "CustomCode", "AuthPayload", "SnaClientToken"),
    calls=(
        Call(
            name="start_verification",
            method="POST",
            path=f"{_SERVICE}/Verifications",
            summary="Send a code by text message, call or e-mail",
            content_type=_FORM,
            body="To=%2B{phone}&Channel=sms",
            outputs=_OUTPUTS,
            answers=(
                Answer(201, "The code is on its way; status is pending."),
                Answer(400, "The number is not one that can be reached.", "60200", _NO_NUMBER),
                Answer(403, "The number is a landline.", "60205", _LANDLINE),
                Answer(429, "Five codes were sent and none was entered.", "60203", _MOST_SENDS),
            ),
            is_resendable=False,
            again="while the verification is open Twilio sends the same code, and after five it "
            "refuses.",
        ),
        Call(
            name="check_verification",
            method="POST",
            path=f"{_SERVICE}/VerificationCheck",
            summary="Check the code that the customer entered",
            content_type=_FORM,
            body="To=%2B{phone}&Code={code}",
            outputs=_OUTPUTS,
            answers=(
                Answer(200, "Status is approved for the right code, pending for a wrong one."),
                Answer(404, "The code has expired or was used.", "20404", _NOT_FOUND),
                Answer(429, "Five wrong codes were entered.", "60202", _MOST_CHECKS),
            ),
            is_resendable=False,
        ),
        Call(
            name="read_verification",
            method="GET",
            path=f"{_SERVICE}/Verifications/{{verification}}",
            summary="Read how a verification stands",
            outputs=_OUTPUTS,
            answers=(
                Answer(200, "Status says how it stands."),
                Answer(404, "It was approved or has expired.", "20404", _NOT_FOUND),
            ),
        ),
        Call(
            name="end_verification",
            method="POST",
            path=f"{_SERVICE}/Verifications/{{verification}}",
            summary="Cancel a verification",
            content_type=_FORM,
            body="Status=canceled",
            outputs=_OUTPUTS,
            answers=(Answer(200, "It is canceled; the next start sends a new code."),),
        ),
    ),
)
