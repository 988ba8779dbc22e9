"""Request parameters: form-encoded only, in Twilio's PascalCase.

A raw `+` in a form body is a space, as browsers mean it; only `%2B` is a plus sign.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qsl

from django.http import HttpRequest

from waypost.sandbox.twilio.errors import Refused, invalid

LOG = logging.getLogger(__name__)
FORM_TYPE = "application/x-www-form-urlencoded"
_SID = "[0-9a-fA-F]{32}"


@dataclass(frozen=True, slots=True)
class Form:
    """The parameters of one request; an absent one is None, a bad one is refused with 60200."""

    pairs: dict[str, str]

    def text(self, name: str, most: int = 255) -> str | None:
        """Any text up to `most` characters."""
        value = self.pairs.get(name)
        if value is not None and not _fits(value, most):
            raise invalid(name)
        return value

    def required(self, name: str) -> str:
        """A text that must be there and not be empty."""
        value = self.text(name)
        if not value:
            raise invalid(name)
        return value

    def boolean(self, name: str) -> bool | None:
        """`true` or `false`, in any case."""
        value = self.choice(name, ("true", "false"))
        return None if value is None else value == "true"

    def integer(self, name: str, least: int, most: int) -> int | None:
        """A whole number from `least` to `most`."""
        value = self.pairs.get(name)
        if value is None:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise invalid(name)
        return int(value)

    def choice(self, name: str, choices: tuple[str, ...]) -> str | None:
        """One of `choices`, in any case."""
        value = self.pairs.get(name)
        if value is not None and value.lower() not in choices:
            raise invalid(name)
        return None if value is None else value.lower()

    def sid(self, name: str, prefix: str) -> str | None:
        """A SID that starts with `prefix`; an empty one is absent."""
        return self.matching(name, prefix + _SID) if self.pairs.get(name) else None

    def matching(self, name: str, pattern: str) -> str | None:
        """A text that matches the whole pattern."""
        value = self.pairs.get(name)
        if value is not None and not re.fullmatch(pattern, value):
            raise invalid(name)
        return value

    def json_map(self, name: str, most: int, longest: int) -> dict[str, str]:
        """A JSON object in a string: at most `most` entries of at most `longest` characters."""
        value = self.text(name, most=10_000)
        if not value:
            return {}
        try:
            given = json.loads(value)
        except (ValueError, RecursionError):
            raise invalid(name) from None
        if not isinstance(given, dict) or len(given) > most:
            raise invalid(name)
        entries = {key: str(entry) for key, entry in given.items()}
        if not all(_fits(text, longest) for entry in entries.items() for text in entry):
            raise invalid(name)
        return entries

    def address(self, name: str) -> None:
        """Refuse what is no IPv4 or IPv6 address."""
        value = self.pairs.get(name)
        try:
            if value:
                ip_address(value)
        except ValueError:
            raise invalid(name) from None


def _fits(text: str, most: int) -> bool:
    """Whether the database can hold it: no NUL, no half of a surrogate pair."""
    return len(text) <= most and re.search("[\0\ud800-\udfff]", text) is None


def read_form(request: HttpRequest) -> Form:
    """The parameters of a POST; other bodies than forms are refused, with a hint in the log."""
    if request.method != "POST" or not request.body:
        return Form({})
    if request.content_type not in ("", FORM_TYPE):
        LOG.warning(
            "%s came as %s: Twilio reads forms only, so send %s.",
            request.path,
            request.content_type,
            FORM_TYPE,
        )
        raise Refused(400, 60200, "Invalid parameter: Content-Type")
    try:
        pairs = parse_qsl(
            request.body.decode(), keep_blank_values=True, max_num_fields=200, errors="strict"
        )
    except ValueError:
        raise invalid("body") from None
    return Form(dict(pairs))
