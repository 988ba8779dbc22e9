"""A valid `mail/send` body as the mails its recipients get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from waypost.sandbox.sendgrid import handlebars
from waypost.sandbox.sendgrid.magic import Fate, fate_of
from waypost.sandbox.sendgrid.plain_text import plain_text
from waypost.sandbox.sendgrid.shapes import Fields, Json, fields_of, list_of, text_of


@dataclass(frozen=True, slots=True)
class ActiveVersion:
    """The version of a template that is sent."""

    generation: str
    subject: str
    html: str
    plain: str
    is_plain_generated: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as one personalization's recipients get it."""

    recipients: tuple[str, ...]
    from_email: str
    from_name: str
    subject: str
    html: str
    text: str
    custom_args: Mapping[str, str]

    @property
    def fate(self) -> Fate:
        """The worst that happens to any recipient."""
        return max((fate_of(email) for email in self.recipients), key=lambda fate: fate.reason)


def letters_of(mail: Fields, version: ActiveVersion | None) -> list[Letter]:
    """One letter for each personalization; raises HandlebarsError for a template out of bounds."""
    return [_letter(mail, fields_of(one), version) for one in list_of(mail["personalizations"])]


def _letter(mail: Fields, one: Fields, version: ActiveVersion | None) -> Letter:
    sender = fields_of(one.get("from") or mail["from"])
    subject, html, text = _filled(mail, one, version)
    html, text = _with_footer(mail, html, text)
    arguments = {**fields_of(mail.get("custom_args")), **fields_of(one.get("custom_args"))}
    return Letter(
        recipients=tuple(_recipients(one)),
        from_email=text_of(sender.get("email")).strip(),
        from_name=text_of(sender.get("name")).strip()[:998],
        subject=" ".join(subject.split()),
        html=html,
        text=text or plain_text(html),
        custom_args={key: text_of(value) for key, value in arguments.items()},
    )


def _recipients(one: Fields) -> list[str]:
    addresses = [address for key in ("to", "cc", "bcc") for address in list_of(one.get(key))]
    return [text_of(fields_of(address).get("email")).strip() for address in addresses]


def _filled(mail: Fields, one: Fields, version: ActiveVersion | None) -> tuple[str, str, str]:
    """Subject, HTML and plain text, from the template or from the mail itself."""
    subject = text_of(one.get("subject")) or text_of(mail.get("subject"))
    if version and version.generation == "dynamic":
        return _from_dynamic(version, subject, fields_of(one.get("dynamic_template_data")))
    html, text = _block(mail, "text/html"), _block(mail, "text/plain")
    if version:
        html = version.html.replace("<%body%>", html)
        text = version.plain.replace("<%body%>", text)
        subject = version.subject.replace("<%subject%>", subject) or subject
    substitutions = fields_of(one.get("substitutions"))
    return (
        _replaced(subject, substitutions),
        _replaced(html, substitutions),
        _replaced(text, substitutions),
    )


def _from_dynamic(
    version: ActiveVersion, subject: str, values: Mapping[str, Json]
) -> tuple[str, str, str]:
    plain = "" if version.is_plain_generated else version.plain
    return (
        handlebars.render(version.subject, values) or subject,
        handlebars.render(version.html, values),
        handlebars.render(plain, values),
    )


def _block(mail: Fields, kind: str) -> str:
    blocks = [fields_of(block) for block in list_of(mail.get("content"))]
    return next((text_of(block["value"]) for block in blocks if block["type"] == kind), "")


def _replaced(text: str, substitutions: Fields) -> str:
    for tag, value in substitutions.items():
        text = text.replace(tag, text_of(value)) if tag else text
    return text


def _with_footer(mail: Fields, html: str, text: str) -> tuple[str, str]:
    footer = fields_of(fields_of(mail.get("mail_settings")).get("footer"))
    if footer.get("enable") is not True:
        return html, text
    with_html = html + text_of(footer.get("html")) if html else html
    return with_html, text + text_of(footer.get("text")) if text else text
