"""Every field type, one file each. A new type is a file and its line here."""

from __future__ import annotations

from typing import TypeAlias

from waypost.engine.field import Field
from waypost.engine.field_types.instruction import Instruction
from waypost.engine.field_types.routing import Routing
from waypost.engine.field_types.short_text import ShortText

AnyField: TypeAlias = ShortText | Routing | Instruction
ALL: tuple[type[Field], ...] = (ShortText, Routing, Instruction)
