"""Settings as a form posts them, read by their kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec
from django.http import QueryDict

from waypost.engine.errors import Refusal
from waypost.engine.field_types import AnyField
from waypost.engine.json_value import JSON
from waypost.engine.setting import Setting
from waypost.engine.step_types import AnyStep
from waypost.web.editor.asked import Asked

_Part = TypeVar("_Part", bound=AnyStep | AnyField)
#: Stands for a number that cannot be read.
_NO_NUMBER = object()


def with_settings(part: _Part, asked: Asked) -> _Part | Refusal:
    """The step or field with what was entered for its settings, as far as the form showed them."""
    shown = asked.post.get("drawn", "").split()
    changed: dict[str, JSON] = msgspec.to_builtins(part)
    for setting in part.settings:
        if setting.attribute in shown:
            value = _READERS.get(setting.kind, _text)(setting, asked.post)
            if value is _NO_NUMBER:
                return Refusal("no_number", f"{setting.label}: enter a number.")
            _put(changed, setting.attribute, value)
    try:
        return msgspec.convert(changed, type(part))
    except msgspec.ValidationError as error:
        return Refusal("invalid_setting", f"This cannot be kept: {error}. Correct it.")


def _put(part: dict[str, JSON], attribute: str, value: object) -> None:
    """None stands for the attribute's default."""
    if value is None:
        part.pop(attribute, None)
    else:
        part[attribute] = value  # type: ignore[assignment]


def _text(setting: Setting, post: QueryDict) -> object:
    return post.get(setting.attribute, "").replace("\r\n", "\n").replace("\r", "\n")


def _line(setting: Setting, post: QueryDict) -> object:
    return post.get(setting.attribute, "").strip()


def _switch(setting: Setting, post: QueryDict) -> object:
    return setting.attribute in post


def _number(setting: Setting, post: QueryDict) -> object:
    text = post.get(setting.attribute, "").strip()
    return _as_number(text) if text else None


def _as_number(text: str) -> object:
    try:
        number = float(text)
    except ValueError:
        return _NO_NUMBER
    if number != number or number in (float("inf"), float("-inf")):
        return _NO_NUMBER
    return int(number) if number.is_integer() else number


def _items(setting: Setting, post: QueryDict) -> object:
    lines = post.get(setting.attribute, "").splitlines()
    return [line.strip() for line in lines if line.strip()]


def _headers(setting: Setting, post: QueryDict) -> object:
    # A value without a name is nothing yet. Kept as one goes, it might be a secret that no name
    # has told apart.
    return [row for row in _rows(setting, post, ("name", "value")) if row["name"]]


def _variables(setting: Setting, post: QueryDict) -> object:
    return _rows(setting, post, ("name", "path", "default"))


def _buttons(setting: Setting, post: QueryDict) -> object:
    rows = _rows(setting, post, ("label", "action", "target"))
    return [
        row if row["action"] in ("return", "skip_forward") else row | {"target": ""}
        for row in rows
        if row["label"]
    ]


def _retry(setting: Setting, post: QueryDict) -> object:
    times, delay = (
        post.get(f"{setting.attribute}.{name}", "").strip() for name in ("times", "delay_seconds")
    )
    written = post.get(f"{setting.attribute}.statuses", "").replace(",", " ").split()
    statuses = [_as_number(status) for status in written]
    numbers = [_as_number(times or "0"), _as_number(delay or "0"), *statuses]
    if _NO_NUMBER in numbers:
        return _NO_NUMBER
    return {"times": numbers[0], "delay_seconds": numbers[1], "statuses": statuses}


def _rows(setting: Setting, post: QueryDict, names: Iterable[str]) -> list[dict[str, str]]:
    """The rows of a table; those without their first cell, the blank ones below, are left out."""
    names = tuple(names)
    columns = [post.getlist(f"{setting.attribute}.{name}") for name in names]
    rows = [
        {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
        for cells in zip(*columns, strict=False)
    ]
    return [row for row in rows if row[names[0]] or row[names[1]]]


_READERS: dict[str, Callable[[Setting, QueryDict], object]] = {
    "line": _line,
    "reference_line": _line,
    "url": _line,
    "choice": _line,
    "credential": _line,
    "number": _number,
    "switch": _switch,
    "items": _items,
    "headers": _headers,
    "variables": _variables,
    "retry": _retry,
    "buttons": _buttons,
}
