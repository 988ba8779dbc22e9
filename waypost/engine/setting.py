"""What a builder may set on a step or field, as data: editors draw their forms from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

#: How a setting is entered. `reference_line`, `url`, `body` and `markdown` take references; `items`
#: are texts, one a line; `step` is one of the other steps.
SettingKind: TypeAlias = Literal[
    "line",
    "reference_line",
    "url",
    "body",
    "markdown",
    "number",
    "switch",
    "choice",
    "items",
    "credential",
    "headers",
    "variables",
    "retry",
    "buttons",
]


@dataclass(frozen=True, slots=True)
class Setting:
    """One attribute of a step or field type. `choices` are (value, label) pairs of a `choice`."""

    attribute: str
    label: str
    kind: SettingKind
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()


#: What every field that is typed into has.
PLACEHOLDER = Setting("placeholder", "Placeholder", "line", "Shown while nothing is entered.")
PREFILL = Setting("prefill", "Prefill", "reference_line", "Offered as the answer.")
