"""What a caller wants of a new verification: every parameter is checked before anything happens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from waypost.sandbox.twilio import errors
from waypost.sandbox.twilio.errors import Refused
from waypost.sandbox.twilio.form import Form
from waypost.sandbox.twilio.models import Service
from waypost.sandbox.twilio.numbers import Line, is_mail_address, line_of

CHANNELS = ("sms", "call", "email", "whatsapp", "sna", "rcs", "auto")
NOT_IN_A_SANDBOX = ("sna", "rcs")


@dataclass(frozen=True, slots=True)
class Wish:
    """A start that could be carried out, limits permitting."""

    to: str
    channel: str
    line: Line | None
    friendly_name: str | None
    custom_code: str | None
    amount: str | None
    payee: str | None
    app_hash: str | None
    locale: str
    has_risk_check: bool
    limit_values: dict[str, str]
    tags: dict[str, str]


def read_wish(form: Form, service: Service) -> Wish:
    """Read and check the parameters of a start, To and Channel first."""
    channel = _channel(form)
    to, line = read_to(form, channel == "email")
    _check_extras(form, channel)
    amount, payee = read_payment(form, service.psd2_enabled)
    wish = Wish(
        to=to,
        channel="sms" if channel == "auto" else channel,
        line=line,
        friendly_name=form.text("CustomFriendlyName", most=600),
        custom_code=_custom_code(form, service),
        amount=amount,
        payee=payee,
        app_hash=_app_hash(form, channel),
        locale=form.matching("Locale", r"[A-Za-z]{2,3}([-_][A-Za-z]{2,4})?") or "en",
        has_risk_check=form.choice("RiskCheck", ("enable", "disable")) != "disable",
        limit_values=form.json_map("RateLimits", most=20, longest=255),
        tags=form.json_map("Tags", most=10, longest=128),
    )
    _check_service(service, wish)
    return wish


def read_to(form: Form, is_mail: bool) -> tuple[str, Line | None]:
    """A number that exists, with its line, or a mail address."""
    to = form.pairs.get("To", "")
    if is_mail:
        if not is_mail_address(to):
            raise errors.invalid_to(to)
        return to, None
    line = line_of(to)
    if line is None:
        raise errors.invalid_to(to)
    return to, line


def read_payment(form: Form, is_wanted: bool) -> tuple[str | None, str | None]:
    """Amount and payee, both or a 60206 where the service is bound to payments."""
    amount, payee = form.text("Amount", most=64), form.text("Payee", most=255)
    if not is_wanted:
        return None, None
    if not amount or not payee:
        raise Refused(400, 60206, "'Amount' & 'Payee' params are required")
    return amount, payee


def _channel(form: Form) -> str:
    channel = form.choice("Channel", CHANNELS)
    if not form.pairs.get("To"):
        raise errors.invalid_to("")
    if channel is None:
        raise errors.invalid("Channel")
    return channel


def _custom_code(form: Form, service: Service) -> str | None:
    code = form.matching("CustomCode", r"[!-~]{4,10}")
    if code is not None and not service.custom_code_enabled:
        raise Refused(403, 60204, "Custom code not allowed")
    return code


def _app_hash(form: Form, channel: str) -> str | None:
    app_hash = form.matching("AppHash", r"[A-Za-z0-9+/]{11}")
    if app_hash and channel not in ("sms", "auto"):
        raise Refused(400, 60602, "App hash is only supported for the SMS channel")
    return app_hash


def _check_extras(form: Form, channel: str) -> None:
    """Parameters that are checked as Twilio does, and change nothing here."""
    form.address("DeviceIp")
    form.boolean("EnableSnaClientToken")
    form.matching("SendDigits", r"[0-9#*wW]{0,32}")
    form.json_map("ChannelConfiguration", most=20, longest=1000)
    form.json_map("TemplateCustomSubstitutions", most=50, longest=1000)
    if form.sid("TemplateSid", "HJ") or form.text("Templates", most=10_000):
        if channel not in ("sms", "call", "auto"):
            raise Refused(400, 60408, "Channel is not supported by the template")
        raise Refused(400, 60228, "Template was not found")


def _check_service(service: Service, wish: Wish) -> None:
    if wish.channel in NOT_IN_A_SANDBOX or wish.channel in service.disabled_channels:
        raise errors.channel_disabled(wish.channel)
    if wish.channel == "email" and not service.mailer_sid:
        raise Refused(400, 60217, "A Mailer must be associated with the service")
    if wish.channel == "call" and service.psd2_enabled:
        raise Refused(400, 60214, "Call channel is not supported when using PSD2")


def check_destination(service: Service, wish: Wish) -> None:
    """Landlines, countries and blocked prefixes; the last two give way to `RiskCheck=disable`."""
    line = wish.line
    if line is None:
        return
    skips_landlines = service.lookup_enabled and service.skip_sms_to_landlines
    if (wish.channel == "sms" and not line.takes_sms) or (line.is_landline and skips_landlines):
        raise errors.landline()
    if not wish.has_risk_check:
        return
    if line.country in service.denied_countries:
        raise errors.country_denied(wish.to, wish.channel)
    for prefix in service.blocked_prefixes:
        if wish.to.startswith(prefix):
            raise errors.prefix_blocked(prefix, wish.channel)


def message_body(service: Service, wish: Wish, code: str) -> str:
    """The message in the shapes Twilio documents."""
    name = wish.friendly_name or service.friendly_name
    body = f"Your {name} verification code is: {code}"
    if wish.amount is not None:
        body = f"Your {name} code to pay {wish.payee} {wish.amount} is: {code}"
    if wish.channel == "sms" and service.do_not_share_warning_enabled:
        body += ". Don’t share this code with anyone; our employees will never ask for the code"  # noqa: RUF001
    if wish.app_hash:
        body = f"<#> {body} {wish.app_hash}"
    if len(body) > 500:
        raise Refused(400, 60247, "Message body exceeds the maximum of 500 characters")
    return body


def is_sid(text: str) -> bool:
    """Whether a path part is a verification's SID rather than its address."""
    return re.fullmatch(r"VE[0-9a-fA-F]{32}", text) is not None
