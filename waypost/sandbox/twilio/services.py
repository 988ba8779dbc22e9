"""Services: what every verification of an application has in common."""

from __future__ import annotations

import re
from collections.abc import Callable

from waypost.sandbox.twilio.entry import Answer, Call, JsonBody, new_sid, timestamp
from waypost.sandbox.twilio.errors import invalid, not_found
from waypost.sandbox.twilio.form import Form
from waypost.sandbox.twilio.models import Service
from waypost.sandbox.twilio.paging import page_of

Setting = str | int | bool | None
_LINKS = {
    "verification_checks": "VerificationCheck",
    "verifications": "Verifications",
    "rate_limits": "RateLimits",
    "messaging_configurations": "MessagingConfigurations",
    "entities": "Entities",
    "webhooks": "Webhooks",
    "access_tokens": "AccessTokens",
}
# Asked in every start; as text it costs a third of the query that Django would compile each time.
_FIND = "SELECT * FROM sandbox_twilio_service WHERE sid = %s AND account_sid = %s"
_PUSH = {"include_date": False, "apn_credential_sid": None, "fcm_credential_sid": None}
_TOTP = {"time_step": 30, "code_length": 6, "skew": 1}
_WHATSAPP = {"msg_service_sid": None, "from": None}
_RELYING_PARTY = {"id": None, "name": None, "origins": None}
_PASSKEYS = {
    "authenticator_attachment": None,
    "discoverable_credentials": None,
    "user_verification": None,
}


def _friendly_name(form: Form, name: str) -> str:
    """At most 30 letters, digits, spaces, dashes and underscores, and at most 4 digits."""
    value = form.required(name)
    digits = sum(letter.isdigit() for letter in value)
    if digits > 4 or not re.fullmatch(r"[\w -]{1,30}", value):
        raise invalid(name)
    return value


def _flag(form: Form, name: str) -> Setting:
    return form.boolean(name)


def _words(form: Form, name: str) -> Setting:
    return form.text(name, most=64)


def _number(least: int, most: int) -> Callable[[Form, str], Setting]:
    return lambda form, name: form.integer(name, least, most)


def _sid(prefix: str) -> Callable[[Form, str], Setting]:
    return lambda form, name: form.sid(name, prefix)


_SETTINGS: dict[str, tuple[str, Callable[[Form, str], Setting]]] = {
    "FriendlyName": ("friendly_name", _friendly_name),
    "CodeLength": ("code_length", _number(4, 10)),
    "LookupEnabled": ("lookup_enabled", _flag),
    "SkipSmsToLandlines": ("skip_sms_to_landlines", _flag),
    "DtmfInputRequired": ("dtmf_input_required", _flag),
    "TtsName": ("tts_name", _words),
    "Psd2Enabled": ("psd2_enabled", _flag),
    "DoNotShareWarningEnabled": ("do_not_share_warning_enabled", _flag),
    "CustomCodeEnabled": ("custom_code_enabled", _flag),
    "DefaultTemplateSid": ("default_template_sid", _sid("HJ")),
    "MailerSid": ("mailer_sid", _sid("MD")),
    "VerifyEventSubscriptionEnabled": ("verify_event_subscription_enabled", _flag),
    "Push.IncludeDate": ("push.include_date", _flag),
    "Push.ApnCredentialSid": ("push.apn_credential_sid", _sid("CR")),
    "Push.FcmCredentialSid": ("push.fcm_credential_sid", _sid("CR")),
    "Totp.Issuer": ("totp.issuer", _words),
    "Totp.TimeStep": ("totp.time_step", _number(20, 60)),
    "Totp.CodeLength": ("totp.code_length", _number(3, 8)),
    "Totp.Skew": ("totp.skew", _number(0, 2)),
    "Whatsapp.MsgServiceSid": ("whatsapp.msg_service_sid", _sid("MG")),
    "Whatsapp.From": ("whatsapp.from", _words),
    "Passkeys.RelyingParty.Id": ("passkeys.relying_party_id", _words),
    "Passkeys.RelyingParty.Name": ("passkeys.relying_party_name", _words),
    "Passkeys.RelyingParty.Origins": ("passkeys.relying_party_origins", _words),
    "Passkeys.AuthenticatorAttachment": ("passkeys.authenticator_attachment", _words),
    "Passkeys.DiscoverableCredentials": ("passkeys.discoverable_credentials", _words),
    "Passkeys.UserVerification": ("passkeys.user_verification", _words),
}


def create_service(call: Call) -> Answer:
    """POST /Services."""
    call.form.required("FriendlyName")
    service = Service(
        sid=new_sid("VA"),
        account_sid=call.account_sid,
        date_created=call.now,
    )
    return Answer(shape_service(call, _save(call, service)), 201)


def list_services(call: Call) -> Answer:
    """GET /Services."""
    services = Service.objects.filter(account_sid=call.account_sid)
    return page_of(call, services, "services", shape_service)


def fetch_service(call: Call, service_sid: str) -> Answer:
    """GET /Services/{Sid}."""
    return Answer(shape_service(call, find_service(call, service_sid)))


def update_service(call: Call, service_sid: str) -> Answer:
    """POST /Services/{Sid}."""
    return Answer(shape_service(call, _save(call, find_service(call, service_sid))))


def delete_service(call: Call, service_sid: str) -> Answer:
    """DELETE /Services/{Sid}, with everything in it."""
    find_service(call, service_sid).delete()
    return Answer(None, 204)


def find_service(call: Call, service_sid: str) -> Service:
    """The account's service; another account's is not found either."""
    found = list(Service.objects.raw(_FIND, [service_sid, call.account_sid]))
    if not found:
        raise not_found(call.path)
    return found[0]


def shape_service(call: Call, service: Service) -> JsonBody:
    """A service with Twilio's exact keys."""
    url = f"{call.base}/v2/Services/{service.sid}"
    return {
        "sid": service.sid,
        "account_sid": service.account_sid,
        "friendly_name": service.friendly_name,
        "code_length": service.code_length,
        "lookup_enabled": service.lookup_enabled,
        "psd2_enabled": service.psd2_enabled,
        "skip_sms_to_landlines": service.skip_sms_to_landlines,
        "dtmf_input_required": service.dtmf_input_required,
        "tts_name": service.tts_name,
        "do_not_share_warning_enabled": service.do_not_share_warning_enabled,
        "custom_code_enabled": service.custom_code_enabled,
        "push": _PUSH | service.push,
        "totp": {"issuer": service.friendly_name} | _TOTP | service.totp,
        "whatsapp": _WHATSAPP | service.whatsapp,
        "passkeys": _shape_passkeys(service.passkeys),
        "default_template_sid": service.default_template_sid,
        "verify_event_subscription_enabled": service.verify_event_subscription_enabled,
        "date_created": timestamp(service.date_created),
        "date_updated": timestamp(service.date_updated),
        "url": url,
        "links": {name: f"{url}/{part}" for name, part in _LINKS.items()},
    }


def _shape_passkeys(given: dict[str, Setting]) -> JsonBody:
    party = {name: given.get(f"relying_party_{name}") for name in _RELYING_PARTY}
    flat = {name: given.get(name) for name in _PASSKEYS}
    return {"relying_party": party, **flat}


def _save(call: Call, service: Service) -> Service:
    """Take over every parameter that was sent, and keep the rest."""
    for parameter, (name, read) in _SETTINGS.items():
        if parameter in call.form.pairs:
            group, _, inner = name.partition(".")
            value = read(call.form, parameter)
            if inner:
                getattr(service, group)[inner] = value
            else:
                setattr(service, name, value)
    service.date_updated = call.now
    service.save()
    return service
