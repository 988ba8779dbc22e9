"""Every step type, one file each. A new type is a file and its line here."""

from __future__ import annotations

from typing import TypeAlias

from waypost.engine.step import Step
from waypost.engine.step_types.form import Form
from waypost.engine.step_types.group import Group
from waypost.engine.step_types.http_request import HttpRequest
from waypost.engine.step_types.instruction import Instruction
from waypost.engine.step_types.parallel import Parallel

AnyStep: TypeAlias = Form | Instruction | Group | Parallel | HttpRequest
ALL: tuple[type[Step], ...] = (Form, Instruction, Group, Parallel, HttpRequest)
