"""Every step type, one file each. A new type is a file and its line here."""

from __future__ import annotations

from typing import TypeAlias

from waypost.engine.step import Step
from waypost.engine.step_types.form import Form
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.step_types.instruction import Instruction

AnyStep: TypeAlias = Form | Instruction | HttpRequest
ALL: tuple[type[Step], ...] = (Form, Instruction, HttpRequest)
