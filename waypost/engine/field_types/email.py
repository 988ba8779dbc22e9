"""Email address."""

from __future__ import annotations

import re
from typing import ClassVar

from waypost.engine.choice import scalar_text
from waypost.engine.errors import Refusal
from waypost.engine.field import Field, unwrapped
from waypost.engine.json_value import JSON
from waypost.engine.setting import PLACEHOLDER, PREFILL, Setting

#: RFC 5321, 4.5.3.1: 64 before the @, 254 in all.
MAX_LENGTH = 254
_ADDRESS = re.compile(
    r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]"
)


class Email(Field, frozen=True, kw_only=True, tag="email"):
    """One address. `prefill` may hold references."""

    label: ClassVar[str] = "Email address"
    widget: ClassVar[str] = "email"
    settings: ClassVar[tuple[Setting, ...]] = (
        PLACEHOLDER,
        PREFILL,
    )

    placeholder: str = ""
    prefill: str = ""

    @property
    def example(self) -> JSON:
        """An address that is nobody's."""
        return "ann@example.org"

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Accepts `{"inputValue": "a@b.c"}` or the address alone; spaces around it are dropped."""
        text = scalar_text(unwrapped(raw))
        if text == "":
            return {"inputValue": ""}
        if text is None or len(text) > MAX_LENGTH or not _is_address(text):
            return self.refuse("enter one email address, such as ann@example.org.")
        return {"inputValue": text}


def _is_address(text: str) -> bool:
    local = text.partition("@")[0]
    dotted = local.startswith(".") or local.endswith(".") or ".." in local
    return not dotted and _ADDRESS.fullmatch(text) is not None
