"""What Twilio Verify and SendGrid answer in a dry run: a small memory of their own, no network."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from waypost.engine.json_value import JSON, text_of
from waypost.engine.rendering import RenderedRequest
from waypost.integrations.outputs import picked, read_answer
from waypost.integrations.provider import Answer, Call, Provider
from waypost.integrations.providers.sendgrid import SENDGRID
from waypost.integrations.providers.twilio import TWILIO
from waypost.workflows.dry_run.world import Delivered, Verification, World

#: The code that every text of a dry run brings.
CODE = "123456"
MOST_SENDS = 5
MOST_CHECKS = 5
_LIVES_FOR = timedelta(minutes=10)
_MORE_INFO = "https://www.twilio.com/docs/errors/"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer of the dry run, and who gave it. No `status` means that nobody answers."""

    status: int | None
    body: str
    by: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its provider reads it."""

    provider: Provider
    call: Call
    request: RenderedRequest
    run_id: int

    def answer(self, code: str) -> Given:
        """The answer that the provider is known to give under this code."""
        found = next(one for one in self.call.answers if one.code == code)
        return Given(found.status, error_body(self.provider, found), self.provider.title)

    def field(self, name: str) -> str:
        """What a form holds under a name."""
        return parse_qs(self.request.body).get(name, [""])[0].strip()


def provider_call(request: RenderedRequest) -> tuple[Provider, Call] | None:
    """The provider and the call that a request is for, whichever origin stands in its URL."""
    path = urlsplit(request.url).path
    for provider in (TWILIO, SENDGRID):
        call = provider.call_for(request.method, path)
        if call is not None:
            return provider, call
    return None


def provider_answer(
    world: World, run_id: int, request: RenderedRequest
) -> tuple[World, Given] | None:
    """The usual answer of a known provider, and what it remembers and delivers."""
    found = provider_call(request)
    if found is None:
        return None
    asked = Asked(*found, request, run_id)
    match asked.call.name:
        case "start_verification":
            return _sent(world, asked)
        case "check_verification":
            return _checked(world, asked)
        case "send_mail":
            return _mailed(world, asked)
        case _:
            return None


def error_body(provider: Provider, answer: Answer) -> str:
    """A bad answer in the provider's own shape; a good one is empty."""
    if answer.status < 400:
        return ""
    if provider is SENDGRID:
        fault: JSON = {"message": answer.message or answer.meaning, "field": None, "help": None}
        return json.dumps({"errors": [fault]})
    message = answer.message or answer.meaning
    number = int(answer.code) if answer.code.isdecimal() else answer.status
    told = {"code": number, "message": message, "more_info": f"{_MORE_INFO}{number}"}
    return json.dumps({**told, "status": answer.status})


def _sent(world: World, asked: Asked) -> tuple[World, Given]:
    to = asked.field("To")
    if not to.removeprefix("+").isdecimal():
        return world, asked.answer("60200")
    known = world.verifications.get(to, Verification())
    # The attempts of a verification that lies long back do not count any more.
    if _is_over(world, known):
        known = Verification()
    if known.sends >= MOST_SENDS:
        return world, asked.answer("60203")
    sent = replace(known, sends=known.sends + 1, is_pending=True, sent_at=world.now)
    text = Delivered(asked.run_id, world.now, "text", to, "", f"Your verification code is: {CODE}")
    after = replace(world, verifications={**world.verifications, to: sent}).with_entries(text)
    body = _verification(to, "pending", channel=asked.field("Channel") or "sms")
    return after, Given(201, body, asked.provider.title)


def _checked(world: World, asked: Asked) -> tuple[World, Given]:
    to = asked.field("To")
    known = world.verifications.get(to)
    if known is None or not known.is_pending or _is_over(world, known):
        return world, asked.answer("20404")
    if known.checks >= MOST_CHECKS:
        return world, asked.answer("60202")
    is_right = asked.field("Code") == CODE
    # Approval ends it: the next start is a new verification with attempts of its own.
    checked = Verification() if is_right else replace(known, checks=known.checks + 1)
    after = replace(world, verifications={**world.verifications, to: checked})
    status = "approved" if is_right else "pending"
    return after, Given(200, _verification(to, status, channel="sms"), asked.provider.title)


def _is_over(world: World, known: Verification) -> bool:
    return known.sent_at is not None and world.now - known.sent_at >= _LIVES_FOR


def _verification(to: str, status: str, channel: str) -> str:
    return json.dumps(
        {
            "sid": "VE" + "0" * 32,
            "to": to,
            "channel": channel,
            "status": status,
            "valid": status == "approved",
        }
    )


def _mailed(world: World, asked: Asked) -> tuple[World, Given]:
    mail = read_answer(asked.request.body)
    to = text_of(picked("$.personalizations[0].to[0].email", mail))
    if "@" not in to:
        refused = Answer(400, "", message="Does not contain a valid address.")
        return world, Given(400, error_body(SENDGRID, refused), asked.provider.title)
    delivered = Delivered(asked.run_id, world.now, "mail", to, _subject(mail), _text(mail))
    return world.with_entries(delivered), Given(202, "", asked.provider.title)


def _subject(mail: JSON) -> str:
    templated = "$.personalizations[0].dynamic_template_data['email-subject']"
    return text_of(picked(templated, mail) or picked("$.subject", mail))


def _text(mail: JSON) -> str:
    templated = "$.personalizations[0].dynamic_template_data['email-content']"
    html = text_of(picked(templated, mail) or picked("$.content[0].value", mail))
    reader = _Words()
    reader.feed(html)
    return " ".join("".join(reader.words).split())


class _Words(HTMLParser):
    """The words of a mail, its markup aside."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)
