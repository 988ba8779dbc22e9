"""What `mail/send` refuses, with SendGrid's own texts: the message as a whole.

Every check yields its faults, so that the answer names all of them at once, as SendGrid does.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime

from waypost.sandbox.sendgrid import errors
from waypost.sandbox.sendgrid.errors import Fault, about
from waypost.sandbox.sendgrid.recipients import (
    address_faults,
    argument_faults,
    header_faults,
    personalization_faults,
    send_at_faults,
    subject_faults,
)
from waypost.sandbox.sendgrid.shapes import Fields, Json, fields_of, is_list, is_whole, list_of

MOST_CATEGORIES = 10
_FIRST_TYPES = {"text/plain": 0, "text/html": 1}


def faults_of(mail: Fields, now: datetime) -> list[Fault]:
    """Everything wrong with a mail, in the order of SendGrid's documentation; empty when fine."""
    return [
        *personalization_faults(mail, now),
        *_from_faults(mail),
        *_reply_faults(mail),
        *_subject_faults(mail),
        *_content_faults(mail),
        *_attachment_faults(mail),
        *header_faults(mail.get("headers"), "headers"),
        *_category_faults(mail.get("categories")),
        *argument_faults(mail.get("custom_args"), "custom_args"),
        *send_at_faults(mail.get("send_at"), "send_at", now),
        *_delivery_faults(mail),
        *_switch_faults(mail, "mail_settings"),
        *_switch_faults(mail, "tracking_settings"),
    ]


def _from_faults(mail: Fields) -> Iterator[Fault]:
    sender = mail.get("from")
    if not fields_of(sender).get("email"):
        yield errors.NO_FROM
    else:
        yield from address_faults(sender, "from", "From")


def _reply_faults(mail: Fields) -> Iterator[Fault]:
    one, many = mail.get("reply_to"), mail.get("reply_to_list")
    if one is not None and many is not None:
        yield Fault("The reply_to and reply_to_list fields are mutually exclusive.", "reply_to")
    if one is not None:
        yield from address_faults(one, "reply_to", "Reply-To")
    if many is not None and not (is_list(many) and len(list_of(many)) <= 1000):
        yield Fault("The reply_to_list must be an array of up to 1000 objects.", "reply_to_list")
    for place, address in enumerate(list_of(many)):
        yield from address_faults(address, f"reply_to_list.{place}", "Reply-To")
    emails = [str(fields_of(address).get("email")).strip().lower() for address in list_of(many)]
    if len(set(emails)) < len(emails):
        yield Fault("Each email in the reply_to_list must be unique.", "reply_to_list")


def _subject_faults(mail: Fields) -> Iterator[Fault]:
    subject = mail.get("subject")
    if subject is not None and subject != "":
        yield from subject_faults(subject, "subject")
        return
    personalizations = list_of(mail.get("personalizations"))
    has_all = personalizations and all(fields_of(one).get("subject") for one in personalizations)
    if not has_all and not mail.get("template_id"):
        yield errors.NO_SUBJECT


def _content_faults(mail: Fields) -> Iterator[Fault]:
    blocks = mail.get("content")
    if not blocks:
        if not mail.get("template_id"):
            yield errors.NO_CONTENT
        return
    if not is_list(blocks):
        yield Fault("The content must be an array of objects with type and value.", "content")
        return
    types = []
    for place, block in enumerate(list_of(blocks)):
        kind, value = fields_of(block).get("type"), fields_of(block).get("value")
        types.append(kind if isinstance(kind, str) else "")
        yield from _block_faults(kind, value, f"content.{place}")
    order = [_FIRST_TYPES.get(kind, 2) for kind in types]
    if order != sorted(order):
        yield about(errors.CONTENT_ORDER, "content", "message.content")


def _block_faults(kind: Json, value: Json, place: str) -> Iterator[Fault]:
    if not isinstance(kind, str) or not kind:
        message = "The content type must be a string at least one character in length."
        yield about(message, f"{place}.type", "message.content.type")
    elif any(letter in kind for letter in ";,\r\n"):
        message = "The content type cannot contain ';', ',' or line breaks."
        yield about(message, f"{place}.type", "message.content.type")
    if not isinstance(value, str) or not value:
        message = "The content value must be a string at least one character in length."
        yield about(message, f"{place}.value", "message.content.value")


def _attachment_faults(mail: Fields) -> Iterator[Fault]:
    for place, given in enumerate(list_of(mail.get("attachments"))):
        attachment = fields_of(given)
        if not _is_base64(attachment.get("content")):
            message = "The attachment content must be base64 encoded."
            field = f"attachments.{place}.content"
            yield about(message, field, "message.attachments.content")
        if not isinstance(attachment.get("filename"), str) or not attachment.get("filename"):
            yield Fault("filename is required.", f"attachments.{place}.filename")
        if attachment.get("disposition", "attachment") not in ("attachment", "inline"):
            message = "The disposition must be either 'inline' or 'attachment'."
            yield Fault(message, f"attachments.{place}.disposition")


def _is_base64(value: Json) -> bool:
    if not isinstance(value, str) or not value:
        return False
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _category_faults(given: Json) -> Iterator[Fault]:
    if given is None:
        return
    categories = [given] if isinstance(given, str) else list_of(given)
    if len(categories) > MOST_CATEGORIES:
        yield Fault(
            "There is a limit of 10 categories for each email that is sent. "
            f"You provided {len(categories)} categories.",
            "categories",
        )
    for place, category in enumerate(categories):
        if not isinstance(category, str):
            yield Fault("All categories must be strings.", f"categories.{place}")
        elif len(category) > 255:
            yield Fault("Categories cannot exceed 255 characters.", f"categories.{place}")
        elif not category.isascii():
            yield Fault("Categories must be ASCII characters only.", f"categories.{place}")
    if len({str(category) for category in categories}) < len(categories):
        yield Fault("Each category must be unique.", "categories")


def _delivery_faults(mail: Fields) -> Iterator[Fault]:
    asm, pool = mail.get("asm"), mail.get("ip_pool_name")
    if asm is not None and not is_whole(fields_of(asm).get("group_id")):
        yield Fault("The asm group_id is required and must be an integer.", "asm.group_id")
    if len(list_of(fields_of(asm).get("groups_to_display"))) > 25:
        yield Fault("There is a limit of 25 groups to display.", "asm.groups_to_display")
    if pool is not None and not (isinstance(pool, str) and 2 <= len(pool) <= 64):
        message = "The ip pool name must be a string of 2 to 64 characters."
        yield Fault(message, "ip_pool_name")
    if mail.get("batch_id") is not None and not isinstance(mail["batch_id"], str):
        yield Fault("The batch_id must be a string.", "batch_id")


def _switch_faults(mail: Fields, section: str) -> Iterator[Fault]:
    """Every `…enable` is a JSON boolean; "true" as text is refused."""
    for name, setting in fields_of(mail.get(section)).items():
        enable = fields_of(setting).get("enable")
        if enable is not None and not isinstance(enable, bool):
            words = name.replace("_", " ")
            yield Fault(
                f"The {words} enable param should be a boolean value.", f"{section}.{name}.enable"
            )
