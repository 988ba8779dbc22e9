"""What the phone and the mailbox show, read from both stand-ins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser

from django.db.models import QuerySet

from waypost.sandbox.sendgrid.mailbox import mails_to
from waypost.sandbox.sendgrid.models import Delivery, Mail
from waypost.sandbox.twilio.models import Attempt, MagicHit, Text

NEWEST = 30
NEWEST_FAILURES = 8
_FAILED = ("undelivered", "failed")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in the mailbox; `key` names it in addresses."""

    key: str
    sender: str
    sender_email: str
    to: str
    addresses: tuple[str, ...]
    subject: str
    text: str
    html: str
    code: str
    status: str
    reason: str
    attachments: tuple[str, ...]
    created: datetime

    @property
    def initial(self) -> str:
        """The letter in the sender's circle."""
        return self.sender[:1].upper()

    @property
    def snippet(self) -> str:
        """The beginning of the text, for the list."""
        return " ".join(re.sub(r"\s*<https?://[^>]*>", "", self.text).split())[:140]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Label and address of every web link, for readers who cannot follow it in the preview."""
        reader = _LinkReader()
        reader.feed(self.html)
        reader.close()
        return reader.links[:10]


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that did not arrive."""

    what: str
    to: str
    reason: str
    when: datetime
    is_magic: bool


def newest_texts(phone: str) -> list[Text]:
    """Texts and calls to a number (empty: to any), newest first."""
    texts = Text.objects.exclude(channel="email").order_by("-id")
    return list((texts.filter(to=phone) if phone else texts)[:NEWEST])


def newest_letters(mail: str) -> list[Letter]:
    """Mails to an address (empty: to any), newest first; those with a code come from Verify.

    For the list, so without their HTML, which may be a megabyte each.
    """
    found = [_of_mail(one, html="") for one in mails_to(mail).defer("html")[:NEWEST]]
    found += [_of_text(one) for one in _mailed_texts(mail)[:NEWEST]]
    return sorted(found, key=lambda letter: letter.created, reverse=True)[:NEWEST]


def letter_of(key: str) -> Letter | None:
    """The mail of this key."""
    match = re.fullmatch(r"([mt])(\d{1,18})", key)
    if not match:
        return None
    number = int(match[2])
    if match[1] == "m":
        mail = Mail.objects.filter(id=number).first()
        return _of_mail(mail, mail.html) if mail else None
    text = _mailed_texts("").filter(id=number).first()
    return _of_text(text) if text else None


def _mailed_texts(mail: str) -> QuerySet[Text]:
    texts = Text.objects.filter(channel="email").order_by("-id")
    return texts.filter(to__iexact=mail) if mail else texts


def _of_mail(mail: Mail, html: str) -> Letter:
    return Letter(
        key=f"m{mail.id}",
        sender=mail.from_name or mail.from_email,
        sender_email=mail.from_email,
        to=mail.to,
        addresses=tuple(mail.addresses),
        subject=mail.subject,
        text=mail.text,
        html=html,
        code="",
        status=mail.status,
        reason=mail.reason,
        attachments=tuple(str(one["filename"]) for one in mail.attachments),
        created=mail.created,
    )


def _of_text(text: Text) -> Letter:
    return Letter(
        key=f"t{text.id}",
        sender="Verify",
        sender_email="verify@sandbox.example",
        to=text.to,
        addresses=(text.to.lower(),),
        subject="Your verification code",
        text=text.body,
        html="",
        code=text.code,
        status="delivered",
        reason="",
        attachments=(),
        created=text.created,
    )


def newest_failures() -> list[Failure]:
    """What did not arrive: mails, texts, refused starts and events, newest first."""
    found = [*_failed_mails(), *_failed_texts(), *_refusals(), *_failed_events()]
    return sorted(found, key=lambda failure: failure.when, reverse=True)[:NEWEST_FAILURES]


def _failed_mails() -> list[Failure]:
    return [
        Failure("Mail", mail.to, f"{mail.status}: {mail.reason}", mail.created, True)
        for mail in Mail.objects.exclude(reason="").order_by("-id")[:NEWEST_FAILURES]
    ]


def _failed_texts() -> list[Failure]:
    attempts = Attempt.objects.filter(message_status__in=_FAILED).order_by("-id")
    return [
        Failure(
            "Text",
            attempt.verification.to,
            f"{attempt.message_status}: error {attempt.error_code}",
            attempt.created,
            True,
        )
        for attempt in attempts.select_related("verification")[:NEWEST_FAILURES]
    ]


def _refusals() -> list[Failure]:
    hits = MagicHit.objects.filter(was_refused=True).order_by("-id")[:NEWEST_FAILURES]
    return [
        Failure("Refused", hit.to, hit.effect.replace("_", " "), hit.created, True) for hit in hits
    ]


def _failed_events() -> list[Failure]:
    rows = Delivery.objects.exclude(last_error="").select_related("webhook").order_by("-id")
    return [
        Failure("Event", row.webhook.url, row.last_error, row.due, False)
        for row in rows[:NEWEST_FAILURES]
    ]


class _LinkReader(HTMLParser):
    """Collects web links; any other kind (javascript:, data:) is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[str, str]] = []
        self._address = ""
        self._label: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            address = (dict(attrs).get("href") or "").strip()
            self._address = address if re.match(r"https?://", address, re.IGNORECASE) else ""
            self._label = []

    def handle_data(self, data: str) -> None:
        self._label.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._address:
            label = " ".join("".join(self._label).split())
            self.links.append((label or self._address, self._address))
            self._address = ""
