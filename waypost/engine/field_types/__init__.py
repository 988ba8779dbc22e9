"""Every field type, one file each. A new type is a file and its line here."""

from __future__ import annotations

from typing import TypeAlias

from waypost.engine.field import Field
from waypost.engine.field_types.checklist import Checklist
from waypost.engine.field_types.date import Date
from waypost.engine.field_types.dropdown_many import DropdownMany
from waypost.engine.field_types.dropdown_one import DropdownOne
from waypost.engine.field_types.email import Email
from waypost.engine.field_types.instruction import Instruction
from waypost.engine.field_types.long_text import LongText
from waypost.engine.field_types.number import Number
from waypost.engine.field_types.phone import Phone
from waypost.engine.field_types.radio import Radio
from waypost.engine.field_types.routing import Routing
from waypost.engine.field_types.short_text import ShortText

AnyField: TypeAlias = (
    ShortText
    | LongText
    | Email
    | Phone
    | Number
    | Radio
    | DropdownOne
    | DropdownMany
    | Checklist
    | Date
    | Instruction
    | Routing
)
ALL: tuple[type[Field], ...] = (
    ShortText,
    LongText,
    Email,
    Phone,
    Number,
    Radio,
    DropdownOne,
    DropdownMany,
    Checklist,
    Date,
    Instruction,
    Routing,
)
