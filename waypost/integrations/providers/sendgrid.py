"""SendGrid v3 (https://www.twilio.com/docs/sendgrid/api-reference/mail-send)."""

from __future__ import annotations

from waypost.integrations.kinds import Kind
from waypost.integrations.provider import Answer, Call, Provider

_MAIL = """{
  "from": {"email": "service@example.com"},
  "personalizations": [{
    "to": [{"email": "{email}"}],
    "dynamic_template_data": {"email-subject": "{subject}", "email-content": "{content}"}
  }],
  "template_id": "{template}"
}"""

SENDGRID = Provider(
    name="sendgrid",
    title="SendGrid",
    origins=("https://api.sendgrid.com", "https://api.eu.sendgrid.com"),
    credential_kind=Kind.BEARER,
    probe_path="/v3/scopes",
    hidden_label="API key",
    calls=(
        Call(
            name="send_mail",
            method="POST",
            path="/v3/mail/send",
            summary="Send an e-mail",
            content_type="application/json",
            body=_MAIL,
            outputs=(("error_message", "$.errors[0].message"),),
            answers=(
                Answer(202, "The mail is queued; the answer is empty."),
                Answer(
                    400,
                    "The mail is not complete; the message names the field.",
                    message="The from email does not contain a valid address.",
                ),
                Answer(
                    401,
                    "The key is wrong or was revoked.",
                    message="The provided authorization grant is invalid, expired, or revoked",
                ),
                Answer(
                    403,
                    "The sender is not a verified identity.",
                    message="The from address does not match a verified Sender Identity.",
                ),
            ),
        ),
    ),
)
