"""Where a code may go: E.164 numbers that exist, and mail addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType, carrier

_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_MAIL = re.compile(r"[^@\s\0]{1,64}@[^@\s\0]+\.[^@\s\0]+")
_NO_SMS = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PAGER,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}


@dataclass(frozen=True, slots=True)
class Line:
    """What the numbering plan says about a number."""

    country: str
    takes_sms: bool
    is_landline: bool
    carrier_name: str


@lru_cache(maxsize=10_000)
def line_of(number: str) -> Line | None:
    """The line behind an E.164 number; None when there can be no such number.

    The strict pattern comes first, because the library forgives spaces.
    """
    if not _E164.fullmatch(number):
        return None
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    kind = phonenumbers.number_type(parsed)
    return Line(
        country=phonenumbers.region_code_for_number(parsed) or "",
        takes_sms=kind not in _NO_SMS,
        is_landline=kind == PhoneNumberType.FIXED_LINE,
        carrier_name=carrier.name_for_number(parsed, "en"),
    )


def is_mail_address(text: str) -> bool:
    """Whether the text looks like one mail address of at most 320 characters."""
    return len(text) <= 320 and _MAIL.fullmatch(text) is not None
