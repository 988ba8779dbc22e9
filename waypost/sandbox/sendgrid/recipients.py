"""What `mail/send` refuses in personalizations: recipients, subjects, headers, arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from waypost.sandbox.sendgrid import errors
from waypost.sandbox.sendgrid.errors import Fault, about
from waypost.sandbox.sendgrid.shapes import (
    Fields,
    Json,
    byte_length,
    fields_of,
    is_list,
    is_whole,
    list_of,
)

MOST_RECIPIENTS = 1000
MOST_LETTERS = 320
MOST_BYTES = 10_000
FARTHEST_SECONDS = 72 * 3600
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
_LABELS = {"to": "To", "cc": "CC", "bcc": "BCC"}
_RESERVED = {"x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type"}
_RESERVED |= {"content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc"}


def personalization_faults(mail: Fields, now: datetime) -> Iterator[Fault]:
    """What is wrong with `personalizations`."""
    given = mail.get("personalizations")
    personalizations = list_of(given)
    if not personalizations:
        yield errors.NO_PERSONALIZATION
        return
    if len(personalizations) > MOST_RECIPIENTS:
        yield _too_many(len(personalizations))
        return
    for place, one in enumerate(personalizations):
        yield from _one_faults(fields_of(one), f"personalizations.{place}", now)
    total = sum(
        len(list_of(fields_of(one).get(key))) for one in personalizations for key in _LABELS
    )
    if total > MOST_RECIPIENTS:
        message = "There is a limit of 1000 total recipients (to + cc + bcc) per request."
        yield about(message, "personalizations", "message.personalizations")


def _too_many(count: int) -> Fault:
    return about(
        "The personalization block is limited to 1000 personalizations per API request. "
        f"You have provided {count} personalizations. Please consider splitting this into "
        "multiple requests and resending your request.",
        "personalizations",
        "message.personalizations",
    )


def _one_faults(one: Fields, place: str, now: datetime) -> Iterator[Fault]:
    yield from _recipient_faults(one, place)
    if one.get("from") is not None:
        yield from address_faults(one["from"], f"{place}.from", "From")
    if one.get("subject") is not None:
        yield from subject_faults(one["subject"], f"{place}.subject")
    yield from header_faults(one.get("headers"), f"{place}.headers")
    yield from argument_faults(one.get("custom_args"), f"{place}.custom_args")
    yield from _substitution_faults(one.get("substitutions"), f"{place}.substitutions")
    values = one.get("dynamic_template_data")
    if values is not None and not isinstance(values, dict):
        message = "The dynamic_template_data must be a JSON object."
        yield Fault(message, f"{place}.dynamic_template_data")
    yield from send_at_faults(one.get("send_at"), f"{place}.send_at", now)


def _recipient_faults(one: Fields, place: str) -> Iterator[Fault]:
    if not list_of(one.get("to")):
        yield about(errors.NO_TO, f"{place}.to", "message.personalizations.to")
    for key, label in _LABELS.items():
        if one.get(key) is not None and not is_list(one[key]):
            yield Fault(f"The {key} parameter must be an array of objects.", f"{place}.{key}")
        for number, address in enumerate(list_of(one.get(key))):
            yield from address_faults(address, f"{place}.{key}.{number}", label)
    yield from _duplicate_faults(one, place)


def _duplicate_faults(one: Fields, place: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for key in _LABELS:
        for address in list_of(one.get(key)):
            email = str(fields_of(address).get("email", "")).strip()
            if email and email.lower() in seen:
                yield Fault(
                    "Each email address in the personalization block should be unique between to, "
                    "cc, and bcc. We found the first duplicate instance of "
                    f"[{email}] in the {place}.{key} field.",
                    place,
                )
                return
            seen.add(email.lower())


def address_faults(address: Json, place: str, label: str) -> Iterator[Fault]:
    """What is wrong with `{"email": …, "name": …}`; white space around the address is forgiven."""
    email = fields_of(address).get("email")
    email = email.strip() if isinstance(email, str) else ""
    if len(email) > MOST_LETTERS:
        message = f"The {label} email exceeds the maximum total length of 320 characters"
        yield Fault(message, f"{place}.email")
    elif not _ADDRESS.fullmatch(email):
        anchor = "message." + re.sub(r"\.\d+", "", place)
        yield about(errors.NO_ADDRESS, f"{place}.email", anchor)
    name = fields_of(address).get("name")
    if name is not None and not isinstance(name, str):
        yield Fault("The name must be a string.", f"{place}.name")


def subject_faults(subject: Json, place: str) -> Iterator[Fault]:
    """A subject that is given is a text of at least one character."""
    if not isinstance(subject, str) or not subject:
        message = "The subject must be a string at least one character in length."
        yield about(message, place, "message.subject")


def header_faults(headers: Json, place: str) -> Iterator[Fault]:
    """Headers are texts, and none that SendGrid writes itself."""
    if headers is not None and not isinstance(headers, dict):
        yield Fault("The headers must be an object of strings.", place)
    for name, value in fields_of(headers).items():
        if name.lower() in _RESERVED:
            yield about(errors.RESERVED_HEADER, f"{place}.{name}", "message.headers")
        elif not isinstance(value, str):
            yield about(errors.HEADER_TEXTS, f"{place}.{name}", "message.headers")


def argument_faults(arguments: Json, place: str) -> Iterator[Fault]:
    """Custom arguments are texts of at most 10,000 bytes together."""
    values = fields_of(arguments).values()
    if arguments is not None and not isinstance(arguments, dict):
        yield Fault(errors.ARGUMENT_TEXTS, place)
    elif not all(isinstance(value, str) for value in values):
        yield about(errors.ARGUMENT_TEXTS, place, "message.custom_args")
    elif byte_length(arguments) > MOST_BYTES:
        yield about(errors.ARGUMENTS_LONG, place, "message.custom_args")


def _substitution_faults(given: Json, place: str) -> Iterator[Fault]:
    values = fields_of(given).values()
    if not all(isinstance(value, str) for value in values):
        yield Fault(errors.SUBSTITUTION_TEXTS, place)
    elif given is not None and byte_length(given) > MOST_BYTES:
        yield Fault(errors.SUBSTITUTIONS_LONG, place)


def send_at_faults(moment: Json, place: str, now: datetime) -> Iterator[Fault]:
    """`send_at` is a Unix time at most 72 hours ahead."""
    if moment is None:
        return
    if not isinstance(moment, int) or not is_whole(moment):
        yield about(errors.SEND_AT, place, "message.send_at")
    elif moment > now.timestamp() + FARTHEST_SECONDS:
        yield about(errors.SEND_AT_FAR, place, "message.send_at")
