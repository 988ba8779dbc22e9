"""Settings of steps and fields as a form shows them: one template a kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from waypost.engine.definition import Workflow
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.routing import Button
from waypost.engine.json_value import text_of
from waypost.engine.setting import Setting
from waypost.engine.sources import ACTION_LABELS
from waypost.engine.step import Variable
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.http_request import Header, RetryPolicy
from waypost.integrations.credentials import CredentialSummary
from waypost.web.editor.rules import Option


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of headers, variables or buttons; blank ones wait below for more."""

    name: str = ""
    value: str = ""
    default: str = ""
    options: tuple[Option, ...] = ()
    targets: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """One setting with what stands in it. `id` is the anchor that findings link to."""

    setting: Setting
    id: str
    template: str
    value: str
    is_on: bool = False
    options: tuple[Option, ...] = ()
    rows: tuple[TableRow, ...] = ()
    blank: TableRow = TableRow()
    retry: RetryPolicy | None = None
    retry_statuses: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """What a setting may choose from."""

    workflow: Workflow
    credentials: Sequence[CredentialSummary] = ()


def shown_settings(part: AnyStep | AnyField, prefix: str, room: Room) -> tuple[ShownSetting, ...]:
    """Every setting of a step or field."""
    return tuple(_shown(one, getattr(part, one.attribute), prefix, room) for one in part.settings)


def _shown(setting: Setting, value: object, prefix: str, room: Room) -> ShownSetting:
    retry = value if isinstance(value, RetryPolicy) else None
    rows = value if isinstance(value, tuple) else ()
    is_blank_needed = setting.kind in ("headers", "variables", "buttons")
    return ShownSetting(
        setting,
        f"{prefix}-{setting.attribute}",
        f"editor/settings/{setting.kind}.html",
        _text(value),
        is_on=value is True,
        options=_options(setting, _text(value), room),
        rows=tuple(_row(one, room) for one in rows) if is_blank_needed else (),
        blank=_row(_BLANK_BUTTON, room) if setting.kind == "buttons" else TableRow(),
        retry=retry,
        retry_statuses=", ".join(str(status) for status in retry.statuses) if retry else "",
    )


_BLANK_BUTTON = Button(label="", action="complete")


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(one for one in value if isinstance(one, str))
    return text_of(value) if isinstance(value, str | int | float) else ""


def _options(setting: Setting, value: str, room: Room) -> tuple[Option, ...]:
    if setting.kind == "credential":
        return _credentials(value, room.credentials)
    known = [Option(one, label, one == value) for one, label in setting.choices]
    if setting.choices and value not in dict(setting.choices):
        known.append(Option(value, value, is_chosen=True))
    return tuple(known)


def _credentials(chosen: str, stored: Sequence[CredentialSummary]) -> tuple[Option, ...]:
    names = [one.name for one in stored if one.is_active]
    strange = [chosen] if chosen and chosen not in names else []
    return (
        Option("", "None", not chosen),
        *(Option(name, name, name == chosen) for name in names),
        *(Option(name, f"{name} (not stored here)", is_chosen=True) for name in strange),
    )


def _row(row: object, room: Room) -> TableRow:
    if isinstance(row, Header):
        return TableRow(row.name, row.value)
    if isinstance(row, Variable):
        return TableRow(row.name, row.path, row.default)
    if isinstance(row, Button):
        return _button(row, room.workflow)
    return TableRow()


def _button(button: Button, workflow: Workflow) -> TableRow:
    numbers = workflow.number_by_key
    targets = [
        Option(step.key, f"{numbers[step.key]}. {step.name}", step.key == button.target)
        for step in workflow.steps
    ]
    if button.target and button.target not in workflow.step_by_key:
        targets.append(Option(button.target, f"{button.target} (deleted)", is_chosen=True))
    actions = tuple(Option(value, label, value == button.action) for value, label in ACTION_LABELS)
    return TableRow(button.label, options=actions, targets=tuple(targets))
