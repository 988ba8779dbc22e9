"""Writing YAML in one canonical way: the same value gives the same bytes, and reads back the same.

Texts of several lines become blocks; a text that any reader of YAML could take for something else
is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import yaml

from waypost.workflows.canonical import Plain

if TYPE_CHECKING:
    from _typeshed import SupportsItems

#: Keys whose items are short records, each written on one line.
_ONE_LINE = frozenset({"rules", "buttons", "headers", "variables", "moves"})
_PLAIN = re.compile(r"[A-Za-z_/$][A-Za-z0-9_ ./$+()-]*")
#: What YAML 1.1 or 1.2 reads as something else than a text.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_ENDLESS = 2**30


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Items of a list stand further in than its key."""
        super().increase_indent(flow, False)

    def represent_text(self, text: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))

    def represent_mapping(
        self,
        tag: str,
        mapping: SupportsItems[str, object] | Iterable[tuple[str, object]],
        flow_style: bool | None = None,
    ) -> yaml.MappingNode:
        node = super().represent_mapping(tag, mapping, flow_style=False)
        for key, value in node.value:
            if key.value in _ONE_LINE and isinstance(value, yaml.SequenceNode):
                _put_items_on_one_line(value)
        return node


_Dumper.add_representer(str, _Dumper.represent_text)


def write_yaml(value: Mapping[str, Plain]) -> str:
    """The value as block YAML; keys keep their order."""
    return yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=_ENDLESS,
        default_flow_style=False,
    )


def _put_items_on_one_line(items: yaml.SequenceNode) -> None:
    for item in items.value:
        if isinstance(item, yaml.MappingNode) and not any(
            isinstance(value, yaml.ScalarNode) and value.style == "|" for _, value in item.value
        ):
            item.flow_style = True


def _style(text: str) -> str | None:
    """How to write a text: as it is, as a block, or in quotes."""
    is_printable = all(letter.isprintable() or letter in "\n\t" for letter in text)
    if "\n" in text:
        return "|" if is_printable and _may_be_block(text) else '"'
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and not text.endswith(" "):
        return None
    return "'" if is_printable and "\t" not in text and _holds_quotes(text) else '"'


def _may_be_block(text: str) -> bool:
    """A block begins with a letter and ends with one line break or none; otherwise readers differ.

    A line of spaces, or with spaces at its end, would be lost on people's editors.
    """
    lines = text.split("\n")
    is_tidy = not any(line.endswith((" ", "\t")) for line in lines)
    return is_tidy and not text.startswith((" ", "\t", "\n")) and not text.endswith("\n\n")


def _holds_quotes(text: str) -> bool:
    return '"' in text or "\\" in text
