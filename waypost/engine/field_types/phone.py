"""Phone number, in the international form E.164."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from waypost.engine.choice import scalar_text
from waypost.engine.errors import Refusal
from waypost.engine.field import Field, unwrapped
from waypost.engine.json_value import JSON
from waypost.engine.setting import PLACEHOLDER, PREFILL, Setting

_SEPARATORS = re.compile(r"[\s()\-./\u00a0\u2010-\u2015]")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class Phone(Field, frozen=True, kw_only=True, tag="phone"):
    """A number with its country code. Stored with +; `default_output` says how a reference that
    names no output prints it: `e164` (+15005550006) or `digits` (15005550006).
    """

    label: ClassVar[str] = "Phone"
    widget: ClassVar[str] = "phone"
    outputs: ClassVar[tuple[str, ...]] = ("e164", "digits")
    settings: ClassVar[tuple[Setting, ...]] = (
        PLACEHOLDER,
        PREFILL,
        Setting(
            "default_output",
            "References print it",
            "choice",
            choices=(("e164", "with +"), ("digits", "as digits alone")),
        ),
    )

    placeholder: str = ""
    prefill: str = ""
    default_output: Literal["e164", "digits"] = "e164"

    @property
    def example(self) -> JSON:
        """A number that is nobody's."""
        return "+15005550006"

    def parse(self, raw: JSON) -> JSON | Refusal:
        """Accepts `{"inputValue": "+1 500 555-0006"}` or the number alone; digits alone and a
        leading 00 are read as international.
        """
        text = scalar_text(unwrapped(raw))
        if text == "":
            return {"inputValue": ""}
        number = None if text is None else e164(text)
        if number is None:
            return self.refuse("enter the number with its country code, such as +1 500 555 0006.")
        return {"inputValue": number}

    def output(self, value: JSON, name: str) -> JSON:
        """The number with + (`e164`) or without (`digits`); `inputValue` is the default one."""
        number = value.get("inputValue") if isinstance(value, dict) else None
        form = self.default_output if name == "inputValue" else name
        if not isinstance(number, str) or form not in self.outputs:
            return None
        return number.removeprefix("+") if form == "digits" else number

    def shown(self, value: JSON) -> str:
        """Always with +, so that a reader sees the country code for what it is."""
        return str(self.output(value, "e164") or "")


def e164(text: str) -> str | None:
    """The number as E.164, or None when it is none."""
    bare = _SEPARATORS.sub("", text)
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    number = bare if bare.startswith("+") else "+" + bare
    return number if _E164.fullmatch(number) else None
